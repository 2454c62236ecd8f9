"""the page with the table of contents: subjects, and their topics"""

from __future__ import annotations

from typing import Final

import streamlit as st

from assistant.discovery import Contents, Listed
from assistant.export import topic_rows
from assistant.place import Place
from assistant.service import service
from assistant.ui.cards import message_html
from assistant.ui.contents_view import contents_html
from assistant.ui.first_start_page import is_shown_as_first_start
from assistant.ui.frame import begin, end
from assistant.ui.pages.topic import show_topic
from assistant.ui.reactions import show_export
from index.errors import TopicsError

MAX_LISTED: Final = 500
"""Topics listed at once: more is no table of contents, and takes a browser a second."""

MAX_EXPORTED: Final = 2_000
"""Topics in one file: beyond, what is chosen has to be narrower."""


def show_browse_page() -> None:
    """Show the topics of all subjects, those that a few words name, or the topic in the address."""
    place = begin("Browse")
    try:
        if is_shown_as_first_start(Place()):
            end("browse")
            return
        contents = service.contents()
        if place.topic:
            show_topic(place)
        else:
            _show_contents(contents)
    except TopicsError as error:
        st.html(message_html(str(error)))
    end("browse")


def _show_contents(contents: Contents) -> None:
    st.title("Browse", anchor=False)
    words = st.text_input(
        "Filter topics",
        key="filter",
        type="search",
        live="150ms",
        persist_state="page",  # it is as it was on the way back from a topic
        placeholder="Filter by words of a title or subject",
        label_visibility="collapsed",
    )
    found = contents.filtered(words or "")
    st.html(contents_html(found[:MAX_LISTED], len(found), len(contents.topics)))
    if 0 < len(found) <= MAX_EXPORTED:
        _show_export(found)


def _show_export(found: tuple[Listed, ...]) -> None:
    numbers = [listed.number for listed in found]
    show_export(lambda: topic_rows(service.library().topics(numbers).values()), "topics")
