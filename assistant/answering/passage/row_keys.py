"""which row of a table has the very number, month or weekday that is asked for in a cell of its own?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from index.markdown import Unit
from index.records import Span, Vectors
from index.text import calendar_name, calendar_names, compared, digit_words, stems

KEY_BONUS: Final = 1.0
"""What a row is preferred by that has the number asked for as a whole cell: as much as all else that it can say."""
COLUMN_BONUS: Final = 0.5
"""What it is preferred by on top where the head of that cell is asked for, too: "size 42" is no price."""
_PARTS_CELLS: Final = re.compile(r"(?<!\\)\|")
_EMPHASIS_AND_SPACE: Final = re.compile(r"[\s*_`]+")


def key_bonuses(question: str, text: str, units: Sequence[Unit]) -> Vectors:
    r"""Return what each unit of a text is preferred by as a row that has the number, code or month asked for as a cell.

    >>> from index.markdown import find_units
    >>> table = "| Error | Speed |\n|---|---|\n| 53 | 9 |\n| 7 | `53` |\n| 153 | 53 rpm |"
    >>> key_bonuses("what does error 53 mean?", table, find_units(table).units).tolist()
    [1.5, 1.0, 0.0]
    """
    keys = {compared(question[word.start : word.end]) for word in digit_words(question)} | calendar_names(question)
    question_stems = stems(question)

    def bonus(unit: Unit) -> float:
        columns = row_cells(text, unit.labels[-1])
        matches = [place for place, cell in enumerate(row_cells(text, unit.span)) if _cell_key(cell) in keys]
        is_column = any(question_stems & stems(columns[place]) for place in matches if place < len(columns))
        return KEY_BONUS * bool(matches) + COLUMN_BONUS * is_column

    return np.array([bonus(unit) if keys and unit.kind == "row" else 0.0 for unit in units], dtype=np.float32)


def _cell_key(cell: str) -> str:
    """Return what a cell is compared as: "Jul" and "July" are one month."""
    key = _EMPHASIS_AND_SPACE.sub("", compared(cell))
    return calendar_name(key) or key


def row_cells(text: str, row: Span) -> list[str]:
    """Return the cells of a row of a table, as they are written."""
    return _PARTS_CELLS.split(text[slice(*row)].strip().strip("|"))
