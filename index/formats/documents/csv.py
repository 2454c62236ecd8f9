"""tables in text -> blocks: a group of rows a topic, with the head of the table"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Final

from index.formats.documents.blocks import Block, Extract, Unreadable
from index.formats.documents.decoding import decoded
from index.formats.documents.limits import Limits
from index.formats.documents.rows import GROUP, head_block, row_block

DELIMITERS: Final = ",;\t|"
CSV_SAMPLE_BYTES: Final = 64 * 1024
LONGEST_CELL: Final = 2**20
"""Characters: what is longer is no cell that somebody filled in."""

_FIGURE: Final = re.compile(r"\s*[-+]?[\d.,]+\s*%?\s*")


def read(content: bytes, limits: Limits) -> Extract:
    """Return the rows of a table, a few in each topic.

    Raises:
        Unreadable: it is no text, or no table.

    """
    csv.field_size_limit(LONGEST_CELL)
    text = decoded(content)
    try:
        rows = list(_filled_rows(text))
    except csv.Error as error:
        raise Unreadable(f"damaged: no table ({error})") from error
    return Extract(list(_table_blocks(rows)))


def _filled_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that say something, each with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text[:CSV_SAMPLE_BYTES]))
    line = 1
    for row in reader:
        if any(cell.strip() for cell in row):
            yield line, row
        line = reader.line_num + 1


def _delimiter(sample: str) -> str:
    """Return the separator of cells: the sign that stands equally often in most lines."""
    lines = [line for line in sample.split("\n")[:50] if line.strip()]
    counts = {delimiter: [line.count(delimiter) for line in lines] for delimiter in DELIMITERS}
    alike = {delimiter: sum(count > 0 and count == many[0] for count in many) for delimiter, many in counts.items()}
    return max(DELIMITERS, key=lambda delimiter: (alike[delimiter], counts[delimiter][:1]))


def _table_blocks(rows: Sequence[tuple[int, list[str]]]) -> Iterator[Block]:
    if not rows:
        return
    (_, first), body = rows[0], rows[1:]
    if any(_FIGURE.fullmatch(cell) for cell in first) or not body:  # nothing that names columns
        first, body = [f"column {number}" for number in range(1, len(first) + 1)], rows
    width = max(len(row) for _, row in rows)
    offset = len(rows) - len(body) + 1
    for start in range(0, len(body), GROUP):
        group = body[start : start + GROUP]
        number = start + offset
        if len(body) > GROUP:
            yield Block(f"Rows {number}–{number + len(group) - 1}", (("row", number),), 1, group[0][0])
        yield head_block(first, width, (("row", number),))._replace(line=group[0][0])
        for position, (line, row) in enumerate(group):
            yield row_block(row, width, (("row", number + position),))._replace(line=line)
