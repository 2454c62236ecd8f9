"""passages as rows of a statement -> columns, and hashes of titles as the server counts them

A row begins with a topic's id, the hash of its title, and the passage's kind, entry, slot, first and last character;
then comes its cosine with a question, or its vector.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from index.engine.columns import Columns
from index.engine.server.connection import Row
from index.engine.server.vector_format import HEADER_BYTES
from index.storage import TopicViews


def cosine_columns(rows: Sequence[Row]) -> tuple[Columns, npt.NDArray[np.int64]]:
    """Return passages as columns whose vectors are their cosines with a question, and the title hash of each topic."""
    cosines = np.array([row[7] for row in rows], dtype=np.float32).reshape(-1, 1)
    return _columns(rows, cosines)


def topic_views(rows: Sequence[Row], dimension: int) -> TopicViews:
    """Return what topics are about, by their passages with vectors of a dimension."""
    numbers = b"".join(row[7][HEADER_BYTES:] for row in rows)
    vectors = np.frombuffer(numbers, dtype=">f2").astype(np.float16).reshape(-1, dimension)
    columns, hashes = _columns(rows, vectors)
    return TopicViews(columns.row_ids, hashes.view(np.uint64), columns.views(np.arange(len(columns.row_ids))))


def _columns(rows: Sequence[Row], vectors: npt.NDArray[Any]) -> tuple[Columns, npt.NDArray[np.int64]]:
    table = np.array([row[:7] for row in rows], dtype=np.int64).reshape(-1, 7)
    row_ids, firsts = np.unique(table[:, 0], return_index=True)
    hashes = table[firsts, 1]
    row_slots = table[:, 4].astype(np.uint8)
    columns = Columns(
        row_ids=row_ids,
        starts=np.append(firsts, len(rows)).astype(np.int64),
        subjects=np.zeros(len(row_ids), dtype=np.int32),
        titles=hashes.view(np.uint64),
        slot_bits=np.bitwise_or.reduceat(row_slots, firsts) if len(firsts) else row_slots,
        kinds=table[:, 2].astype(np.uint8),
        entries=table[:, 3].astype(np.int32),
        row_slots=row_slots,
        spans=table[:, 5:7].astype(np.int32),
        vectors=vectors,
        subject_names=np.array([""], dtype=np.str_),
    )
    return columns, hashes


def signed_hash(hash_: int) -> int:
    """Return 64 bits as the server counts them, whose integers have a sign.

    >>> signed_hash(2**64 - 1), unsigned_hash(-1) == 2**64 - 1
    (-1, True)
    """
    return hash_ - 2**64 if hash_ >= 2**63 else hash_


def unsigned_hash(hash_: int) -> int:
    """Return 64 bits of the server as Python counts them."""
    return hash_ % 2**64
