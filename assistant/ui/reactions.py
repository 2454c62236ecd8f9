"""what a person does with an answer: mark it, undo that, save the question, take it elsewhere"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from assistant.export import Row, to_csv, to_flash_cards, to_markdown
from assistant.service import service
from assistant.ui.said import Said
from index.text import title_key


def read_said(question: str) -> Said:
    """Return what was said about the answer to a question."""
    journal = service.journal()
    is_saved = title_key(question) in map(title_key, journal.saved)
    return Said({mark.topic_id: mark.useful for mark in journal.marks(question)}, is_saved)


def react(act: str, question: str, topic: str) -> None:
    """Do what a button of `said` is for."""
    match act:
        case "useful" | "useless":
            service.mark(question, topic, useful=act == "useful")
        case "undo":
            service.take_back(question, topic)
        case "save":
            service.journal().save(question)
        case "unsave":
            service.journal().unsave(question)


def show_export(rows: Callable[[], list[Row]], name: str, markdown: Callable[[], str] | None = None) -> None:
    """Show what topics can be taken elsewhere as; they are gathered, and the file made, when it is asked for."""
    with st.popover("Export", type="tertiary", key="export", on_change="rerun") as popover:
        if popover.open:  # otherwise three buttons, which nobody sees, would be part of every answer
            _download("Markdown", f"{name}.md", "text/markdown", markdown or (lambda: to_markdown(rows())))
            _download("CSV", f"{name}.csv", "text/csv", lambda: to_csv(rows()))
            _download("Flash cards for Anki", f"{name}.txt", "text/plain", lambda: to_flash_cards(rows()))


def _download(label: str, file: str, mime: str, make: Callable[[], str]) -> None:
    st.download_button(label, make, file, mime, key=f"export-{file}", on_click="ignore", type="tertiary")
