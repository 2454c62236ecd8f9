"""a note as a whole -> HTML: its outline, the place that was asked for, what it embeds"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from markupsafe import Markup

from assistant.ui.views.markup import LONGEST_TEXT, NOTHING, NOWHERE, Embeds, highlighted_html, trusted
from assistant.ui.views.rendering import render
from index.catalog import StoredTopic
from index.markdown import blocks, normalised
from index.records import Span

LONGEST_EMBED: Final = 4_000
"""Characters of an embedded note that are shown: about three screens."""

_FRONT_MATTER: Final = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADING_TAG: Final = re.compile(r"<h([1-6])(?=[ >])")


class NoteHeading(NamedTuple):
    """A heading of a note."""

    level: int
    text: str
    line: int
    """Counted from 1."""


@dataclass(frozen=True, slots=True)
class NoteText:
    """A note as it stands in its file, without its front matter; lines keep their numbers."""

    text: str
    headings: tuple[NoteHeading, ...]

    @classmethod
    def of(cls, markdown: str) -> NoteText:
        r"""Return what is shown of a file.

        >>> NoteText.of("---\ntitle: x\n---\n# Git").headings
        (NoteHeading(level=1, text='Git', line=4),)
        """
        text = _FRONT_MATTER.sub(lambda front: "\n" * front[0].count("\n"), normalised(markdown))
        text = text[:LONGEST_TEXT]
        headings = [NoteHeading(block.level, block.text, block.first + 1) for block in blocks(text) if block.level]
        return cls(text, tuple(headings))

    def heading_at(self, line: int) -> NoteHeading | None:
        """Return the last heading that stands on a line or above it."""
        above = list(takewhile(lambda heading: heading.line <= line, self.headings))
        return above[-1] if above else None

    def span_of(self, passage: str, line: int) -> Span | None:
        """Return where a passage stands, on a line or below it; None where the file says it otherwise."""
        start = sum(len(before) + 1 for before in self.text.split("\n")[: line - 1])
        at = self.text.find(passage, start) if passage else -1
        return (at, at + len(passage)) if at >= 0 else None


def note_html(
    note: NoteText,
    stored: StoredTopic,
    marked: Span | None,
    leads: Mapping[str, str] = NOWHERE,
    embeds: Embeds = NOTHING,
) -> Markup:
    """Return a note as a whole, its outline before it, and the heading of a topic marked as the place."""
    here = note.heading_at(stored.topic.line)
    body = highlighted_html(note.text, marked, leads, embeds)
    return render(
        "note_whole",
        id=stored.topic_id,
        path=stored.path,
        outline=_outline(note.headings, here),
        body=with_anchors(body, note.headings, here),
    )


def _outline(headings: Sequence[NoteHeading], here: NoteHeading | None) -> list[dict[str, Any]]:
    top = min((heading.level for heading in headings), default=1)
    return [
        {"text": heading.text, "line": heading.line, "depth": heading.level - top, "is_here": heading == here}
        for heading in headings
    ]


def with_anchors(html: Markup, headings: Iterable[NoteHeading], here: NoteHeading | None) -> Markup:
    """Return the HTML of a note with each of its headings named by its line, and one of them marked as the place.

    >>> str(with_anchors(trusted("<h2>Git</h2>"), [NoteHeading(2, "Git", 7)], NoteHeading(2, "Git", 7)))
    '<h2 id="ta-line-7" tabindex="-1" class="ta-here">Git</h2>'
    """
    remaining = iter(headings)

    def named(tag: re.Match[str]) -> str:
        heading = next(remaining, None)
        if heading is None:
            return tag[0]
        marked = ' class="ta-here"' if heading == here else ""
        return f'<h{tag[1]} id="ta-line-{heading.line}" tabindex="-1"{marked}'

    return trusted(_HEADING_TAG.sub(named, html))


def picture_html(topic_id: str, name: str, words: str) -> Markup:
    """Return a picture of a source, which the server shows to whoever may read the note that embeds it."""
    return render("picture", link=f"picture?{urlencode({'in': topic_id, 'file': name})}", words=words)


def embedded_note_html(stored: StoredTopic, link: str) -> Markup:
    """Return a topic as a note shows it that embeds it."""
    texts = [highlighted_html(entry.text[:LONGEST_EMBED]) for entry in stored.topic.entries]
    return render("embedded_note", title=stored.topic.title, link=link, texts=texts)
