"""a topic as a whole -> HTML: every entry with its line, what is related to it and why"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from markupsafe import Markup

from assistant.answer import Related, TopicResult
from assistant.discovery import Listed, headings_above
from assistant.location import anchor_words, document_link, location
from assistant.place import Place
from assistant.preferences import Opener
from assistant.ui.views.answer import ShownEntry
from assistant.ui.views.markup import (
    LONGEST_TEXT,
    NOTHING,
    NOWHERE,
    Embeds,
    excerpt,
    first_span,
    highlighted_html,
    trusted,
)
from assistant.ui.views.messages import Link, chips_html
from assistant.ui.views.opening import ways_to_open
from assistant.ui.views.rendering import render
from index.catalog import StoredTopic
from index.formats import format_of
from index.records import Anchor, Entry, Span

GOES_ON: Final = trusted("… it goes on in <code>{}</code>")
"""What is said where an entry is cut."""


MAX_OUTLINE: Final = 500
"""Headings of a document's outline that are shown: a long book has two hundred."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A related topic, and where it is read."""

    related: Related
    place: Place
    distinction: str = ""
    """What tells it from the others of its title."""
    other_note: str = ""
    """Its subject, where that is neither its title nor the subject of what is read."""

    @property
    def shared(self) -> str:
        """What both topics speak of."""
        return f"both speak of {', '.join(self.related.why)}" if self.related.why else ""


def back_html(place: Place) -> Markup:
    """Return the link that leads from a topic to where it was opened."""
    return render("back", link=place.closed.link, label="Back to the answer" if place.question else "Back")


@dataclass(frozen=True, slots=True)
class Ways:
    """What leads from a topic to its note."""

    topic: str
    """Its topic id."""
    place: Place
    file: Path | None
    """Where the note lies, for who sits at the machine; None for everybody else."""
    line: int
    opener: Opener
    """What was chosen to open notes in."""
    has_text: bool
    """Whether the note can be shown as a whole."""
    is_favourite: bool
    anchor: Anchor = ()
    """Where the topic stands in a document that is no note."""


def ways_html(ways: Ways) -> Markup:
    """Return the buttons that lead from a topic to its note: as a whole, in another program, by its path."""
    programs = ways_to_open(ways.file, ways.line) if ways.file else []
    whole = replace(ways.place, is_whole=not ways.place.is_whole)
    return render(
        "note_ways",
        id=ways.topic,
        whole_link=whole.link if ways.has_text else "",
        is_whole=ways.place.is_whole,
        openers=programs,
        chosen=next((way for way in programs if way.opener == ways.opener), None),
        full_path=location(str(ways.file), ways.line, ways.anchor) if ways.file else "",
        is_favourite=ways.is_favourite,
    )


def outline_html(stored: StoredTopic, listed: Sequence[Listed], place: Place) -> Markup:
    """Return the topics of the document that is read, each as a link with where it stands; nothing of a note."""
    if format_of(stored.path) is None or len(listed) < 2:
        return Markup("")
    headings = [
        {
            "title": topic.topic,
            "depth": len(topic.parents),
            "link": place.opening(topic.id).link,
            "is_here": topic.id == stored.topic_id,
            "stands": anchor_words(topic.anchor),
        }
        for topic in listed[:MAX_OUTLINE]
    ]
    return render("document_outline", name=stored.path, headings=headings)


def beside_html(before: Listed | None, after: Listed | None, place: Place) -> Markup:
    """Return links to the sections of the note before and after the one that is read."""

    def link(section: Listed | None) -> Link | None:
        opened = replace(place.opening(section.id), is_whole=place.is_whole) if section else place
        return Link(section.topic, opened) if section else None

    return render("beside_sections", previous=link(before), following=link(after))


def topic_html(
    stored: StoredTopic, card: TopicResult | None, leads: Mapping[str, str] = NOWHERE, embeds: Embeds = NOTHING
) -> Markup:
    """Return a topic with all its entries, its links leading where `leads` says and what it embeds shown.

    The sentence that answered, if it was found by a question, is marked.
    """
    topic = stored.topic
    return render(
        "topic",
        id=stored.topic_id,
        title=topic.title,
        above=headings_above(topic.subject, topic.parents, topic.title),
        location=location(stored.path, topic.line, topic.anchor),
        document=document_link(stored.topic_id, stored.path, topic.anchor),
        entries=[_entry(entry, stored.path, leads, embeds, *_marked(entry, card)) for entry in topic.entries],
        asked_as=topic.asked_as,
    )


def related_html(beside: Sequence[Beside]) -> Markup:
    """Return the related topics as links, each with what both speak of."""
    return render("related", beside=beside)


def related_chips(beside: Sequence[Beside]) -> Markup:
    """Return the related topics as one row of links."""
    return chips_html(
        "Related topics",
        (
            Link(other.related.topic, other.place, other.shared, other.distinction or other.other_note)
            for other in beside
        ),
    )


def _marked(entry: Entry, card: TopicResult | None) -> tuple[bool, Span | None]:
    is_best = card is not None and entry.slot == card.slot
    return is_best, first_span(card.highlights) if card and is_best else None


def _entry(
    entry: Entry, path: str, leads: Mapping[str, str], embeds: Embeds, is_best: bool, marked: Span | None
) -> ShownEntry:
    part = excerpt(entry.text, marked, LONGEST_TEXT)
    more = GOES_ON.format(location(path, entry.line, entry.location(0).anchor)) if part.is_cut else ""
    return ShownEntry(entry.slot or "", highlighted_html(part.text, part.marked, leads, embeds), more, is_best)
