"""An encoder made of word counts: texts that share words have similar vectors, and no model is loaded."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from index.arrays import binarize
from index.embedding.calibration import AS_MEASURED, Calibration
from index.embedding.encoder import EncodeDocuments
from index.progress import Progress
from index.records import Encoded, Span, Tokens, Vectors
from index.text.words import stems


@dataclass
class WordCountEncoder:
    """Hashes the stems of a text into a unit vector; a token is a word between white space."""

    name: str = "word-count"
    dimension: int = 256
    max_tokens: int = 40
    ready: bool = True
    encoded: list[str] = field(default_factory=list)
    """Every document text that was ever encoded, in order."""

    @property
    def tokenizer(self) -> WordCountEncoder:
        return self

    @property
    def store(self) -> WordCountEncoder:
        return self

    @property
    def calibration(self) -> Calibration:
        return AS_MEASURED

    def calibrate(self, tell: Progress) -> None:
        """Do nothing: its numbers are nobody's."""

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def token_spans(self, text: str) -> list[Span]:
        return [word.span() for word in re.finditer(r"\S+", text)]

    def tokens(self, text: str) -> Tokens:
        words = list(re.finditer(r"\w+", text))
        vectors = [self._vector(word[0]) for word in words] or np.zeros((0, self.dimension), np.float32)
        return Tokens([word.span() for word in words], np.array(vectors))

    def token_products(self, text: str, vectors: Vectors) -> tuple[Sequence[Span], Vectors]:
        spans, own = self.tokens(text)
        return spans, vectors @ own.T

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._vector(text) for text in texts])

    def encode_query(self, text: str) -> tuple[Vectors, Tokens]:
        """Tell nothing of single tokens."""
        return self._vector(text), Tokens((), np.zeros((0, self.dimension), np.float32))

    def encode_documents(self, texts: Sequence[str]) -> Encoded:
        self.encoded.extend(texts)
        return Encoded(self.encode_queries(texts), [np.zeros((0, 0), np.uint8)] * len(texts))

    def document_encoder(self, count: int) -> EncodeDocuments:
        return self.encode_documents

    def is_ready(self, *, thoroughly: bool = False) -> bool:
        return self.ready

    def card(self) -> None:
        """Return nothing: it makes no files."""

    def export_folder(self) -> Path | None:
        """Return nothing: it makes no files."""
        return None

    def prepare(self) -> None:
        self.ready = True

    def verify(self) -> None:
        """Always there."""

    def _vector(self, text: str) -> Vectors:
        vector = np.full(self.dimension, 1e-3, dtype=np.float32)
        for stem in stems(text):
            vector[zlib.crc32(stem.encode()) % self.dimension] += 1.0
        return vector / np.linalg.norm(vector)


@dataclass
class TokenEncoder(WordCountEncoder):
    """Tells of each word of a text, too: a vector of its own, whatever stands around it."""

    def encode_query(self, text: str) -> tuple[Vectors, Tokens]:
        return self._vector(text), self.tokens(text)

    def encode_documents(self, texts: Sequence[str]) -> Encoded:
        vectors = super().encode_documents(texts).vectors
        return Encoded(vectors, [binarize(self.tokens(text).vectors - 0.5) for text in texts])
