"""the vectors of passages, each kept once by model and text, and the passages that wait for a worker"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from operator import itemgetter

import numpy as np
import numpy.typing as npt
import psycopg

from index.catalog import each_text_once, vector_key
from index.engine.server.catalog.tables import READ_AT_ONCE, LibraryTables, WritableTables
from index.engine.server.connection import Row
from index.engine.server.vector_format import as_text, halves_of
from index.records import Encoded, KeptVector, Passage


class VectorStore(LibraryTables):
    """What was embedded: a text that moves or returns is not embedded again."""

    def kept_vectors(self) -> Iterator[list[KeptVector]]:
        """Yield what was embedded by the present model, some at a time."""
        after = b""
        while rows := self._server.all(
            """SELECT key, halfvec_send(embedding), signs FROM topics.vector
               WHERE shelf = %s AND key > %s ORDER BY key LIMIT %s""",
            self.state().shelf,
            after,
            READ_AT_ONCE,
        ):
            yield [
                KeptVector(
                    bytes(key), halves_of(sent).tobytes(), None if binary_tokens is None else bytes(binary_tokens)
                )
                for key, sent, binary_tokens in rows
            ]
            after = bytes(rows[-1][0])


class VectorWriter(VectorStore, WritableTables):
    """The same for whoever changes it; the vectors of a model stand on a shelf of their own."""

    def not_encoded(self, model: str, passages: Iterable[Passage]) -> list[Passage]:
        """Return those of the passages, each text once, that the model has yet to encode."""
        wanted = {vector_key(model, passage.text): passage for passage in each_text_once(passages)}
        rows = self._server.all(
            """SELECT v.key, v.signs IS NOT NULL FROM topics.vector v JOIN topics.shelf s ON s.id = v.shelf
               WHERE s.library = %s AND s.model = %s AND v.key = ANY(%s)""",
            self.number,
            model,
            list(wanted),
        )
        has_tokens = {bytes(key): binary_tokens for key, binary_tokens in rows}
        return [
            passage
            for key, passage in wanted.items()
            if key not in has_tokens or (passage.kind == "entry" and not has_tokens[key])
        ]

    def put_encoded(self, model: str, passages: Sequence[Passage], encoded: Encoded) -> None:
        """Keep passages as the model reads them: vectors in half precision, and the binary token vectors of entries."""
        if not passages:
            return
        shelf = self._shelf(model, encoded.vectors.shape[1])
        rows = [
            (vector_key(model, passage.text), half, binary_tokens.tobytes() if passage.kind == "entry" else None)
            for passage, half, binary_tokens in zip(
                passages, encoded.vectors.astype(np.float16), encoded.binary_tokens, strict=True
            )
        ]
        put_vectors(self._db, shelf, self.number, rows)
        self._run(
            """DELETE FROM topics.to_embed q USING (
                   SELECT shelf, key FROM topics.to_embed
                   WHERE shelf = %s AND key = ANY(%s) FOR UPDATE SKIP LOCKED) free
               WHERE q.shelf = free.shelf AND q.key = free.key""",
            shelf,
            [row[0] for row in rows],
        )  # a worker takes out itself what it has taken, and may wait for these vectors

    def keep_vectors(self, model: str, vectors: Sequence[KeptVector]) -> None:
        """Keep what another library has embedded with a model."""
        if vectors:
            halves = np.stack([np.frombuffer(vector.vector, dtype="<f2") for vector in vectors])
            shelf = self._shelf(model, halves.shape[1])
            rows = [(vector.key, half, vector.binary_tokens) for vector, half in zip(vectors, halves, strict=True)]
            put_vectors(self._db, shelf, self.number, rows)

    # what workers embed

    def hand_out(self, model: str, passages: Sequence[Passage]) -> bool:
        """Let workers on other machines embed passages."""
        keys = [vector_key(model, passage.text) for passage in passages]
        self._run(
            """INSERT INTO topics.to_embed (library, shelf, key, is_entry, text)
               SELECT %s, %s, put.* FROM unnest(%s::bytea[], %s::boolean[], %s::text[]) put
               ON CONFLICT (shelf, key) DO UPDATE SET failure = '' """,
            self.number,
            self._shelf(model),
            keys,
            [passage.kind == "entry" for passage in passages],
            [passage.text for passage in passages],
        )
        return True

    def handed_out(self, model: str) -> int:
        """Return how many passages still wait for a worker: what one has failed on, the sync tries and tells of."""
        row = self._server.one(
            "SELECT count(*) FROM topics.to_embed WHERE shelf = %s AND failure = ''", self._shelf(model)
        )
        return int(row[0]) if row else 0

    @cached_property
    def _shelves(self) -> dict[str, int]:
        return {}

    def _shelf(self, model: str, dimension: int = 0) -> int:
        """Return the number of a model's shelf of vectors; a new shelf is made where there is none."""
        if model not in self._shelves:
            row = self._server.one(
                """INSERT INTO topics.shelf AS known (library, model, dimension) VALUES (%s, %s, %s)
                   ON CONFLICT (library, model) DO UPDATE SET dimension = greatest(known.dimension, excluded.dimension)
                   RETURNING id""",
                self.number,
                model,
                dimension,
            )
            self._shelves[model] = int(row[0]) if row else 0
        return self._shelves[model]

    # what nothing uses

    def _drop_freed_vectors(self) -> None:
        """Delete the vectors of deleted passages, unless others use them: to look at 100,000 takes a second."""
        self._run(
            """DELETE FROM topics.vector v USING unnest(%s::int[], %s::bytea[]) freed (shelf, key)
               WHERE v.shelf = freed.shelf AND v.key = freed.key
               AND NOT EXISTS (SELECT 1 FROM topics.passage p WHERE p.shelf = v.shelf AND p.vector_key = v.key)""",
            [shelf for shelf, _ in self._freed],
            [key for _, key in self._freed],
        )
        self._freed = set()
        self._drop_empty_shelves()

    def _drop_unused_vectors(self) -> None:
        self._run(
            """DELETE FROM topics.vector v WHERE v.library = %s
               AND NOT EXISTS (SELECT 1 FROM topics.passage p WHERE p.shelf = v.shelf AND p.vector_key = v.key)""",
            self.number,
        )
        self._drop_empty_shelves()

    def _drop_empty_shelves(self) -> None:
        rows = self._server.all(
            """SELECT s.id FROM topics.shelf s WHERE s.library = %s
               AND NOT EXISTS (SELECT 1 FROM topics.vector v WHERE v.shelf = s.id)
               AND NOT EXISTS (SELECT 1 FROM topics.to_embed q WHERE q.shelf = s.id)""",
            self.number,
        )
        for (shelf,) in rows:
            self._run("SELECT topics.drop_shelf(%s)", shelf)


def put_vectors(
    db: psycopg.Connection[Row],
    shelf: int,
    library: int,
    vectors: Sequence[tuple[bytes, npt.NDArray[np.float16], bytes | None]],
) -> None:
    """Store vectors, each with its key and, if known, its binary token vectors.

    They are stored in the order of their keys, so that two writers of the same ones cannot wait for each other.
    """
    with db.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO topics.vector AS known (shelf, library, key, embedding, signs)
               VALUES (%s, %s, %s, %s::halfvec, %s)
               ON CONFLICT (shelf, key) DO UPDATE SET embedding = excluded.embedding,
                   signs = coalesce(excluded.signs, known.signs)""",
            [
                (shelf, library, key, as_text(half), binary_tokens)
                for key, half, binary_tokens in sorted(vectors, key=itemgetter(0))
            ],
        )
