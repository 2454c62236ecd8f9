"""text runs anywhere on a page -> lines in the order in which a person reads them: column by column

Recursive cuts of the page between what stands apart, in the manner of the XY-cut (Nagy and Seth 1984).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final, NamedTuple, TypeAlias

from index.formats.documents.pages.page import Line
from index.formats.documents.pages.running_lines import MARGIN

MIN_GUTTER: Final = 8.0
"""Points between two columns at least; words stand 3 apart."""

WIDE: Final = 0.6
"""The share of the width from which on a run spans columns: a title, or a line of a page without columns."""

MIN_ROWS: Final = 5
"""Rows on each side of a gutter at least: fewer are a picture's captions, or a table."""

FILLED: Final = 0.6
"""The share of its column's width that the middle row fills at least; the cells of a table are shorter."""

MIDDLE: Final = (0.2, 0.8)
"""Where on a page a gutter is looked for, as shares of its width."""

SPACE: Final = 0.15
"""The gap between two runs, in heights of a letter, from which on there is a space."""


class TextRun(NamedTuple):
    """Text that is drawn at once, and its box: points, from the left and from the bottom."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float = 0.0
    bold: bool = False


Box: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right and top, in points."""


def column_edges(boxes: Sequence[Box], width: float) -> list[float]:
    """Return where one column ends and the next one begins, from left to right; nothing on a page without columns."""
    narrow = [box for box in boxes if box[2] - box[0] < WIDE * width]
    if len(narrow) < 2 * MIN_ROWS or len(narrow) < len(boxes) / 3:
        return []
    return sorted(_edges(sorted(narrow), min(box[0] for box in narrow), max(box[2] for box in narrow)))


def _edges(boxes: Sequence[Box], left: float, right: float) -> list[float]:
    """Return the edges among boxes, which are sorted."""
    gap = _widest_gap(boxes, left, right)
    if gap is None:
        return []
    edge = (gap[0] + gap[1]) / 2
    sides = ([box for box in boxes if box[2] <= edge], [box for box in boxes if box[0] >= edge])
    if not all(_is_column(side) for side in sides):
        return []
    return [edge, *_edges(sides[0], left, gap[0]), *_edges(sides[1], gap[1], right)]


def _widest_gap(boxes: Sequence[Box], left: float, right: float) -> tuple[float, float] | None:
    """Return the widest strip in the middle that no run reaches into."""
    reached, best = left, (0.0, 0.0)
    for x0, _, x1, _ in boxes:
        if x0 - reached > best[1] - best[0] and MIDDLE[0] <= (x0 - left) / (right - left) <= MIDDLE[1]:
            best = reached, x0
        reached = max(reached, x1)
    return best if best[1] - best[0] >= MIN_GUTTER else None


def _is_column(boxes: Sequence[Box]) -> bool:
    """Say whether runs are lines of a text, which fill their column."""
    left: dict[int, float] = {}
    right: dict[int, float] = {}
    for x0, y0, x1, _ in boxes:
        row = round(y0 / 3)
        left[row], right[row] = min(x0, left.get(row, x0)), max(x1, right.get(row, x1))
    if len(left) < MIN_ROWS:
        return False
    widths = [right[row] - left[row] for row in left]
    return median(widths) >= FILLED * max(widths) and max(widths) > 4 * MIN_GUTTER


def is_in_order(lines: Sequence[Line], boxes: Sequence[Box], edges: Sequence[float], height: float) -> bool:
    """Say whether lines, as they are drawn, are read column by column already, and none was made of two columns.

    Heads and feet may be drawn at any time.
    """
    column = 0
    spanning = 0
    for line in lines:
        if line.y1 <= MARGIN * height or line.y0 >= (1 - MARGIN) * height:
            continue
        place = bisect_right(edges, line.x0)
        if bisect_left(edges, line.x1) > place:
            spanning, column = spanning + 1, 0
            continue
        if place < column:
            return False
        column = place
    return not spanning or spanning <= sum(bisect_left(edges, x1) > bisect_right(edges, x0) for x0, _, x1, _ in boxes)


def in_reading_order(runs: Sequence[TextRun], edges: Sequence[float]) -> list[Line]:
    """Return the lines of a page: column by column between what spans them."""
    if not edges:
        return _column_lines(runs)
    edge = edges[len(edges) // 2]
    spanning = [run for run in runs if run.x0 < edge < run.x1]
    rest = [run for run in runs if not run.x0 < edge < run.x1]
    lines: list[Line] = []
    for line in [*_column_lines(spanning), None]:
        bottom = line.y0 if line else float("-inf")
        band = [run for run in rest if run.y0 >= bottom]
        rest = [run for run in rest if run.y0 < bottom]
        lines += in_reading_order([run for run in band if run.x1 <= edge], [inner for inner in edges if inner < edge])
        lines += in_reading_order([run for run in band if run.x0 >= edge], [inner for inner in edges if inner > edge])
        lines += [line] if line else []
    return lines


def _column_lines(runs: Sequence[TextRun]) -> list[Line]:
    """Return the runs of one column as lines, from top to bottom."""
    rows: list[list[TextRun]] = []
    for run in sorted(runs, key=lambda run: (-run.y0, run.x0)):
        above = rows[-1][0] if rows else None
        height = max(run.size, 1.0)
        if above and abs(above.y0 - run.y0) < height / 2:
            rows[-1].append(run)
        else:
            rows.append([run])
    return [_joined_line(sorted(row, key=lambda run: run.x0)) for row in rows]


def _joined_line(row: Sequence[TextRun]) -> Line:
    text = row[0].text
    for before, run in pairwise(row):
        is_apart = run.x0 - before.x1 > SPACE * max(run.size, 1.0)
        text += f" {run.text}" if is_apart and not text.endswith(" ") else run.text
    size = max(row, key=lambda run: len(run.text)).size
    return Line(
        text.strip(),
        row[0].x0,
        min(run.y0 for run in row),
        max(run.x1 for run in row),
        max(run.y1 for run in row),
        size,
        all(run.bold for run in row),
    )
