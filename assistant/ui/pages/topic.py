"""an open topic, on any page: the topic alone, or its whole note"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import streamlit as st
from markupsafe import Markup

from assistant.answer import Related, TopicResult
from assistant.discovery import Named, disambiguated, read_topic, related_topics
from assistant.place import Place
from assistant.preferences import read_preferences
from assistant.server import roots
from assistant.service import service
from assistant.ui.asking import request_of
from assistant.ui.note_reading import as_whole, read_embeds, read_note_text
from assistant.ui.openers import note_file
from assistant.ui.views.markup import first_span
from assistant.ui.views.messages import message_html
from assistant.ui.views.note import NoteText, note_html
from assistant.ui.views.rendering import joined, render
from assistant.ui.views.topic import (
    Beside,
    Ways,
    back_html,
    beside_html,
    outline_html,
    related_html,
    topic_html,
    ways_html,
)
from index.catalog import StoredTopic
from index.text import compared

FILE_GONE: Final = "Its file is not there at present: this is what was last read of it."


class _Reading(NamedTuple):
    """An open topic, and the result that led to it."""

    stored: StoredTopic
    card: TopicResult | None
    """The result that led here, which says what to highlight."""
    note: NoteText | None
    place: Place


def show_topic(place: Place) -> None:
    """Show the topic in the address with its related topics, or its whole note."""
    library = service.library()
    contents = service.contents()
    listed = contents.get(place.topic)
    stored = read_topic(library, listed) if listed else None
    if not (listed and stored):
        gone = "This topic is not in the library any more. Its file may have been moved or edited."
        st.html(back_html(place) + message_html(gone))
        return
    reading = _Reading(stored, _found_as(place), read_note_text(stored), place)
    related = beside([listed], related_topics(library, listed.number, stored.topic), place)
    parts = (
        back_html(place),
        render("note", sentence=FILE_GONE) if _is_file_gone(stored) else Markup(),
        _ways(reading),
        _topic_markup(reading),
        outline_html(stored, contents.of_document(listed), place),
        beside_html(*contents.around(listed), place),
        related_html(related),
    )
    st.html(joined(parts))


def _is_file_gone(stored: StoredTopic) -> bool:
    """Return whether the file of a topic is not where it was read; those of a library on a server lie elsewhere."""
    return not service.library().is_on_server and note_file(stored.source, stored.path) is None


def _topic_markup(reading: _Reading) -> Markup:
    """Return the HTML of the topic or its whole note, with links that lead to topics in the app."""
    is_whole = reading.place.is_whole and reading.note is not None
    shown = as_whole(reading.stored, reading.note) if is_whole and reading.note else reading.stored
    ids = service.library().leads(shown)
    leads = {link: reading.place.opening(id_).link for link, id_ in ids.items()}
    embeds = read_embeds(shown, ids, reading.place)
    if is_whole and reading.note:
        return note_html(reading.note, reading.stored, _marked(reading.note, reading), leads, embeds)
    return topic_html(reading.stored, reading.card, leads, embeds)


def _marked(note: NoteText, reading: _Reading) -> tuple[int, int] | None:
    """Return the span of the answering passage in the note; None if there is none."""
    card = reading.card
    span = first_span(card.highlights) if card else None
    return note.span_of(card.text[slice(*span)], reading.stored.topic.line) if card and span else None


def _ways(reading: _Reading) -> Markup:
    stored = reading.stored
    file = note_file(stored.source, stored.path) if roots.names is None else None
    preferences = read_preferences(service.library())
    ways = Ways(
        stored.topic_id,
        reading.place,
        file,
        stored.topic.line,
        preferences.opener,
        has_text=reading.note is not None,
        is_favourite=stored.topic_id in preferences.favourites,
        anchor=stored.topic.anchor,
    )
    return ways_html(ways)


def beside(read: Sequence[Named], related: Sequence[Related], place: Place) -> list[Beside]:
    """Return the related topics of open topics, each with its link and what distinguishes it from others."""
    distinction = disambiguated(related, read)
    subjects = {compared(topic.subject) for topic in read}
    return [
        Beside(
            other,
            place.opening(other.id),
            told,
            "" if compared(other.subject) in {*subjects, compared(other.topic)} else other.subject,
        )
        for other, told in zip(related, distinction, strict=True)
    ]


def _found_as(place: Place) -> TopicResult | None:
    """Return the card that led here, which says what to mark."""
    cards = service.answer(request_of(place)).hits if place.question else ()
    return next((card for card in cards if card.id == place.topic), None)
