"""the page Browse: the table of contents, with subjects and topics"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import streamlit as st

from assistant.discovery import Contents, GroupedBy, Listed
from assistant.export import topic_rows
from assistant.place import Place
from assistant.preferences import read_preferences
from assistant.service import service
from assistant.ui.frame import begin, end
from assistant.ui.pages.first_start import is_shown_as_first_start
from assistant.ui.pages.topic import show_topic
from assistant.ui.reactions import show_export
from assistant.ui.views.browse import VIEWS, View, arranged, label_of, unit_of, view_of
from assistant.ui.views.contents import contents_html
from assistant.ui.views.messages import message_html
from assistant.ui.views.rendering import render
from index.errors import TopicsError
from index.library import Library

MAX_BROWSE_LISTED: Final = 500
"""Topics listed at once: more are no table of contents, and take a browser a second."""

MAX_EXPORTED: Final = 2_000
"""Topics in an exported file; a larger selection has to be narrowed."""


def show_browse_page() -> None:
    """Show the topics of all subjects, those that match typed words, or the topic in the address."""
    place = begin("Browse")
    if not place.topic:
        st.title("Browse", anchor=False)
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
    words = st.text_input(
        "Filter topics",
        key="filter",
        type="search",
        live="150ms",
        bind="query-params",  # stored in the address, so that Back from a topic restores it
        placeholder="Filter by words of a title or subject",
        label_visibility="collapsed",
    )
    topics = contents.filtered(words or "")
    by = contents.grouping.by
    view = _chosen_view(by)
    library = service.library()
    changed = _changed(library) if view in {"folder", "recent"} else {}
    favourites = read_preferences(library).favourites
    groups = arranged(topics, view, changed, favourites, datetime.now().astimezone().date())
    shown = sum(len(group.topics) for group in groups)
    if view == "favourites" and not shown:
        st.html(render("note", sentence="No favourite yet: the star on an open topic makes it one."))
        return
    st.html(contents_html(groups, shown, len(contents.topics), MAX_BROWSE_LISTED, unit_of(view, by)))
    if 0 < len(topics) <= MAX_EXPORTED:
        _show_export(topics)


def _chosen_view(by: GroupedBy) -> View:
    """Show the views and return the chosen one; each choice is a step in the browser's history.

    The address holds the view; a choice of this moment counts before it, as the browser may not have sent it yet.
    """
    named = view = view_of(st.query_params.get("by", ""), by)
    if st.session_state.pop("view-chosen", False):
        view = st.session_state["view"]
    if st.session_state.get("view") != view:
        st.session_state["view"] = view
    if view != named:
        st.query_params["by"] = view  # the filter stays in the address beside it
    st.segmented_control(
        "Show",
        VIEWS,
        key="view",
        required=True,
        format_func=lambda name: label_of(name, by),
        on_change=lambda: st.session_state.update({"view-chosen": True}),
        label_visibility="collapsed",
    )
    return view


def _changed(library: Library) -> dict[str, int]:
    """Return the time of the last change of each file, by path."""
    changed: dict[str, int] = {}
    for document in library.documents():
        changed[document.path] = max(document.modified_ns, changed.get(document.path, 0))
    return changed


def _show_export(topics: tuple[Listed, ...]) -> None:
    numbers = [listed.number for listed in topics]
    show_export(lambda: topic_rows(service.library().topics(numbers).values()), "topics")
