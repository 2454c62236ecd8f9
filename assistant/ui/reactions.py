"""what a person does with an answer: mark it, undo that, save the question, take it elsewhere"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import streamlit as st

from assistant.discovery import read_topic
from assistant.export import Row, to_csv, to_flash_cards, to_markdown
from assistant.feedback import Feedback
from assistant.preferences import Opener, change_preferences, read_preferences
from assistant.server import roots
from assistant.service import service
from assistant.ui.changes import removing
from assistant.ui.openers import note_file, open_here
from assistant.ui.views.feedback import GivenFeedback
from index.sources import BUILTIN
from index.text import title_key

REMOVING_SECONDS: Final = 3.0
"""How long the page waits for the samples to go: beyond, they go behind its back."""

REACTING: Final = "reacting"
"""Where the lock is kept that a reaction holds."""

DRAFT: Final = "draft"
"""Where the file of the draft is kept that was written last; no topic has this id."""


def read_feedback(question: str) -> GivenFeedback:
    """Return what a person said about the answer to a question so far, with what they are saying at this moment."""
    with _reacting():
        journal = service.journal()
        is_saved = title_key(question) in map(title_key, journal.saved)
        return GivenFeedback({mark.topic_id: mark.feedback for mark in journal.marks(question)}, is_saved)


def react(act: str, question: str, topic: str) -> None:
    """Do what a button of `said`, or of a topic, is for."""
    with _reacting():
        _react(act, question, topic)


def _reacting() -> threading.Lock:
    """Return the lock that a person's reactions hold: Streamlit draws the page anew while one is still on its way."""
    lock: threading.Lock = st.session_state.setdefault(REACTING, threading.Lock())
    return lock


def _react(act: str, question: str, topic: str) -> None:
    match act.split():
        case [Feedback.USEFUL | Feedback.WRONG as feedback]:
            service.mark(question, topic, Feedback(feedback))
        case ["undo"]:
            service.take_back(question, topic)
        case ["save"]:
            service.journal().save(question)
        case ["unsave"]:
            service.journal().unsave(question)
        case ["remove", "samples"]:
            _remove_samples()
        case ["favour" | "unfavour"]:
            change_preferences(
                service.library(), lambda preferences: preferences.with_favourite(topic, is_one=act == "favour")
            )
        case ["open", ("obsidian" | "vscode" | "system" | "folder") as opener]:
            _open(opener, topic)


def _remove_samples() -> None:
    """Take the bundled topics out; that takes a moment, which is waited for."""
    service.jobs.start(removing(BUILTIN))
    deadline = time.monotonic() + REMOVING_SECONDS
    while service.jobs.is_busy and time.monotonic() < deadline:
        time.sleep(0.05)


def _open(opener: Opener, topic: str) -> None:
    """Remember what opens notes; open one where that is for this machine to do, and for whom sits at it.

    `topic` is the id of one, or says that the draft is meant that was just written.
    """
    library = service.library()
    if read_preferences(library).opener != opener:
        change_preferences(library, lambda preferences: replace(preferences, opener=opener))
    listed = service.contents().get(topic)
    stored = read_topic(service.library(), listed) if listed and roots.names is None else None
    file = note_file(stored.source, stored.path) if stored else None
    if topic == DRAFT and roots.names is None:
        file = st.session_state.get(DRAFT)
    if file and opener in {"system", "folder"}:
        open_here(opener, file)


def show_export(rows: Callable[[], list[Row]], name: str, markdown: Callable[[], str] | None = None) -> None:
    """Show what topics can be taken elsewhere as; they are gathered, and the file made, when it is asked for."""
    with st.popover("Export", type="tertiary", key="export", on_change="rerun") as popover:
        if popover.open:  # otherwise three buttons, which nobody sees, would be part of every answer
            _download("Markdown", f"{name}.md", "text/markdown", markdown or (lambda: to_markdown(rows())))
            _download("CSV", f"{name}.csv", "text/csv", lambda: to_csv(rows()))
            _download("Flash cards for Anki", f"{name}.txt", "text/plain", lambda: to_flash_cards(rows()))


def _download(label: str, file: str, mime: str, make: Callable[[], str]) -> None:
    st.download_button(label, make, file, mime, key=f"export-{file}", on_click="ignore", type="tertiary")
