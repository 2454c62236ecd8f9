"""heads and feet that run through the pages of a document, and the numbers of these, found and left out"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from index.formats.documents.pages.headings import LARGER
from index.formats.documents.pages.page import Line, Page, body_size

EDGE_LINES: Final = 3
"""Lines at the top and the bottom of a page among which running heads and feet are looked for."""
MARGIN: Final = 0.11
"""The share of a page's height, at its top and its bottom, in which running heads and feet stand: text begins an inch
from the edge."""
MIN_REPEATED: Final = 3
"""Pages on which the same line stands at the same place, from which on it belongs to the pages and not to the text."""
SAME_PLACE: Final = 4.0
"""Points by which the line may stand higher or lower on another page."""
APART: Final = 3
"""Pages at most from one that has the line to the next: heads of left and right pages differ, and a chapter's first
page has none."""

_DIGIT_RUN: Final = re.compile(r"\d+")
_ONLY_NUMBER: Final = re.compile(
    r"[\W_]*(?:page\s+|seite\s+)?(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:of|/|von)\s*\d+)?[\W_]*", re.I
)


def without_running_lines(pages: Sequence[Page]) -> list[Page]:
    """Return pages without the lines that stand at the same place of many, whatever page number they hold."""
    places: dict[str, list[tuple[int, float]]] = defaultdict(list)
    body = body_size(pages)
    keyed = [[(line, list(_keys(line, page.number, body))) for line in _edge_lines(page)] for page in pages]
    for page, edge in zip(pages, keyed, strict=True):
        for line, keys in edge:
            for key in keys:
                places[key].append((page.number, line.y0))
    running = {key for key, positions in places.items() if _is_running(positions)}
    return [_without(page, running, edge, count=len(pages)) for page, edge in zip(pages, keyed, strict=True)]


def _edge_lines(page: Page) -> list[Line]:
    low, high = MARGIN * page.height, page.height - MARGIN * page.height
    above = sorted((line for line in page.lines if line.y0 >= high), key=lambda line: -line.y0)
    below = sorted((line for line in page.lines if line.y1 <= low), key=lambda line: -line.y0)
    return [*above[:EDGE_LINES], *below[-EDGE_LINES:]]


def _keys(line: Line, page: int, body: float) -> Iterator[str]:
    """Yield what a line is told by: itself, and where it is no heading, itself with the number of its page as none."""
    yield line.text
    if line.size < LARGER * body:
        for number in list(_DIGIT_RUN.finditer(line.text))[:4]:
            if len(number[0]) <= 6:
                yield f"{line.text[: number.start()]}\0{int(number[0]) - page}\0{line.text[number.end() :]}"


def _is_running(positions: Sequence[tuple[int, float]]) -> bool:
    """Say whether enough pages close to each other have a line at about the same place."""
    run, best = 1, 1
    for (page, place), (following, next_place) in pairwise(positions):
        is_next = 0 < following - page <= APART and abs(place - next_place) <= SAME_PLACE
        run = run + 1 if is_next else 1
        best = max(best, run)
    return best >= MIN_REPEATED


def _without(page: Page, running: set[str], edge: Sequence[tuple[Line, list[str]]], *, count: int) -> Page:
    """Return a page without those of the lines at its edges that have a running key, or are a number alone."""
    dropped = {line for line, keys in edge if not running.isdisjoint(keys)}
    if count >= MIN_REPEATED and edge:
        first_and_last = edge[0][0], min((line for line, _ in edge), key=lambda line: line.y0)
        dropped |= {line for line in first_and_last if _ONLY_NUMBER.fullmatch(line.text)}
    return page._replace(lines=[line for line in page.lines if line not in dropped]) if dropped else page
