"""what was asked and what the notes lack, on the page of the library"""

from __future__ import annotations

from typing import Final

import streamlit as st

from assistant.feedback import Gap
from assistant.place import Place
from assistant.service import service
from assistant.ui.cards import Link, chips_html
from assistant.ui.frame import attempt, label_text
from assistant.ui.rendering import render

RECENT: Final = 30


def show_gaps() -> None:
    """Show the questions that the notes leave unanswered, with stubs to fill in."""
    st.header("Gaps", anchor=False)
    gaps = service.gaps()
    if not gaps:
        st.html(render("note", sentence="Every question so far found an answer."))
        return
    for gap in gaps:
        with st.expander(label_text(_gap_words(gap))):
            st.code(gap.stub, language=None, wrap_lines=True)
    stubs = "\n".join(gap.stub for gap in gaps)
    st.download_button("Download all as topics to fill in", stubs, "gaps.md", "text/markdown", on_click="ignore")


def show_journal() -> None:
    """Show what was asked, and let it be turned off and erased."""
    journal = service.journal()
    st.header("Journal", anchor=False)
    st.toggle("Keep what is asked, on this machine only", journal.is_on, key="journal-on", on_change=_turn)
    recent = journal.recent(RECENT)
    if not recent:
        return
    st.html(chips_html("Asked before", (Link(one.question, Place(one.question)) for one in recent), page="./"))
    with st.popover("Erase the journal", type="tertiary", key="erasing"):
        st.markdown("Everything that was asked, marked, saved and learned is erased from the disk. The notes stay.")
        st.button("Erase it", key="erase", on_click=attempt, args=(service.erase,))


def _turn() -> None:
    service.journal().turn(on=st.session_state["journal-on"])


def _gap_words(gap: Gap) -> str:
    times = "once" if gap.count == 1 else f"{gap.count} times"
    return f"{gap.questions[0]} (asked {times})"
