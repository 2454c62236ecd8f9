"""the page Map: all topics in two dimensions"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.place import Place
from assistant.service import service
from assistant.ui.frame import ASKED, begin, end, go
from assistant.ui.pages.first_start import is_shown_as_first_start
from assistant.ui.pages.topic import show_topic
from assistant.ui.views.dates_and_numbers import counted
from assistant.ui.views.map import MAX_MAP_LISTED, SELECTION, areas_html, chosen, found_points, legend_html, map_spec
from assistant.ui.views.messages import NO_TOPICS_MESSAGE, message_html
from index.errors import TopicsError

if TYPE_CHECKING:
    from assistant.discovery import TopicMap


def show_map_page() -> None:
    """Show all topics as dots, similar ones near each other, or the topic in the address."""
    place = begin("Map")
    if not place.topic:
        st.title("Map", anchor=False)
    try:
        if is_shown_as_first_start(Place()):
            end("map")
            return
        if place.topic:
            show_topic(place)
        else:
            _show_map()
    except TopicsError as error:
        st.html(message_html(str(error)))
    end("map")


def _show_map() -> None:
    with st.spinner("Laying out the topics …"):
        drawn = service.topic_map()
    if not drawn.points:
        st.html(NO_TOPICS_MESSAGE)
        return
    question = st.session_state.get(ASKED, "")
    position = service.place_on_map(question)
    note = (
        f"The cross is where your last question lies: {question}"
        if position
        else "Click a dot to read its topic; Ctrl and the wheel zoom."
    )
    st.text(f"{counted(len(drawn.points), 'topic')}; those that speak of alike things lie near each other. {note}")
    words = _sought_words(drawn)
    st.vega_lite_chart(
        map_spec(drawn, position, question, dark=st.context.theme.type == "dark", words=words),
        width="stretch",
        key="map",
        on_select=_open_clicked,
        selection_mode=SELECTION,
        alt="A map of all topics; the same topics stand as links in the list below.",
    )
    st.html(legend_html(drawn) + areas_html(drawn))
    if len(drawn.points) > MAX_MAP_LISTED:
        st.text(f"The list names {MAX_MAP_LISTED} of them; all are on the page Browse.")


def _sought_words(drawn: TopicMap) -> str:
    """Show the box that finds topics on the map, and return the typed text."""
    words = st.text_input(
        "Find on the map",
        key="sought",
        type="search",
        live="250ms",
        persist_state="page",
        placeholder="Find on the map by words of a title, subject or path",
        label_visibility="collapsed",
    )
    if words:
        st.caption(f"{counted(len(found_points(drawn.points, words)), 'topic')} found.")
    return words or ""


def _open_clicked() -> None:
    if topic := chosen(st.session_state["map"]):
        go(Place(topic=topic))
