"""a topic that is open, on whichever page it was opened from"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assistant.answer import Card, Related
from assistant.discovery import Named, read_topic, related_topics, told_apart
from assistant.place import Place
from assistant.service import service
from assistant.ui.asking import request_of
from assistant.ui.cards import message_html
from assistant.ui.topic_view import Beside, back_html, related_html, topic_html


def show_topic(place: Place) -> None:
    """Show the topic that the address names, with what is related to it."""
    library = service.library()
    listed = service.contents().get(place.topic)
    stored = read_topic(library, listed) if listed else None
    if not (listed and stored):
        gone = "This topic is not in the library any more. Its file may have been moved or edited."
        st.html(back_html(place) + message_html(gone))
        return
    related = beside([listed], related_topics(library, listed.number, stored.topic), place)
    leads = {link: place.opening(id_).link for link, id_ in library.leads(stored).items()}
    st.html(back_html(place) + topic_html(stored, _found_as(place), leads) + related_html(related))


def beside(read: Sequence[Named], related: Sequence[Related], place: Place) -> list[Beside]:
    """Return what is related to topics that are read, with where each is read itself and what tells it from others."""
    apart = told_apart(related, read)
    return [Beside(one, place.opening(one.id), told) for one, told in zip(related, apart, strict=True)]


def _found_as(place: Place) -> Card | None:
    """Return the card that led here, which says what to mark."""
    cards = service.answer(request_of(place)).hits if place.question else ()
    return next((card for card in cards if card.id == place.topic), None)
