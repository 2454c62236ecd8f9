"""what a person does with an answer: mark it, undo that, save the question, take it elsewhere"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from assistant.answer import Answer
from assistant.export import Row, answer_markdown, answer_rows, to_csv, to_flash_cards, to_markdown
from assistant.ui.engine import engine
from assistant.ui.frame import attempt


def show_reactions(answer: Answer) -> None:
    """Show the row of buttons under an answer."""
    journal = engine.journal()
    question, topic = answer.question, answer.hits[0].id if answer.hits else ""
    with st.container(horizontal=True, key="reactions", vertical_alignment="center", gap="medium"):
        mark = next((one.useful for one in journal.marks(question) if one.topic_id == topic), None)
        if mark is None:
            _show_marks(question, topic, answered=answer.answered)
        else:
            said = "Marked as useful" if mark else "Marked as not answered"
            _button(f"{said} · Undo", "undo", lambda: engine.take_back(question, topic))
        if question in journal.saved:
            _button("Saved", "unsave", lambda: journal.unsave(question), icon=":material/bookmark_added:")
        else:
            _button("Save", "save", lambda: journal.save(question), icon=":material/bookmark:")
        show_export(lambda: answer_rows(answer), "answer", lambda: answer_markdown(answer))


def show_export(rows: Callable[[], list[Row]], name: str, markdown: Callable[[], str] | None = None) -> None:
    """Show what topics can be taken elsewhere as; they are gathered, and the file made, when it is asked for."""
    with st.popover("Export", type="tertiary", icon=":material/download:", key="export"):
        _download("Markdown", f"{name}.md", "text/markdown", markdown or (lambda: to_markdown(rows())))
        _download("CSV", f"{name}.csv", "text/csv", lambda: to_csv(rows()))
        _download("Flash cards for Anki", f"{name}.txt", "text/plain", lambda: to_flash_cards(rows()))


def _show_marks(question: str, topic: str, *, answered: bool) -> None:
    if answered:
        _button("Useful", "useful", lambda: engine.mark(question, topic, useful=True), icon=":material/thumb_up:")
        _button(
            "Not useful", "useless", lambda: engine.mark(question, topic, useful=False), icon=":material/thumb_down:"
        )
    else:
        _button("Note this gap", "gap", lambda: engine.mark(question, topic, useful=False), icon=":material/add_notes:")


def _button(label: str, key: str, act: Callable[[], None], icon: str | None = None) -> None:
    st.button(label, key=key, icon=icon, type="tertiary", on_click=attempt, args=(act,))


def _download(label: str, file: str, mime: str, make: Callable[[], str]) -> None:
    st.download_button(label, make, file, mime, key=f"export-{file}", on_click="ignore", type="tertiary")
