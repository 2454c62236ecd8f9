"""the vectors of passages, each kept once by model and text, as long as a passage uses it"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from index.records import Encoded, EntryTokens, KeptVector, KeyedPassage, Passage, Slot, Span
from index.storage import Database

KEPT_AT_ONCE: Final = 500
"""Vectors in memory at a time when all are gone through: 5 MB with their binary token vectors."""


class VectorStore(Database):
    """What was embedded: a text that moves or returns is not embedded again."""

    def not_encoded(self, model: str, passages: Iterable[Passage]) -> list[Passage]:
        """Return those of the passages, each text once, that the model has yet to encode."""
        return [passage for passage in each_text_once(passages) if not self._is_encoded(model, passage)]

    def _is_encoded(self, model: str, passage: Passage) -> bool:
        table = "token_signs" if passage.kind == "entry" else "vector"
        return self._one(f"SELECT 1 FROM {table} WHERE key = ?", vector_key(model, passage.text)) is not None  # noqa: S608

    def put_encoded(self, model: str, passages: Sequence[Passage], encoded: Encoded) -> None:
        """Keep passages as the model reads them: vectors in half precision, and the binary token vectors of entries."""
        keys = [vector_key(model, passage.text) for passage in passages]
        halves = encoded.vectors.astype("float16")
        self._db.executemany(
            "INSERT OR REPLACE INTO vector VALUES (?, ?)",
            [(key, row.tobytes()) for key, row in zip(keys, halves, strict=True)],
        )
        self._db.executemany(
            "INSERT INTO token_signs VALUES (?, ?)",
            [
                (key, binary_tokens.tobytes())
                for key, passage, binary_tokens in zip(keys, passages, encoded.binary_tokens, strict=True)
                if passage.kind == "entry"
            ],
        )

    def kept_vectors(self) -> Iterator[list[KeptVector]]:
        """Yield what was embedded, some at a time."""
        after = b""
        while rows := self._all(
            """SELECT v.key, v.vector, t.signs FROM vector v LEFT JOIN token_signs t ON t.key = v.key
               WHERE v.key > ? ORDER BY v.key LIMIT ?""",
            after,
            KEPT_AT_ONCE,
        ):
            yield list(map(KeptVector._make, rows))
            after = rows[-1][0]

    def keep_vectors(self, model: str, vectors: Sequence[KeptVector]) -> None:
        """Keep what another library has embedded: its key says by which model."""
        self._db.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", [vector[:2] for vector in vectors])
        self._db.executemany(
            "INSERT INTO token_signs VALUES (?, ?)",
            [(vector.key, vector.binary_tokens) for vector in vectors if vector.binary_tokens is not None],
        )

    def hand_out(self, model: str, passages: Sequence[Passage]) -> bool:
        """Return False: no other machine reads this file."""
        return False

    def handed_out(self, model: str) -> int:
        """Return 0: nothing waits."""
        return 0

    def topic_tokens(self, row_ids: Iterable[int], slot: Slot | None = None) -> dict[int, list[EntryTokens]]:
        """Return the binary token vectors of topics, passage by passage: those of the entries in a slot."""
        rows = self._all(
            """SELECT topic_id, entry, signs FROM passage JOIN token_signs ON key = vector_key
               WHERE topic_id IN (SELECT value FROM json_each(?)) AND kind = 'entry' AND slot IS coalesce(?, slot)""",
            json.dumps([int(id_) for id_ in row_ids]),
            slot,
        )
        tokens: dict[int, list[EntryTokens]] = {}
        for row_id, entry, binary_tokens in rows:
            tokens.setdefault(row_id, []).append((entry, binary_tokens))
        return tokens

    def entry_tokens(self, row_id: int, entry: int) -> list[tuple[Span, bytes]]:
        """Return where in the text of an entry each of its passages stands, with its binary token vectors, in order."""
        rows = self._all(
            """SELECT start, end, signs FROM passage JOIN token_signs ON key = vector_key
               WHERE topic_id = ? AND kind = 'entry' AND entry = ? ORDER BY start""",
            row_id,
            entry,
        )
        return [((start, end), binary_tokens) for start, end, binary_tokens in rows]

    def drop_loose_vectors(self) -> None:
        """Delete the vectors that lost their last passage in a change."""
        self._db.execute(
            """DELETE FROM vector WHERE key IN (SELECT key FROM loose_vector)
               AND NOT EXISTS (SELECT 1 FROM passage WHERE vector_key = vector.key)"""
        )
        self._db.execute("DELETE FROM loose_vector")

    def count_unused_vectors(self) -> int:
        """Return how many vectors no passage uses: those of syncs that were interrupted."""
        return self._count("SELECT count(*) FROM vector WHERE key NOT IN (SELECT vector_key FROM passage)")

    def drop_unused_vectors(self) -> None:
        """Delete vectors that no passage uses."""
        with self.change():
            self._db.execute("DELETE FROM vector WHERE key NOT IN (SELECT vector_key FROM passage)")


def each_text_once(passages: Iterable[Passage]) -> Iterable[Passage]:
    """Return passages, each text once; of equal texts a passage of an entry, whose tokens are stored, too."""
    by_text: dict[str, Passage] = {}
    for passage in passages:
        if passage.text not in by_text or passage.kind == "entry":
            by_text[passage.text] = passage
    return by_text.values()


def keyed_passage(model: str, passage: Passage) -> KeyedPassage:
    """Return a passage with the key of its vector by a model in place of its text."""
    return KeyedPassage(passage.kind, passage.entry, passage.start, passage.end, vector_key(model, passage.text))


def vector_key(model: str, text: str) -> bytes:
    """Return the key of a text's vector: 16 bytes of BLAKE2b over the model's name and the text."""
    return hashlib.blake2b(f"{model}\0{text}".encode(), digest_size=16).digest()
