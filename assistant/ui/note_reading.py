"""a topic -> the note that it stands in: its text, and what it embeds"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from markupsafe import Markup

from assistant.discovery import read_topic
from assistant.place import Place
from assistant.service import service
from assistant.ui.openers import note_file
from assistant.ui.views.markup import Embeds, embedded
from assistant.ui.views.note import NoteText, embedded_note_html, picture_html
from index.catalog import StoredTopic
from index.records import Entry
from index.sources import find_picture, picture_names, source_root
from index.text import decode

TEXT_SUFFIXES: Final = frozenset({".md", ".markdown", ".mdx", ".qmd"})
"""Suffixes of files that are shown whole; of others, each topic is shown with its place."""


def read_note_text(stored: StoredTopic) -> NoteText | None:
    """Return the note of a topic as it lies on the disk; None where it is gone, or no note of Markdown."""
    file = note_file(stored.source, stored.path)
    if file is None or file.suffix.lower() not in TEXT_SUFFIXES:
        return None
    try:
        text, _ = decode(file.read_bytes())
    except OSError:
        return None
    return NoteText.of(text) if text is not None else None


def as_whole(stored: StoredTopic, note: NoteText) -> StoredTopic:
    """Return a topic that says all that its note says, for whoever asks what is linked and embedded."""
    return stored._replace(topic=replace(stored.topic, entries=(Entry(None, note.text, 1),)))


def read_embeds(stored: StoredTopic, leads: Mapping[str, str], place: Place) -> Embeds:
    """Return what is shown of what a topic embeds, given the topics that its links lead to."""
    pictures: dict[str, Markup] = {}
    notes: dict[str, Markup] = {}
    for target in dict.fromkeys(target for entry in stored.topic.entries for target in embedded(entry.text)):
        if picture := _picture_markup(stored, target):
            pictures[target] = picture
        elif target in leads and (note := _embedded_note(leads[target], place)):
            notes[target] = note
    return Embeds(pictures, notes)


def _picture_markup(stored: StoredTopic, target: str) -> Markup | None:
    root = source_root(stored.source)
    names = _picture_names(root, service.revision) if target.startswith("[[") else {}
    name = find_picture(root, stored.path, target, names)
    return picture_html(stored.topic_id, name, Path(name).stem) if name else None


def _embedded_note(topic_id: str, place: Place) -> Markup | None:
    listed = service.contents().get(topic_id)
    stored = read_topic(service.library(), listed) if listed else None
    return embedded_note_html(stored, place.opening(topic_id).link) if stored else None


@lru_cache(maxsize=8)
def _picture_names(root: Path, revision: int) -> Mapping[str, str]:
    """Return the pictures of a source by name, looked for again in each revision of the library."""
    return picture_names(root)
