"""an answer in words on the page: the button, the sentences as they pass, what was withheld"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import streamlit as st
from markupsafe import Markup

from assistant.answer import Answer
from assistant.answering import InWords
from assistant.service import AskRequest, service
from assistant.ui.views.rendering import render
from index.errors import TopicsError

PAGE_LOOK_SECONDS: Final = 0.15
"""How often the page looks whether another sentence has passed, and whether Stop was pressed."""
KEPT: Final = "in words"
"""Where a session has what was written for the question that it shows: nowhere else, and only until the next one."""


@dataclass
class _Writing:
    """An answer that is being written in a thread of its own."""

    request: AskRequest
    cancelled: threading.Event = field(default_factory=threading.Event)
    state: InWords = field(default_factory=InWords)

    def run(self) -> None:
        """Write it to its end."""
        try:
            for state in service.write(self.request, self.cancelled):
                self.state = state
        except TopicsError as error:
            self.state = InWords(problem=str(error), is_done=True)


def may_be_put_in_words(answer: Answer) -> bool:
    """Say whether there is a passage to put in words, and a model server that was named for it."""
    return bool(service.writer) and answer.answered and answer.kind == "passage"


def show_in_words(answer: Answer, request: AskRequest) -> None:
    """Show the button that has an answer put in words, where that may be, and what was written."""
    if service.writer and may_be_put_in_words(answer):
        _show_answer_in_words(answer, request, service.writer.server.name)


@st.fragment
def _show_answer_in_words(answer: Answer, request: AskRequest, writer: str) -> None:
    answers: dict[AskRequest, InWords] = st.session_state.setdefault(KEPT, {})
    place, button = st.empty(), st.empty()
    if button.button("In words", key="in-words", type="tertiary", help=f"By {writer}; each sentence is checked"):
        answers.clear()
        with _writing(request) as writing:
            button.button("Stop", key="stop-words", type="tertiary")
            while not writing.state.is_done:
                answers[request] = writing.state
                place.html(in_words_html(writing.state, answer))
                time.sleep(PAGE_LOOK_SECONDS)
        answers[request] = writing.state
        button.empty()
    if request in answers:
        place.html(in_words_html(answers[request], answer))


@contextmanager
def _writing(request: AskRequest) -> Iterator[_Writing]:
    """Write in a thread of its own; it is cancelled when the page goes on to something else."""
    writing = _Writing(request)
    threading.Thread(target=writing.run, daemon=True).start()
    try:
        yield writing
    finally:
        writing.cancelled.set()


def in_words_html(state: InWords, answer: Answer) -> Markup:
    """Return an answer in words as far as it has come; its citations lead to the cards below."""
    cards = {card.id: number for number, card in enumerate(answer.hits, start=1)}
    numbers: Mapping[int, int] = {source.number: cards.get(source.id, 1) for source in state.sources}
    titles = {source.number: f"{source.topic}, {source.location}" for source in state.sources}
    return render("in_words", state=state, cards=numbers, titles=titles)
