"""Line, Page and Outline: a page as it is set, before it is known what a line is"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final, NamedTuple

from index.formats.documents.blocks import Anchor

BULLET: Final = re.compile(r"^\s*[•‣▪▫◦●○■□–—∙·‐*-]\s+(?=\S)")
"""The sign before an item of a list that has no number."""


class Line(NamedTuple):
    """A line as it is set: points, from the left and from the bottom of its page as it is shown."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool


class Page(NamedTuple):
    """A page of lines in reading order."""

    number: int
    """Counted from 1."""
    width: float
    height: float
    lines: list[Line]
    hidden: int = 0
    """Text runs on it that nobody can see."""
    is_scanned: bool = False
    edges: Sequence[float] = ()
    """Where one column ends and the next one begins."""


class Outline(NamedTuple):
    """A heading of a document's own outline."""

    title: str
    level: int
    page: int
    """Counted from 0."""
    top: float | None
    """Where on the page it leads, in points from the bottom; None for the page as a whole."""


def page_anchor(number: int) -> Anchor:
    """Return where a block of a page stands, by the number of the page."""
    return (("page", number),)


def body_size(pages: Sequence[Page]) -> float:
    """Return the size that most letters have."""
    letters: dict[float, int] = {}
    for page in pages:
        for line in page.lines:
            letters[line.size] = letters.get(line.size, 0) + len(line.text)
    sizes: Counter[float] = Counter()
    for size, count in letters.items():
        sizes[round(size * 2) / 2] += count
    return sizes.most_common(1)[0][0] if sizes else 0.0


def usual_leading(lines: Sequence[Line]) -> float:
    """Return how far the lines of a page usually stand below each other."""
    gaps = [above.y0 - line.y0 for above, line in pairwise(lines) if above.y0 > line.y0]
    return median(gaps) if gaps else 0.0
