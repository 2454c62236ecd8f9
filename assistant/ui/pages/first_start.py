"""what every page shows while a library is read for the first time: how far that is, and what is found by words"""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from assistant.amounts import duration_words
from assistant.answer import Answer
from assistant.answering import ask_by_words
from assistant.operations import FirstStart, JobProgress
from assistant.place import Place
from assistant.service import service
from assistant.ui.asking import LIMIT
from assistant.ui.frame import label_text
from assistant.ui.views.answer import by_words_html
from assistant.ui.views.dates_and_numbers import counted, number
from assistant.ui.views.library import progress_words
from assistant.ui.views.messages import message_html, problem_html
from assistant.ui.views.rendering import render
from index.errors import TopicsError

FIRST_START_LOOK_SECONDS: Final = 0.5
"""How often the page looks how far it is."""


def is_shown_as_first_start(place: Place) -> bool:
    """Show how the first start gets on, with what is found by words, where nothing can be asked yet; say whether.

    A library that was read before is waited for.
    """
    if first := service.waiting():
        st.fragment(partial(_show_waiting, first, place), run_every=FIRST_START_LOOK_SECONDS)()
        return True
    wait_for_library()
    return False


def wait_for_library() -> None:
    """Say that the library is being opened, until it is."""
    if not service.is_ready:
        with st.spinner("Opening your library …", show_time=True):
            service.library()


def show_rest_of_first_start(answer: Answer | None) -> None:
    """Show how the rest of the first start gets on, where some notes can be asked by now."""
    if service.first_start:
        is_open = answer is not None and not answer.answered
        st.fragment(partial(_show_rest, service.revision if is_open else None), run_every=FIRST_START_LOOK_SECONDS)()


def found_by_words(place: Place) -> Answer | None:
    """Return what the words of a question find among notes that are read for the first time; None where nothing."""
    first = service.first_start
    if not (first and place.question):
        return None
    answer = _answer_by_words(first, place)
    return answer if answer.hits else None


def first_start_words(first: FirstStart, progress: JobProgress | None) -> str:
    """Return what is being done, how far that is, and how long all of it takes."""
    doing = progress_words(progress) if progress else "Beginning …"
    return f"{doing.partition(' · ')[0]} · all is read in {duration_words(first.remaining(progress))}"


def words_words(first: FirstStart) -> str:
    """Return how much can be found by words."""
    words = first.words
    if words.is_whole and words.read == words.files:
        return f"{counted(words.files, 'file')} can be searched by words."
    return f"{number(words.read)} of {counted(words.files, 'file')} can be searched by words." if words.files else ""


def _show_waiting(first: FirstStart, place: Place) -> None:
    if service.is_ready:
        st.rerun()  # over to full answers
    if problem := service.problem:
        st.html(message_html(problem))
    else:
        progress = service.jobs.progress
        st.progress(first.share(progress), text=label_text(first_start_words(first, progress)))
    notice = "Your notes are read for the first time. Questions are answered by words until that is done, then in full."
    st.html(render("note", sentence=f"{notice} {words_words(first)}"))
    if place.question:
        try:
            st.html(by_words_html(_answer_by_words(first, place), place))
        except TopicsError as error:
            # a subject that is not there may be in what is still to be read
            st.html(problem_html(str(error), place) if first.words.is_whole else "")


def _show_rest(revision: int | None) -> None:
    first, progress = service.first_start, service.jobs.progress
    if not (first and progress) or (revision is not None and revision != service.revision):
        st.rerun()
    more = "What is not read yet is not found."
    st.progress(first.share(progress), text=label_text(f"{first_start_words(first, progress)}. {more}"))


def _answer_by_words(first: FirstStart, place: Place) -> Answer:
    return ask_by_words(first.words, place.question, limit=LIMIT, subject=place.subject or None, slot=place.slot)
