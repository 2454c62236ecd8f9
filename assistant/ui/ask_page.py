"""the page on which a question is asked and answered"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import streamlit as st

from assistant.answer import Answer
from assistant.suggest import OFFERED, example_questions, only_greets
from assistant.ui.cards import answer_html, cards_html, chips_html, greeting_html, message_html, problem_html, spoken
from assistant.ui.engine import engine
from assistant.ui.filters import show_filters
from assistant.ui.frame import ASKED, BOX, begin, end, go, here
from assistant.ui.reactions import show_reactions
from assistant.ui.state import Place
from assistant.ui.topic_page import beside, show_topic
from assistant.ui.topic_view import related_chips
from index.errors import TopicsError

EXAMPLES: Final = 6
RECENT: Final = 8


def show_ask_page() -> None:
    """Show the question box and, for the question in the address (`?q=`), the answer."""
    place = begin(here().question)
    if not place.question and not place.topic:
        st.title("Ask your notes", anchor=False)
    if st.session_state.get("shown") != place.question:  # a link, or Back and Forward: the box follows the address
        st.session_state.shown = st.session_state[BOX] = place.question
    st.text_input(
        "Ask your notes",
        key=BOX,
        type="search",
        placeholder="How do I …?  What is …?  Has anybody …?",
        label_visibility="collapsed",
        on_change=_ask_what_is_in_the_box,
    )
    say = ""
    try:
        with st.spinner("Opening your library …", show_time=True):
            engine.library()
        if place.topic:
            show_topic(place)
        elif place.question:
            answer = engine.answer(place)
            say = spoken(answer)
            if only_greets(answer):
                st.html(greeting_html(example_questions(engine.library(), OFFERED)))
            else:
                _record(answer)
                _show_answer(answer, place)
        else:
            _show_start()
    except TopicsError as error:
        st.html(problem_html(str(error), place))
    end("ask", say=say)


def _show_answer(answer: Answer, place: Place) -> None:
    st.html(answer_html(answer, place))
    show_reactions(answer)
    show_filters(engine.contents(), place)
    st.html(cards_html(answer, place) + related_chips(beside(answer.related, place)))


def _record(answer: Answer) -> None:
    """Keep a question in the journal, once for each time it is asked."""
    st.session_state[ASKED] = answer.question
    if st.session_state.get("recorded") != answer.question:
        st.session_state.recorded = answer.question
        engine.journal().record(answer)


def _show_start() -> None:
    st.session_state.recorded = None
    journal = engine.journal()
    examples = example_questions(engine.library(), EXAMPLES)
    lists = {
        "For example": examples,
        "Saved": journal.saved,
        "Asked before": [one.question for one in journal.recent(RECENT)],
    }
    st.html("".join(chips_html(name, ((one, Place(one), "") for one in lists[name])) for name in lists))
    if not examples:
        st.html(message_html("This library holds no topics yet. Add a folder of notes on the page Library."))
    subjects = engine.contents().subjects
    count = f"{sum(subjects.values()):,} topics in {len(subjects):,} subjects."
    st.html(f'<p class="ta-note">{count} Nothing you ask or keep leaves this machine.</p>')


def _ask_what_is_in_the_box() -> None:
    question = st.session_state[BOX].strip()
    st.session_state.shown = question
    go(replace(here().closed, question=question) if question else Place())
