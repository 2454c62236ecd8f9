"""rows of a table -> Markdown tables of a few rows each, with the head above every one of them"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from index.formats.documents.blocks import LINE, PARAGRAPH, Anchor, Block, table_row

GROUP: Final = 25
"""Rows below one head: a screen of them, and few enough that what is asked for stands out."""


def table_blocks(rows: Sequence[Sequence[str]], place: Callable[[int], Anchor]) -> Iterator[Block]:
    """Yield the rows of a table, the head first, group by group: a block for the head, and one for each row.

    `place` tells where a row stands, by its position.
    """
    width = max(map(len, rows), default=0)
    for start in range(1, max(len(rows), 2), GROUP):
        yield head_block(rows[0], width, place(min(start, len(rows) - 1)))
        for position in range(start, min(start + GROUP, len(rows))):
            yield row_block(rows[position], width, place(position))


def head_block(head: Sequence[str], width: int, anchor: Anchor) -> Block:
    """Return the head of a table, with the line below it."""
    return Block(f"{table_row(_filled(head, width))}\n{table_row(['---'] * width)}", anchor, joint=PARAGRAPH)


def row_block(row: Sequence[str], width: int, anchor: Anchor) -> Block:
    """Return a row of a table, which stands below the one before."""
    return Block(table_row(_filled(row, width)), anchor, joint=LINE)


def _filled(row: Sequence[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))][:width]
