r"""Markdown -> the text that a person sees, and where each stretch of it stands

Notes are full of markup that nobody reads: addresses, emphasis, comments, tags. Embedded, they make texts alike that
share nothing else. The rules of `index/markdown/rules.py` are joined to one pattern. It works on any stretch of a note,
where a parser would need the whole (the address of a link is often defined far from it), and takes a tenth of a
millisecond for a thousand characters, where markdown-it needs one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from html.entities import html5
from itertools import accumulate, groupby
from typing import Final, NamedTuple

from index.markdown.rules import INLINE_MARKS, LINE_MARKS, PICTURE_SIZE, RULED
from index.records import Span

_FENCED_CODE: Final = r"""
    ^[ \t>]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)?(?P<fence>`{3,}+(?=[^`\n]*$)|~{3,}+)[^\n]*+\n
    (?P<fenced>(?s:.*?))(?:^[ \t>]*+(?P=fence)[`~]*+[ \t]*+$|\Z)
"""
_QUERY: Final = r"""
    ^[ \t>]*+(?:`{3,}+|~{3,}+)[ \t]*+(?:dataview|dataviewjs|tasks|query)[ \t]*+\n
    (?s:.*?)(?:^[ \t>]*+(?:`{3,}+|~{3,}+)[ \t]*+$|\Z)
"""
"""A query of Obsidian, in whose place its results are seen."""

_TABLE: Final = rf"^(?P<table>[^\n|]*+\|[^\n]*+\n{RULED}(?:\n[^\n|]*+\|[^\n]*+)*+)$"

_TABLE_ROW: Final = r"^(?P<row>[ \t>]*+\|[^\n]*\|)[ \t]*+$"
"""A row of a table whose head is elsewhere; a pipe in any other text is a character like others: `lsof | grep`."""

_BETWEEN_CELLS: Final = r"(?P<cell>(?<!\|)\|(?!\|))"

_FLAGS: Final = re.MULTILINE | re.VERBOSE
_SIZE: Final = re.compile(rf"{PICTURE_SIZE}\Z")
_IN_A_LINE: Final = re.compile(INLINE_MARKS, _FLAGS)
_WITHIN: Final = re.compile(f"{_QUERY}|{_FENCED_CODE}|{LINE_MARKS}|{INLINE_MARKS}", _FLAGS)
_WITHIN_TABLE: Final = re.compile(f"{_QUERY}|{_FENCED_CODE}|{LINE_MARKS}|{INLINE_MARKS}|{_BETWEEN_CELLS}", _FLAGS)
_SYNTAX: Final = re.compile(f"{_QUERY}|{_FENCED_CODE}|{_TABLE}|{LINE_MARKS}|{_TABLE_ROW}|{INLINE_MARKS}", _FLAGS)

_BLOCKS: Final = frozenset({"fenced", "table"})
_CODE_KINDS: Final = frozenset({"code", "ticked"})
_NOTES_OWN: Final = frozenset({None, "page", "gap", "described", "alt", "titled", "role", "keys"})
_TABULAR: Final = frozenset({"table", "row"})
_MARKED: Final = frozenset({"alt", "text", "named", "stressed"})
_FILE: Final = re.compile(
    r"\.(?:avif|bmp|canvas|excalidraw|gif|jpe?g|m4a|mov|mp[34]|ogg|pdf|png|svg|wav|webm|webp)$", re.IGNORECASE
)
"""The end of the name of an embedded file that shows no text."""


class _Segment(NamedTuple):
    """A stretch of visible text."""

    start: int
    """Where the Markdown that it is made from begins."""
    end: int
    text: str
    kind: str = ""
    """The named group of the pattern that matched; empty for the text between markup."""

    def cut(self, start: int, end: int) -> _Segment:
        """Return the segment with text from `start` to `end`; its span shrinks where the Markdown is that text."""
        text = self.text[start:end]
        if self.end - self.start != len(self.text):
            return self._replace(text=text)
        first = self.start + start
        return self._replace(start=first, end=first + len(text), text=text)


class Table(NamedTuple):
    """The table of a visible text: the line that names its columns, and the span of the rows below it."""

    head: str
    body: Span


@dataclass(frozen=True, slots=True)
class PlainText:
    """The text that a person sees of a stretch of Markdown."""

    text: str
    blocks: tuple[Span, ...]
    """Where in the text fenced code and tables stand, in order."""
    tables: tuple[Table, ...]
    """The tables that have rows, in order."""
    _segments: list[_Segment]
    _starts: list[int]
    """Where in the text each segment begins, and where the last of them ends."""
    _length: int

    def source_span(self, start: int, end: int) -> Span:
        """Return where in the Markdown a span of the text comes from, the markup before it included.

        Spans that touch or overlap come from spans that do; the whole text comes from the whole Markdown.
        """
        return self.source_spans([(start, end)])[0]

    def source_spans(self, spans: Iterable[Span]) -> list[Span]:
        """Return where in the Markdown each of some spans of the text comes from."""
        origins = self._origins()
        return [(origins[start], self._length if end >= len(self.text) else origins[end]) for start, end in spans]

    def only(self, spans: Sequence[Span]) -> PlainText:
        """Return what is left when nothing but these spans of the text, in order, is seen."""
        return _visible([part for start, end in spans for part in self._within(start, end)], self._length)

    def _within(self, start: int, end: int) -> Iterator[_Segment]:
        for number in range(bisect_right(self._starts, start) - 1, len(self._segments)):
            begin, segment = self._starts[number], self._segments[number]
            if begin >= end:
                return
            yield segment.cut(max(start - begin, 0), end - begin)

    def _origins(self) -> list[int]:
        """Return where in the Markdown the text before each position ends; for its beginning, where that begins."""
        origins = [0]
        for segment in self._segments:
            within = range(segment.start + 1, segment.start + len(segment.text))
            is_as_written = segment.end - segment.start == len(segment.text)
            origins += within if is_as_written else (min(place, segment.end) for place in within)
            origins.append(segment.end)
        return origins


def visible(markdown: str) -> PlainText:
    """Return what a person sees of a stretch of Markdown, and code as it is written.

    >>> visible("Read **[the guide](https://example.org/g)** <!-- soon -->first.").text
    'Read the guide first.'
    """
    return _visible(
        [segment for segment in _segments(markdown, 0, len(markdown), _SYNTAX) if segment.text], len(markdown)
    )


def visible_text(markdown: str) -> str:
    """Return what a person sees of a stretch of Markdown, when nobody asks where it stands."""
    return "".join(segment.text for segment in _segments(markdown, 0, len(markdown), _SYNTAX))


def visible_title(markdown: str) -> str:
    """Return what a person sees of a heading's text, on one line, with the backticks of its code.

    >>> visible_title("`is` or [[Equality|==]]? ^id")
    '`is` or ==?'
    """
    segments = _segments(markdown, 0, len(markdown), _IN_A_LINE)
    texts = (f"`{segment.text}`" if segment.kind in _CODE_KINDS else segment.text for segment in segments)
    return " ".join("".join(texts).split())


class Extension(NamedTuple):
    """Markup that CommonMark does not know: where it ends, and what is seen of it."""

    end: int
    text: str


def visible_extension(markdown: str, start: int, end: int) -> Extension | None:
    """Return what is seen of the markup at `start`, before `end`; None where there is none, or CommonMark knows it.

    >>> visible_extension("a ==b==", 2, 7)
    Extension(end=4, text='')
    """
    match = _IN_A_LINE.match(markdown, start, end)
    if not match or match.lastgroup not in _NOTES_OWN:
        return None
    return Extension(match.end(), "".join(segment.text for segment in _visible_segments(markdown, match)))


def _visible(segments: list[_Segment], length: int) -> PlainText:
    starts = list(accumulate((len(segment.text) for segment in segments), initial=0))
    text = "".join(segment.text for segment in segments)
    blocks: list[Span] = []
    tables: list[Table] = []
    for kind, group in groupby(range(len(segments)), key=lambda number: segments[number].kind):
        if kind in _BLOCKS:
            numbers = list(group)
            start, end = starts[numbers[0]], starts[numbers[-1] + 1]
            blocks.append((start, end))
            if kind == "table" and 0 < (below := text.find("\n", start, end) + 1) < end:
                tables.append(Table(text[start:below], (below, end)))
    return PlainText(text, tuple(blocks), tuple(tables), segments, starts, length)


def _segments(markdown: str, start: int, end: int, markup: re.Pattern[str]) -> Iterator[_Segment]:
    for match in markup.finditer(markdown, start, end):
        if start < match.start():
            yield _Segment(start, match.start(), markdown[start : match.start()])
        yield from _visible_segments(markdown, match)
        start = match.end()
    if start < end:
        yield _Segment(start, end, markdown[start:end])


def _visible_segments(markdown: str, match: re.Match[str]) -> Iterator[_Segment]:
    """Yield what is seen of a match: nothing, its inner text, or what it stands for."""
    kind = match.lastgroup
    if kind in {None, "rule"}:
        return
    if kind in _TABULAR:
        for segment in _segments(markdown, *match.span(kind), _WITHIN_TABLE):
            yield segment._replace(kind="table") if kind == "table" else segment
    elif kind in _MARKED:
        yield from _segments(markdown, *match.span(kind), _WITHIN)
    elif kind in {"gap", "cell"}:
        yield _Segment(*match.span(), " ")
    elif kind == "entity":
        is_known = match[0][1] == "#" or match[0][1:] in html5
        yield _Segment(*match.span(), unescape(match[0]) if is_known else match[0])
    elif kind == "page":
        yield _Segment(*match.span(), _page(match))
    else:
        yield _Segment(*match.span(kind), match[kind], kind)


def without_size(words: str) -> tuple[str, str]:
    """Return the words of a picture without its size, and the width in pixels that the size names, if there is one.

    >>> without_size("A cat|300x200"), without_size("A cat")
    (('A cat', '300'), ('A cat', ''))
    """
    size = _SIZE.search(words)
    return (words[: size.start()], size[0][1:].partition("x")[0]) if size else (words, "")


def formulas(text: str) -> list[Span]:
    r"""Return where mathematics stands in a text, with its signs.

    >>> formulas(r"For $5 or so: $x^2$ and \(y = 1\).")
    [(14, 19), (24, 33)]
    """
    return [match.span() for match in _IN_A_LINE.finditer(text) if match.lastgroup == "math"]


def without_formulas(text: str) -> str:
    r"""Return a text with a space in place of each formula: its commands and variables are no words.

    >>> without_formulas(r"So $\frac{a}{b} > 1$ holds for $5.")
    'So   holds for $5.'
    """
    for start, end in reversed(formulas(text)):
        text = f"{text[:start]} {text[end:]}"
    return text


def _page(match: re.Match[str]) -> str:
    """Return what `[[Page#Part|shown]]` shows; of an embedded file only what describes it."""
    name, part = match["page"].split("|")[0].removesuffix("\\").partition("#")[::2]
    shown = match["shown"] or ""
    if match[0].startswith("!") and _FILE.search(name):
        return without_size(f"|{shown}")[0][1:]
    return shown or f"{name} {'' if part.startswith('^') else part}".strip()
