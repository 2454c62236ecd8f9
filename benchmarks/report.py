"""figures -> a table and JSON"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

COLUMNS = ("what", "size", "value", "unit", "ratio", "to", "growth")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value."""

    what: str
    value: float
    unit: str
    size: int | None = None
    """Passages or files, where it was measured at several."""
    ratio: float | None = None
    """The value divided by that of what it is compared with, in the same run."""
    to: str = ""


def growth(figures: Sequence[Figure]) -> dict[Figure, float]:
    """Return for each figure with a smaller one before it the power of the size that it grew with: 1 is in step.

    >>> small, large = Figure("ask", 2.0, "ms", 100), Figure("ask", 4.0, "ms", 10_000)
    >>> growth([small, large])[large]
    0.15
    """
    found = {}
    before: dict[str, Figure] = {}
    for figure in sorted((one for one in figures if one.size), key=lambda one: one.size or 0):
        smaller = before.get(figure.what)
        if smaller and smaller.size != figure.size and min(smaller.value, figure.value) > 0:
            times = math.log((figure.size or 1) / (smaller.size or 1))
            found[figure] = round(math.log(figure.value / smaller.value) / times, 2)
        before[figure.what] = figure
    return found


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as lines of aligned columns."""
    grown = growth(figures)
    rows = [COLUMNS, *(_row(figure, grown.get(figure)) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def write_json(path: Path, machine: dict[str, str], figures: Sequence[Figure]) -> None:
    """Write the figures with the machine they were measured on."""
    grown = growth(figures)
    rows = [asdict(figure) | {"growth": grown.get(figure)} for figure in figures]
    path.write_text(json.dumps({"machine": machine, "figures": rows}, indent=2) + "\n", encoding="utf-8")


def _row(figure: Figure, grown: float | None) -> tuple[str, ...]:
    size = f"{figure.size:,}" if figure.size else ""
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    return figure.what, size, f"{figure.value:,.1f}", figure.unit, ratio, figure.to, "" if grown is None else str(grown)
