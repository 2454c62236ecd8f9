"""a topic as a whole -> HTML: every entry with its line, what is related to it and why"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from assistant.answer import Card, Related
from assistant.discovery import under
from assistant.place import Place
from assistant.ui.cards import Link, ShownEntry, chips_html
from assistant.ui.markup import LONGEST_TEXT, NOWHERE, excerpt, first_span, highlighted_html, trusted
from assistant.ui.rendering import render
from index.catalog import StoredTopic
from index.records import Entry, Span

GOES_ON: Final = trusted("… it goes on in <code>{}:{}</code>")
"""What is said where an entry is cut."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A related topic, and where it is read."""

    related: Related
    place: Place
    apart: str = ""
    """What tells it from the others of its title."""

    @property
    def shared(self) -> str:
        """What both topics speak of."""
        return f"both speak of {', '.join(self.related.why)}" if self.related.why else ""


def back_html(place: Place) -> Markup:
    """Return the link that leads from a topic to where it was opened."""
    return render("back", link=place.closed.link, label="Back to the answer" if place.question else "Back")


def topic_html(stored: StoredTopic, card: Card | None, leads: Mapping[str, str] = NOWHERE) -> Markup:
    """Return a topic with all its entries, and its links to other topics leading where `leads` says.

    The sentence that answered, if it was found by a question, is marked.
    """
    topic = stored.topic
    return render(
        "topic",
        id=stored.stable_id,
        title=topic.title,
        above=under((topic.subject, *topic.parents)),
        path=stored.path,
        line=topic.line,
        entries=[_entry(entry, stored.path, leads, *_marked(entry, card)) for entry in topic.entries],
        asked_as=topic.asked_as,
    )


def related_html(beside: Sequence[Beside]) -> Markup:
    """Return the related topics as links, each with what both speak of."""
    return render("related", beside=beside)


def related_chips(beside: Sequence[Beside]) -> Markup:
    """Return the related topics as one row of links."""
    return chips_html(
        "Related topics", (Link(other.related.topic, other.place, other.shared, other.apart) for other in beside)
    )


def _marked(entry: Entry, card: Card | None) -> tuple[bool, Span | None]:
    is_best = card is not None and entry.slot == card.slot
    return is_best, first_span(card.highlights) if card and is_best else None


def _entry(entry: Entry, path: str, leads: Mapping[str, str], is_best: bool, marked: Span | None) -> ShownEntry:
    part = excerpt(entry.text, marked, LONGEST_TEXT)
    more = GOES_ON.format(path, entry.line) if part.is_cut else ""
    return ShownEntry(entry.slot or "", highlighted_html(part.text, part.marked, leads), more, is_best)
