"""the page Ask: the question box and the answer"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Final

import streamlit as st

from assistant.answer import Answer, without_answer
from assistant.discovery import (
    OFFERED,
    Contents,
    Facet,
    Narrowing,
    example_questions,
    offered_facets,
    only_greets,
)
from assistant.export import answer_markdown, answer_rows
from assistant.place import Place
from assistant.service import service
from assistant.ui.asking import next_best, next_place, request_of
from assistant.ui.frame import ASKED, BEFORE, BOX, BY_HAND, begin, end, go, here
from assistant.ui.pages.first_start import found_by_words, is_shown_as_first_start, show_rest_of_first_start
from assistant.ui.pages.in_words import may_be_put_in_words, show_in_words
from assistant.ui.pages.topic import beside, show_topic
from assistant.ui.reactions import read_feedback, show_export
from assistant.ui.views.answer import answer_html, by_words_html, cards_html, spoken
from assistant.ui.views.contents import size_of
from assistant.ui.views.dates_and_numbers import number
from assistant.ui.views.feedback import feedback_words, reactions_html
from assistant.ui.views.filters import MAX_SUBJECTS, filters_html
from assistant.ui.views.messages import NO_TOPICS_MESSAGE, Link, chips_html, greeting_html, problem_html
from assistant.ui.views.rendering import joined, render
from assistant.ui.views.topic import related_chips
from assistant.ui.views.welcome import welcome_html
from index.errors import TopicsError
from index.records import NoteFilter

EXAMPLES: Final = 6
RECENT: Final = 8


def show_ask_page() -> None:
    """Show the question box and, for the question in the address (`?q=`), the answer."""
    place = here()
    _ask_ahead(place)
    begin(place.question)
    if not place.question and not place.topic:
        st.title("Ask your notes", anchor=False)
    _show_box(place)
    say, answer = "", None
    st.session_state[BEFORE] = ""
    try:
        if is_shown_as_first_start(place):
            end("ask")
            return
        if place.topic:
            show_topic(place)
            st.session_state[BEFORE] = _title_of(place.topic)
        elif place.question and service.contents().topics:
            answer = service.answer(request_of(place))
            st.session_state[BEFORE] = answer.full_question
            show_rest_of_first_start(answer)
            say = _show_answer(answer, place)
        else:
            _show_start()
    except TopicsError as error:
        st.html(problem_html(str(error), place))
    end("ask", say=say)
    if (
        answer and not only_greets(answer) and (answer.answered or not service.first_start)
    ):  # an unfinished answer is asked again by itself
        _keep_in_journal(answer)  # after it is sent


def _ask_ahead(place: Place) -> None:
    """Compute the answer before anything is shown, so that the browser gets and draws the page at once."""
    if place.question and service.is_ready:
        with suppress(TopicsError):  # asked again below, where the error is shown
            service.answer(request_of(place))


def _show_box(place: Place) -> None:
    # after a link, Back or Forward the box follows the address, as Streamlit forgets it on other pages
    if st.session_state.get("shown") != place.question or BOX not in st.session_state:
        st.session_state.shown = st.session_state[BOX] = place.question
    st.text_input(
        "Ask your notes",
        key=BOX,
        type="search",
        placeholder="How do I …?  What is …?  Has anybody …?",
        label_visibility="collapsed",
        on_change=_ask_what_is_in_the_box,
    )


def _show_answer(answer: Answer, place: Place) -> str:
    """Show an answer and return what a screen reader is told; few elements of HTML, as each costs the browser time."""
    if only_greets(answer):
        st.html(greeting_html(example_questions(service.library(), OFFERED)))
        return spoken(answer)
    if not answer.answered and (by_words := found_by_words(place)):
        st.html(by_words_html(by_words, place))
        return ""
    feedback, contents = read_feedback(answer.full_question), service.contents()
    narrowed = service.library().narrowed(place.question)
    is_rejected = answer.answered and feedback.rejects(answer)
    is_next_best = False
    if is_rejected:
        following = service.answer(next_best(request_of(place), feedback.wrong_topics))
        is_next_best = following.answered and following.kind == "passage"
        answer = following if is_next_best else without_answer(answer)
        is_rejected = not is_next_best
    first = (
        answer_html(answer, place, is_rejected=is_rejected, is_next_best=is_next_best),
        reactions_html(answer, feedback, is_next_best=is_next_best),
    )
    below = (
        filters_html(contents, answer.hits, place, _facets(answer, contents, narrowed.notes), narrowed.from_question),
        cards_html(answer, place, feedback, is_next_best=is_next_best),
        related_chips(beside(answer.hits[:1], answer.related, place)),
    )
    if may_be_put_in_words(answer) and not is_next_best:  # right below the answer, where it is visible
        st.html(joined(first))
        show_in_words(answer, request_of(place))
        st.html(joined(below))
    else:
        st.html(joined((*first, *below)))
    if len(contents.subjects) > MAX_SUBJECTS and contents.grouping.by == "subject":
        _show_all_subjects(contents.subjects, contents.called(place.subject))
    show_export(lambda: answer_rows(answer), "answer", lambda: answer_markdown(answer))
    return " ".join(filter(None, (feedback_words(feedback), spoken(answer))))


def _facets(answer: Answer, contents: Contents, from_question: NoteFilter) -> list[Facet]:
    within = Narrowing(request_of(here()).notes, from_question)
    listed = (contents.get(card.id) for card in answer.hits)
    topics = [topic for topic in listed if topic]
    return offered_facets(service.library().note_index(), contents, topics, date.today(), within)


def _show_all_subjects(subjects: dict[str, int], chosen: str) -> None:
    with st.popover(
        f"All {number(len(subjects))} subjects", type="tertiary", key="subjects", on_change="rerun"
    ) as popover:
        if popover.open:
            st.session_state["subject"] = chosen if chosen in subjects else None
            st.selectbox(
                "Search only",
                sorted(subjects, key=str.casefold),
                key="subject",
                format_func=lambda subject: f"{subject} ({number(subjects[subject])})",
                on_change=lambda: go(replace(here(), subject=st.session_state["subject"] or "")),
            )


def _show_start() -> None:
    st.session_state.recorded = None
    journal = service.journal()
    lists = {
        "For example": example_questions(service.library(), EXAMPLES),
        "Saved": journal.saved,
        "Asked before": [question.question for question in journal.recent(RECENT)],
    }
    library = service.library()
    parts = [welcome_html(library.sources(), library.documents())]
    parts += [chips_html(name, (Link(question, Place(question)) for question in lists[name])) for name in lists]
    contents = service.contents()
    if not contents.topics:
        parts.append(NO_TOPICS_MESSAGE)
    size = f"{size_of(contents)}. " if contents.topics else ""
    parts.append(render("note", sentence=f"{size}Nothing you ask or keep leaves this machine."))
    st.html(joined(parts))


def _ask_what_is_in_the_box() -> None:
    question = st.session_state[BOX].strip()
    st.session_state.shown = question
    go(next_place(here(), question, st.session_state.get(BEFORE, "")))


def _title_of(topic: str) -> str:
    listed = service.contents().get(topic)
    return listed.topic if listed else ""


def _keep_in_journal(answer: Answer) -> None:
    """Record a question in the journal, once for each time it is asked."""
    st.session_state[ASKED] = answer.full_question
    if st.session_state.get("recorded") != answer.full_question:
        st.session_state.recorded = answer.full_question
        service.journal().record(answer, is_shown_again=st.session_state.get(BY_HAND) != answer.question)
