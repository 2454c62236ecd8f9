"""what was read of a document -> its topics, by way of Markdown: a document is understood as a note is"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from index.formats.documents.blocks import PARAGRAPH, Block, Extract, one_line
from index.formats.note import read_note
from index.records import Anchor, Entry, Location, Topic

DEEPEST: Final = 6
"""Markdown knows no deeper heading."""


class _Mark(NamedTuple):
    """Where a block begins in the Markdown that is made of a document, and where it stands in the document."""

    line: int
    column: int
    anchor: Anchor
    line_in_file: int


def document_topics(extract: Extract, name: str) -> tuple[Topic, ...]:
    """Return the topics of a document, which is called as it says itself, or else by its file's name.

    Each knows where its heading stands, and each entry where its stretches do.
    """
    title = one_line(extract.title) or name
    text, marks = _as_markdown(_below_title(extract.blocks, title))
    note = read_note(text, title)
    places = [(mark.line, mark.column) for mark in marks]
    return tuple(
        replace(
            topic,
            line=_line_in_file(topic.line, marks, places),
            anchor=marks[_before(places, topic.line)].anchor if marks else (),
            entries=tuple(_located(entry, marks, places) for entry in topic.entries),
            tags=(*topic.tags, *extract.tags),
        )
        for topic in note.topics
    )


def _below_title(blocks: Sequence[Block], title: str) -> list[Block]:
    """Return the blocks below one heading, the document's: its own where it begins with one above all others."""
    levels = sorted({block.level for block in blocks if block.level})
    ranks = {level: rank for rank, level in enumerate(levels, start=1)}
    headings = [block for block in blocks if block.level]
    top = [block for block in headings if ranks[block.level] == 1]
    is_titled = len(top) == 1 and len(headings) > 1 and top[0] is blocks[0]
    below = 0 if is_titled else 1
    shifted = [
        block._replace(level=min(ranks[block.level] + below, DEEPEST)) if block.level else block for block in blocks
    ]
    first = blocks[0] if blocks else Block("")
    return shifted if is_titled else [Block(title, first.anchor, 1, first.line), *shifted]


def _as_markdown(blocks: Iterable[Block]) -> tuple[str, list[_Mark]]:
    parts: list[str] = []
    marks: list[_Mark] = []
    line, column = 1, 0
    for block in blocks:
        text = f"{'#' * block.level} {_heading(block.text)}" if block.level else block.text
        joint = PARAGRAPH if block.level else block.joint
        for part, is_text in ((joint if parts else "", False), (text, True)):
            if is_text:
                marks.append(_Mark(line, column, block.anchor, block.line))
            parts.append(part)
            breaks = part.count("\n")
            line += breaks
            column = len(part) - part.rfind("\n") - 1 if breaks else column + len(part)
    return "".join(parts), marks


def _heading(text: str) -> str:
    """Return a heading as one line that ends with no sign which Markdown would take off."""
    title = one_line(text)
    return f"{title[:-1]}\\#" if title.endswith("#") else title


def _before(places: Sequence[tuple[int, int]], line: int, column: int = 0) -> int:
    return max(bisect_right(places, (line, column)) - 1, 0)


def _line_in_file(line: int, marks: Sequence[_Mark], places: Sequence[tuple[int, int]]) -> int:
    mark = marks[_before(places, line)] if marks else _Mark(1, 0, (), 0)
    return mark.line_in_file + line - mark.line if mark.line_in_file else line


def _located(entry: Entry, marks: Sequence[_Mark], places: Sequence[tuple[int, int]]) -> Entry:
    """Return an entry with its locations: the marks that lie in its lines."""
    lines = entry.text.split("\n")
    first = _before(places, entry.line)
    last = _before(places, entry.line + len(lines) - 1, len(lines[-1]))
    starts = [0]
    for text in lines:
        starts.append(starts[-1] + len(text) + 1)
    locations: list[Location] = []
    for mark in marks[first : last + 1]:
        row = mark.line - entry.line
        start = 0 if row < 0 else min(starts[row] + mark.column, starts[row + 1] - 1)
        line = mark.line_in_file or mark.line
        if row < 0 and mark.line_in_file:
            line -= row
        location = Location(start, line if row >= 0 else max(line, entry.line), mark.anchor)
        if locations and locations[-1].start == start:
            locations.pop()
        if not locations or not _goes_on(locations[-1], location, entry.text):
            locations.append(location)
    return replace(entry, line=locations[0].line if locations else entry.line, locations=tuple(locations))


def _goes_on(before: Location, location: Location, text: str) -> bool:
    """Say whether nothing is new about a location: the same place, on the line that follows from the one before."""
    lines = text.count("\n", before.start, location.start)
    return before.anchor == location.anchor and before.line + lines == location.line
