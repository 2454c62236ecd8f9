"""the vectors of passages, each kept once by model and text, as long as a passage uses it"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np

from index.database import Database
from index.records import Vectors


class VectorStore(Database):
    """What was embedded: a text that moves or returns is not embedded again."""

    def texts_without_vector(self, model: str, texts: Iterable[str]) -> list[str]:
        """Return those of the texts, each once and in order, of which no vector by the model is kept."""
        return [
            text
            for text in dict.fromkeys(texts)
            if not self._one("SELECT 1 FROM vector WHERE key = ?", vector_key(model, text))
        ]

    def put_vectors(self, model: str, texts: Sequence[str], vectors: Vectors) -> None:
        """Keep the model's vectors of texts, shape (texts, dimension), in half precision."""
        halves = vectors.astype(np.float16)
        self._db.executemany(
            "INSERT OR REPLACE INTO vector VALUES (?, ?)",
            [(vector_key(model, text), row.tobytes()) for text, row in zip(texts, halves, strict=True)],
        )

    def drop_loose_vectors(self) -> None:
        """Let go of the vectors that lost their last passage in a change."""
        self._db.execute(
            """DELETE FROM vector WHERE key IN (SELECT key FROM loose_vector)
               AND NOT EXISTS (SELECT 1 FROM passage WHERE vector_key = vector.key)"""
        )
        self._db.execute("DELETE FROM loose_vector")

    def count_unused_vectors(self) -> int:
        """Return how many vectors no passage uses: those of syncs that were interrupted."""
        return self._count("SELECT count(*) FROM vector WHERE key NOT IN (SELECT vector_key FROM passage)")

    def drop_unused_vectors(self) -> None:
        """Let go of vectors that no passage uses."""
        with self.change():
            self._db.execute("DELETE FROM vector WHERE key NOT IN (SELECT vector_key FROM passage)")


def vector_key(model: str, text: str) -> bytes:
    """Return what a text's vector is kept under: 16 bytes of BLAKE2b over the model's name and the text."""
    return hashlib.blake2b(f"{model}\0{text}".encode(), digest_size=16).digest()
