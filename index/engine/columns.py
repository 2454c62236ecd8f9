"""the searchable passages of a library as columns, a row each: in memory, or mapped from a file"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.arrays import mapped, unit_vectors
from index.errors import DAMAGED_ROW, LibraryError
from index.records import SLOTS, Ids, PassageKind, PassageRow, Vectors, slot_bit
from index.text import title_hash

KINDS: Final[tuple[PassageKind, ...]] = ("entry", "topic", "asked")
ENTRY, TOPIC, ASKED = range(3)

MAX_ENTRIES: Final = 4_096
"""Entries that a topic may have, however few rows there are: of those in which nothing is seen there is no row."""

_KINDS_OF_COLUMNS: Final = (
    *(np.int64, np.int64, np.int32, np.uint64, np.uint8, np.uint8, np.int32, np.uint8, np.int32),
    np.float16,
)
"""What the columns hold, in the order of their fields, the names of subjects apart."""

_FILES: Final = {"row_ids": "topic_ids"}
"""What a column's file is called where it is not called like the column: libraries hold it by this name."""

CHUNK: Final = 8192
"""Rows read at a time."""


@dataclass(frozen=True)
class Columns:
    """Passages side by side with those of their topic; the topics ascend by id."""

    row_ids: Ids
    starts: Ids
    """Where the rows of each topic begin, and after the last topic the number of rows: shape (topics + 1,)."""
    subjects: npt.NDArray[np.int32]
    """The position of each topic's subject in `subject_names`."""
    titles: npt.NDArray[np.uint64]
    """The `title_hash` of each topic."""
    slot_bits: npt.NDArray[np.uint8]
    """Which slots each topic has: the sum of their `slot_bit`."""
    kinds: npt.NDArray[np.uint8]
    """A position in KINDS for each row."""
    entries: npt.NDArray[np.int32]
    row_slots: npt.NDArray[np.uint8]
    """The `slot_bit` of each row's entry."""
    spans: npt.NDArray[np.int32]
    """Start and end in the entry's text, shape (rows, 2)."""
    vectors: npt.NDArray[np.floating]
    """Unit vectors: in half precision as they are stored, in single precision where an index holds them so."""
    subject_names: npt.NDArray[np.str_]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.kinds)

    @classmethod
    def gather(cls, rows: Iterable[PassageRow]) -> Columns:
        """Put rows, ordered by topic, into columns.

        Raises:
            LibraryError: they are such as no sync writes.

        """
        try:
            columns = cls._gathered(rows)
            columns.check()
        except (ValueError, TypeError, OverflowError) as error:
            raise LibraryError(f"A passage of the library is damaged ({error}): {DAMAGED_ROW}") from error
        return columns

    @classmethod
    def _gathered(cls, rows: Iterable[PassageRow]) -> Columns:
        names: dict[str, int] = {}
        chunks = [_chunk(chunk, names) for chunk in _chunks(iter(rows))] or [_chunk((), names)]
        topic_of_row, subjects, titles, *others = (np.concatenate(column) for column in zip(*chunks, strict=True))
        row_ids, firsts = np.unique(topic_of_row, return_index=True)
        kinds, entries, row_slots, spans, vectors = others
        return cls(
            row_ids=row_ids,
            starts=np.append(firsts, len(topic_of_row)).astype(np.int64),
            subjects=subjects[firsts],
            titles=titles[firsts],
            slot_bits=np.bitwise_or.reduceat(row_slots, firsts) if len(firsts) else row_slots,
            kinds=kinds,
            entries=entries,
            row_slots=row_slots,
            spans=spans,
            vectors=vectors,
            subject_names=np.array(list(names), dtype=np.str_),
        )

    def save(self, folder: Path) -> None:
        """Write a file for each column."""
        for field in fields(self):
            np.save(_column_file(folder, field.name), getattr(self, field.name), allow_pickle=False)

    @classmethod
    def map(cls, folder: Path) -> Columns:
        """Return the columns in a folder, read from the disk as they are needed.

        Raises:
            ValueError: they do not fit together.

        """
        columns = cls(**{field.name: mapped(_column_file(folder, field.name)) for field in fields(cls)})
        columns.check()
        return columns

    def check(self) -> None:
        """Raise ValueError where rows, topics or what they point to do not fit together.

        Whoever made a file chose its numbers: a topic of 2^31 entries would hold a question up for minutes. All but
        the vectors is looked at, which of 250,000 rows takes 4 ms.
        """
        if not (self._has_shape() and self._ascends() and self._points_inside()):
            raise ValueError("the columns do not fit together")

    def _has_shape(self) -> bool:
        """Return whether each column is of the right kind and length."""
        topics, rows = len(self.row_ids), self.vectors.shape[0] if self.vectors.ndim == 2 else -1
        shapes = [(topics,), (topics + 1,), (topics,), (topics,), (topics,), (rows,), (rows,), (rows,), (rows, 2)]
        columns = [getattr(self, field.name) for field in fields(self)]
        return (
            [column.shape for column in columns[:-2]] == shapes
            and [column.dtype for column in columns[:-1]] == [np.dtype(kind) for kind in _KINDS_OF_COLUMNS]
            and self.subject_names.ndim == 1
            and self.subject_names.dtype.kind == "U"
        )

    def _ascends(self) -> bool:
        """Return whether the topics ascend by id, and each has its rows after those of the one before."""
        ends = len(self.row_ids) == 0 or self.row_ids[0] >= 0
        return bool(
            ends
            and (self.row_ids[1:] > self.row_ids[:-1]).all()
            and self.starts[0] == 0
            and self.starts[-1] == len(self)
            and (self.starts[1:] > self.starts[:-1]).all()
        )

    def _points_inside(self) -> bool:
        """Return whether subjects, kinds, slots, entries and spans are such as there can be."""
        return (
            _is_within(self.subjects, 0, len(self.subject_names))
            and _is_within(self.slot_bits, 0, 1 << len(SLOTS))
            and _is_within(self.kinds, 0, len(KINDS))
            and _is_within(self.row_slots, 0, 1 << (len(SLOTS) - 1), last=True)
            and _is_within(self.entries, -1, max(len(self), MAX_ENTRIES))
            and bool((self.spans[:, 0] >= 0).all() and (self.spans[:, 0] <= self.spans[:, 1]).all())
        )

    @cached_property
    def topic_of_row(self) -> Ids:
        """The position of each row's topic in `row_ids`."""
        return np.repeat(np.arange(len(self.row_ids)), np.diff(self.starts))

    def rows_of(self, topics: Ids) -> Ids:
        """Return the rows of topics, given by their positions, in that order."""
        starts = self.starts[topics]
        lengths = self.starts[topics + 1] - starts
        offsets = np.repeat(np.cumsum(lengths) - lengths, lengths)
        return np.asarray(np.repeat(starts, lengths) + np.arange(lengths.sum()) - offsets)

    def positions(self, row_ids: Ids) -> Ids:
        """Return the positions of those of the topics that are here."""
        positions = np.searchsorted(self.row_ids, row_ids)
        is_here = positions < len(self.row_ids)
        is_here[is_here] = self.row_ids[positions[is_here]] == row_ids[is_here]
        return positions[is_here]

    def views(self, topics: Ids) -> Vectors:
        """Return what topics, given by ascending positions, are about: as a whole, and in each slot.

        Shape (topics, 1 + slots, dimension); unit vectors, zeros where a topic lacks a slot.
        """
        rows = self.rows_of(topics)
        rows = rows[self.kinds[rows] == ENTRY]
        places = np.searchsorted(topics, self.topic_of_row[rows])
        slots = _VIEW_OF_BIT[self.row_slots[rows]]
        views = np.zeros((len(topics), 1 + len(SLOTS), self.vectors.shape[1]), dtype=np.float32)
        if len(rows):
            firsts = np.flatnonzero(np.diff(places * len(_VIEW_OF_BIT) + slots, prepend=-1))
            views[places[firsts], slots[firsts]] = np.add.reduceat(
                self.vectors[rows].astype(np.float32, copy=False), firsts
            )
        views[:, 0] = views.sum(axis=1)  # what stands under no slot was there till now
        return unit_vectors(views)


