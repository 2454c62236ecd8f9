"""the filters of an answer: subjects and slots, each with how many topics it leaves to be searched"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import streamlit as st

from assistant.contents import Contents
from assistant.ui.frame import go, here, label_text
from assistant.ui.state import Place

MOST_PILLS: Final = 6
"""Subjects that fit side by side; more of them are a list to choose from."""


def show_filters(contents: Contents, place: Place) -> None:
    """Show what the answer can be narrowed to; a choice becomes part of the address."""
    if len(contents.subjects) < 2 and not contents.slots:
        return
    st.session_state["subject"] = place.subject if place.subject in contents.subjects else None
    st.session_state["slot"] = place.slot
    with st.container(horizontal=True, key="filters", vertical_alignment="center"):
        st.html('<p class="ta-note">Search only</p>', width="content")  # the counts are those of the library
        if len(contents.subjects) > 1:
            _subject_filter(contents.subjects)
        if contents.slots:
            st.pills(
                "Slot",
                list(contents.slots),
                key="slot",
                format_func=lambda slot: f"{slot} {contents.slots[slot]:,}",
                label_visibility="collapsed",
                on_change=_narrow,
            )


def _subject_filter(subjects: dict[str, int]) -> None:
    def shown(subject: str) -> str:
        return f"{label_text(subject)} {subjects[subject]:,}"

    if len(subjects) <= MOST_PILLS:
        st.pills(
            "Subject", list(subjects), key="subject", format_func=shown, label_visibility="collapsed", on_change=_narrow
        )
    else:
        st.selectbox(
            "Subject",
            sorted(subjects),
            key="subject",
            index=None,
            placeholder=f"All {len(subjects):,} subjects",
            format_func=lambda subject: f"{subject} ({subjects[subject]:,})",
            label_visibility="collapsed",
            on_change=_narrow,
        )


def _narrow() -> None:
    subject, slot = st.session_state.get("subject"), st.session_state.get("slot")
    go(replace(here(), subject=subject or "", slot=slot))
