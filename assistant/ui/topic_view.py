"""a topic as a whole -> HTML: every entry with its line, what is related to it and why"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from assistant.answer import Card, Related
from assistant.discovery import under
from assistant.place import Place
from assistant.ui.cards import Link, chips_html, place_html
from assistant.ui.markup import LONGEST_TEXT, NOWHERE, excerpt, first_span, highlighted_html, title_html
from index.catalog import StoredTopic
from index.records import Entry, Span


@dataclass(frozen=True, slots=True)
class Beside:
    """A related topic, and where it is read."""

    related: Related
    place: Place
    apart: str = ""
    """What tells it from the others of its title."""


def back_html(place: Place) -> str:
    """Return the link that leads from a topic to where it was opened."""
    label = "Back to the answer" if place.question else "Back"
    return f'<a class="ta-back" href="{escape(place.closed.link)}">← {label}</a>'


def topic_html(stored: StoredTopic, card: Card | None, leads: Mapping[str, str] = NOWHERE) -> str:
    """Return a topic with all its entries, and its links to other topics leading where `leads` says.

    The sentence that answered, if it was found by a question, is marked.
    """
    topic = stored.topic
    entries = "".join(_entry(entry, stored.path, leads, *_marked(entry, card)) for entry in topic.entries)
    above = escape(under((topic.subject, *topic.parents)))
    return (
        f'<article class="ta-topic" data-topic="{escape(stored.stable_id)}">'
        f'<h2 tabindex="-1">{title_html(topic.title)}</h2>'
        f'<div class="ta-meta"><span>{above}</span><span>{place_html(stored.path, topic.line)}</span>'
        f'<button type="button" class="ta-copy" data-copy="{escape(f"{stored.path}:{topic.line}")}">Copy place</button>'
        f"</div>{entries}{_asked_as(topic.asked_as)}</article>"
    )


def related_html(beside: Sequence[Beside]) -> str:
    """Return the related topics as links, each with what both speak of."""
    items = "".join(
        f'<li><a class="ta-step" href="{escape(one.place.link)}">{title_html(one.related.topic)}</a>'
        f'<div class="ta-meta">{_where(one)}{_why(one.related)}</div></li>'
        for one in beside
    )
    return f'<p class="ta-heading">Related topics</p><ul class="ta-list">{items}</ul>' if items else ""


def related_chips(beside: Sequence[Beside]) -> str:
    """Return the related topics as one row of links."""
    return chips_html(
        "Related topics",
        (Link(one.related.topic, one.place, _shared(one.related), one.apart) for one in beside),
    )


def _where(one: Beside) -> str:
    subject = one.related.subject
    apart = f"<span>{escape(one.apart)}</span>" if one.apart not in ("", subject) else ""
    return f"<span>{escape(subject)}</span>{apart}"


def _why(related: Related) -> str:
    return f"<span>{escape(_shared(related))}</span>" if related.why else ""


def _shared(related: Related) -> str:
    return f"both speak of {', '.join(related.why)}" if related.why else ""


def _marked(entry: Entry, card: Card | None) -> tuple[bool, Span | None]:
    is_best = card is not None and entry.slot == card.slot
    return is_best, first_span(card.highlights) if card and is_best else None


def _entry(entry: Entry, path: str, leads: Mapping[str, str], is_best: bool, marked: Span | None) -> str:
    classes = f"ta-entry{' ta-best' if is_best else ''}{'' if entry.slot else ' ta-plain'}"
    label = f'<div class="ta-slot">{escape(entry.slot)}</div>' if entry.slot else ""
    part = excerpt(entry.text, marked, LONGEST_TEXT)
    more = f'<p class="ta-note">… it goes on in {place_html(path, entry.line)}</p>' if part.is_cut else ""
    text = highlighted_html(part.text, part.marked, leads)
    return f'<section class="{classes}">{label}<div class="ta-text">{text}{more}</div></section>'


def _asked_as(phrases: Sequence[str]) -> str:
    if not phrases:
        return ""
    items = "".join(f"<li>{escape(phrase)}</li>" for phrase in phrases)
    return f'<details class="ta-asked"><summary>Also asked as</summary><ul>{items}</ul></details>'
