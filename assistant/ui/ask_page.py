"""the page on which a question is asked and answered"""

from __future__ import annotations

from typing import Final

import streamlit as st

from assistant.ask import ask
from assistant.suggest import example_questions
from assistant.ui.cards import STYLE, answer_html, message_html
from assistant.ui.engine import engine
from index.errors import TopicsError
from index.library import Library

BOX: Final = "question"
EXAMPLES: Final = 4


def show_ask_page() -> None:
    """Show the question box and, for the question in the address (`?q=`), the answer."""
    st.html(STYLE)
    st.title("Topic Assistant")
    question = st.query_params.get("q", "").strip()
    if st.session_state.get("shown") != question:  # a link, or Back and Forward: the box follows the address
        st.session_state.shown = st.session_state[BOX] = question
    st.text_input(
        "Ask your notes",
        key=BOX,
        placeholder="How do I …?  What is …?  Has anybody …?",
        on_change=_ask_what_is_in_the_box,
    )
    try:
        with st.spinner("Opening your library …", show_time=True):
            library = engine.library()
        if question:
            _show_answer(library, question)
        else:
            _show_start(library)
        _show_footer(library)
    except TopicsError as error:
        st.html(message_html(str(error)))


def _show_answer(library: Library, question: str) -> None:
    answer = ask(library, question)
    st.html(answer_html(answer))
    if answer.related:
        titles = [related.topic for related in answer.related]
        _question_buttons("Related topics", titles, key="related")


def _show_start(library: Library) -> None:
    questions = example_questions(library, EXAMPLES)
    if questions:
        _question_buttons("For example", questions, key="example")
    else:
        st.html(message_html("This library holds no topics yet. Add a folder of notes: topics add FOLDER"))


def _question_buttons(heading: str, questions: list[str], *, key: str) -> None:
    st.caption(heading)
    with st.container(horizontal=True, key=f"{key}-questions"):
        for number, question in enumerate(questions):
            st.button(label_text(question), key=f"{key}-{number}", on_click=_ask_this, args=(question,))


def _show_footer(library: Library) -> None:
    subjects = library.subjects()
    topics = sum(subjects.values())
    st.caption(f"{topics:,} topics in {len(subjects):,} subjects. Nothing you ask or keep leaves this machine.")


def _ask_what_is_in_the_box() -> None:
    _ask_this(st.session_state[BOX])


def _ask_this(question: str) -> None:
    st.session_state.shown = st.session_state[BOX] = question
    if question.strip():
        st.query_params["q"] = question
    else:
        st.query_params.clear()


def label_text(text: str) -> str:
    """Return a text that Streamlit's Markdown labels show as it is."""
    return "".join(f"\\{character}" if character in r"\`*_{}[]()<>#+-.!|~:$&" else character for character in text)
