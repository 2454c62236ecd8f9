"""passages that wait for a worker: any number of processes embed them, each passage once"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
import psycopg

from index.engine.server.catalog.vectors import put_vectors
from index.engine.server.connection import Row, Server, explained
from index.errors import TopicsError
from index.records import Encoded

BATCH: Final = 64
"""Passages that a worker takes at once: a few seconds of work, all that its end can cost."""


class Waiting(NamedTuple):
    """A passage that waits."""

    shelf: int
    library: int
    key: bytes
    is_entry: bool
    text: str


class Worker:
    """One connection that embeds what waits in a library, with one model."""

    def __init__(self, server: Server, model: str, encode: Callable[[Sequence[str]], Encoded]) -> None:
        """Work for a library of a server by a model."""
        self._address = server.address
        self._model = model
        self._encode = encode
        self._db = self._connected()

    def _connected(self) -> psycopg.Connection[Row]:
        return Server(self._address, does="works").connected()

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def work(self) -> int:
        """Embed a batch and return how many passages that were; 0 where none waits.

        What a worker takes, no other one does; should its process end, the server gives it to the next. A connection
        that was lost is made anew.

        Raises:
            LibraryError: the server cannot be used.

        """
        if self._db.closed:
            self._db = self._connected()
        with explained(self._address), self._db.transaction():
            taken = self._taken()
            if taken:
                self._embed(taken)
        return len(taken)

    def _taken(self) -> list[Waiting]:
        rows = self._db.execute(
            """SELECT q.shelf, q.library, q.key, q.is_entry, q.text FROM topics.to_embed q
               JOIN topics.shelf s ON s.id = q.shelf
               WHERE s.model = %s AND s.library = (SELECT topics.changing_library()) AND q.failure = ''
               ORDER BY length(q.text) LIMIT %s FOR UPDATE OF q SKIP LOCKED""",
            (self._model, BATCH),
        ).fetchall()
        return [Waiting._make((*row[:2], bytes(row[2]), *row[3:])) for row in rows]

    def _embed(self, taken: Sequence[Waiting]) -> None:
        try:
            encoded = self._encode([waiting.text for waiting in taken])
        except TopicsError:
            raise
        except Exception as error:
            self._fail(taken, error)
            return
        binary_tokens = [
            bits.tobytes() if waiting.is_entry else None
            for waiting, bits in zip(taken, encoded.binary_tokens, strict=True)
        ]
        halves = encoded.vectors.astype(np.float16)
        for shelf, library in {(waiting.shelf, waiting.library) for waiting in taken}:
            rows = [
                (waiting.key, half, bits)
                for waiting, half, bits in zip(taken, halves, binary_tokens, strict=True)
                if waiting.shelf == shelf
            ]
            self._db.execute(
                "UPDATE topics.shelf SET dimension = %s WHERE id = %s AND dimension < %s",
                (halves.shape[1], shelf, halves.shape[1]),
            )
            put_vectors(self._db, shelf, library, rows)
        self._remove(taken)

    def _fail(self, taken: Sequence[Waiting], error: Exception) -> None:
        """Embed one by one where a batch fails; what fails alone is left to the sync, which names its file."""
        if len(taken) > 1:
            for waiting in sorted(taken, key=lambda waiting: waiting.key):  # as `put_vectors` keeps them
                self._embed([waiting])
            return
        reason = f"{type(error).__name__}: {error}"[:500]
        self._db.execute(
            "UPDATE topics.to_embed SET failure = %s WHERE shelf = %s AND key = %s",
            (reason, taken[0].shelf, taken[0].key),
        )

    def _remove(self, taken: Sequence[Waiting]) -> None:
        self._db.execute(
            "DELETE FROM topics.to_embed WHERE shelf = ANY(%s) AND key = ANY(%s)",
            ([waiting.shelf for waiting in taken], [waiting.key for waiting in taken]),
        )