def _column_file(folder: Path, column: str) -> Path:
    return folder / f"{_FILES.get(column, column)}.npy"


def _is_within(column: npt.NDArray[Any], low: int, high: int, *, last: bool = False) -> bool:
    """Return whether all values are from `low` to below `high`, or to it as the `last` one."""
    return len(column) == 0 or bool(column.min() >= low and column.max() < high + last)


_VIEW_OF_BIT: Final = np.array([0, 1, 2, 0, 3])
"""The place in `Columns.views` for each `slot_bit`."""


def _chunks(rows: Iterator[PassageRow]) -> Iterator[tuple[PassageRow, ...]]:
    while chunk := tuple(islice(rows, CHUNK)):
        yield chunk


def _chunk(rows: tuple[PassageRow, ...], names: dict[str, int]) -> tuple[npt.NDArray[Any], ...]:
    """Return row ids, subjects, title hashes, kinds, entries, slots, spans and vectors of some rows."""
    hashes: dict[str, int] = {}
    for row in rows:
        if row.title not in hashes:
            hashes[row.title] = title_hash(row.title)
    vectors = np.frombuffer(b"".join(row.vector for row in rows), dtype=np.float16)
    return (
        np.array([row.row_id for row in rows], dtype=np.int64),
        np.array([names.setdefault(row.subject, len(names)) for row in rows], dtype=np.int32),
        np.array([hashes[row.title] for row in rows], dtype=np.uint64),
        np.array([KINDS.index(row.kind) for row in rows], dtype=np.uint8),
        np.array([row.entry for row in rows], dtype=np.int32),
        np.array([slot_bit(row.slot) for row in rows], dtype=np.uint8),
        np.array([(row.start, row.end) for row in rows], dtype=np.int32).reshape(-1, 2),
        vectors.reshape(len(rows), -1 if rows else 0),
    )
