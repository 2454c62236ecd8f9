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
"""Added to the worth of a row with the number of the question in a cell: as much as all its words can be worth."""
COLUMN_BONUS: Final = 0.5
"""Added on top where the question names the column of that cell: the price 42 does not answer "size 42"."""
_CELL_BORDER: Final = re.compile(r"(?<!\\)\|")
_EMPHASIS_AND_SPACE: Final = re.compile(r"[\s*_`]+")


def key_bonuses(question: str, text: str, units: Sequence[Unit]) -> Vectors:
    r"""Return what is added to the worth of each unit that is a row with the question's number, code or day in a cell.

    Shape (units,), 0 for every other unit.

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
    """Return the form in which a cell is compared: "Jul" and "July" are one month."""
    key = _EMPHASIS_AND_SPACE.sub("", compared(cell))
    return calendar_name(key) or key


def row_cells(text: str, row: Span) -> list[str]:
    """Return the cells of a row of a table, as they are written."""
    return _CELL_BORDER.split(text[slice(*row)].strip().strip("|"))
