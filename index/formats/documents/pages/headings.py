"""the headings of a document: those of its outline, or else lines in larger or bolder type"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, TypeAlias

from index.formats.documents.blocks import Block, one_line
from index.formats.documents.pages.page import BULLET, Line, Outline, Page, body_size, page_anchor, usual_leading

BETWEEN: Final = 10_000
"""How far the places of headings lie apart that stand above the same line: more than a page has lines."""
LONGEST_NUMBER: Final = 8
"""Letters and figures that stand before a heading on its page, and not in the outline: `Chapter 12`, `4.2.1`."""

LARGER: Final = 1.12
"""How much larger than the text a heading is set: 11 points over 10 are a caption's difference, 12 a heading's."""
LONGEST_HEADING: Final = 140
"""Characters; what is longer is a text in large type."""
MAX_HEADINGS: Final = 0.4
"""The share of the letters from which on what stands out is the text itself."""

_LETTER: Final = re.compile(r"[^\W\d_]")
_PLAIN: Final = re.compile(r"\w+")

HeadingPlace: TypeAlias = tuple[int, int]
"""The number of a page, and that of the line which is the heading; `-1 - line` for a heading that stands above a line,
and BETWEEN less for each more above the same one."""


class _Style(NamedTuple):
    size: float
    bold: bool


def outlined_headings(pages: Sequence[Page], outline: Sequence[Outline]) -> dict[HeadingPlace, Block]:
    """Return the outline's headings by where each stands: a page, and the line that it takes the place of.

    One that is not found on its page stands before the first line below where it leads.
    """
    by_number = {page.number: page for page in pages}
    headings: dict[HeadingPlace, Block] = {}
    for entry in outline:
        page = by_number[entry.page + 1]
        place = _place_of(entry, page, {line for number, line in headings if number == page.number})
        while (page.number, place) in headings:
            place -= BETWEEN  # several above the same line, in their order
        headings[page.number, place] = Block(entry.title, page_anchor(page.number), entry.level)
    return headings


def _place_of(entry: Outline, page: Page, taken: set[int]) -> int:
    """Return the number of the line that is a heading; one below -1 where it only stands above a line."""
    wanted = _letters(entry.title)
    for number, line in enumerate(page.lines):
        letters = _letters(line.text)
        is_named = letters == wanted or (letters.endswith(wanted) and len(letters) < len(wanted) + LONGEST_NUMBER)
        if wanted and is_named and number not in taken:
            return number
    below = next((number for number, line in enumerate(page.lines) if entry.top and line.y1 <= entry.top + 2), 0)
    return -1 - below


def _letters(text: str) -> str:
    return "".join(_PLAIN.findall(text)).casefold()


def larger_or_bold_lines(pages: Sequence[Page]) -> dict[HeadingPlace, Block]:
    """Return the lines set larger than the text, or bold above a text, by where they stand; none where most are."""
    lines_at = _lines_of_headings(pages)
    letters = sum(len(line.text) for page in pages for line in page.lines)
    if sum(len(_text_of(lines)) for lines in lines_at.values()) > MAX_HEADINGS * letters:
        return {}
    styles = sorted({_style(lines[0]) for lines in lines_at.values()}, reverse=True)
    levels = {style: min(level, 5) for level, style in enumerate(styles, start=1)}
    headings: dict[HeadingPlace, Block] = {}
    for (page, place), lines in lines_at.items():
        headings[page, place] = Block(_text_of(lines), page_anchor(page), levels[_style(lines[0])])
        headings |= {(page, place + more): Block("") for more in range(1, len(lines))}
    return headings


def _lines_of_headings(pages: Sequence[Page]) -> dict[HeadingPlace, list[Line]]:
    """Return the lines of each heading by the place of its first one."""
    body = body_size(pages)
    lines_at: dict[HeadingPlace, list[Line]] = {}
    for page in pages:
        leading = usual_leading(page.lines)
        heading: list[Line] = []
        for number, line in enumerate(page.lines):
            if not _stands_out(page.lines, number, body, leading):
                heading = []
            elif heading and _is_same_heading(heading[-1], line):
                heading.append(line)
            else:
                heading = lines_at[page.number, number] = [line]
    return {place: lines for place, lines in lines_at.items() if len(_text_of(lines)) <= LONGEST_HEADING}


def _style(line: Line) -> _Style:
    return _Style(round(line.size * 2) / 2, line.bold)


def _text_of(lines: Sequence[Line]) -> str:
    return one_line(" ".join(line.text for line in lines))


def _stands_out(lines: Sequence[Line], number: int, body: float, leading: float) -> bool:
    """Say whether a line is larger than the text of the document, or bold and apart from what stands above it."""
    line = lines[number]
    is_larger = line.size >= LARGER * body
    if not (is_larger or line.bold) or not _LETTER.search(line.text) or BULLET.match(line.text):
        return False
    if is_larger:
        return True
    if not line.bold or line.size < 0.95 * body or line.text.endswith((".", ",", ";")):
        return False
    above, below = (lines[place] if 0 <= place < len(lines) else None for place in (number - 1, number + 1))
    is_apart = above is None or above.bold or abs(above.y0 - line.y0) > 1.2 * leading
    return is_apart and below is not None and len(line.text) <= LONGEST_HEADING / 2


def _is_same_heading(above: Line, line: Line) -> bool:
    """Say whether a heading goes on in the next line."""
    return _style(above) == _style(line) and 0 < above.y0 - line.y0 < 1.6 * max(line.size, above.size)


def headings_by_line(places: Iterable[int]) -> list[tuple[int, list[int]]]:
    """Return the lines of a page that have headings, each with their places: those above it, then the line itself."""
    lines: dict[int, list[int]] = defaultdict(list)
    for place in sorted(places, key=lambda place: (place >= 0, -place)):
        lines[place if place >= 0 else (-1 - place) % BETWEEN].append(place)
    return sorted(lines.items())
