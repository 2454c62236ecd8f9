"""text -> unit vectors: questions by the exported model, heaps of notes by what is fastest here"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from index.embedding.calibration import Calibration
from index.embedding.model_store import ModelStore, StoredModel
from index.progress import Progress
from index.records import Encoded, Span, Tokens, Vectors

BULK_FROM: Final = 1_000
"""From so many passages on, what embeds them soonest is worth its loss of precision, and the seconds that torch takes
to load where it is that; below, full precision costs half a minute at most."""

EncodeDocuments: TypeAlias = Callable[[Sequence[str]], Encoded]


class Tokenizer(Protocol):
    """Splits a text into the tokens that a model reads."""

    @property
    def max_tokens(self) -> int:
        """How many tokens of a text the model reads, its own special tokens and prompt already taken off."""

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in the model's tokens, without the special ones."""

    def token_spans(self, text: str) -> Sequence[Span]:
        """Return where in a text each of its tokens stands, in order."""

    def tokens(self, text: str) -> Tokens:
        """Return the tokens of a text, each with its input embedding: the vector that it has in any text."""

    def token_products(self, text: str, vectors: Vectors) -> tuple[Sequence[Span], Vectors]:
        """Return where the tokens of a text stand, and the inner products of vectors with their input embeddings.

        The products have the shape (vectors, tokens).
        """


class Encoder(Protocol):
    """Turns texts into unit vectors whose dot product says how much they have in common."""

    @property
    def name(self) -> str:
        """The model's name or folder, as a library remembers it."""

    @property
    def tokenizer(self) -> Tokenizer:
        """What the model reads texts by; raises ModelError where the model cannot be loaded."""

    @property
    def store(self) -> ModelStore:
        """Where the model and its export are kept."""

    @property
    def calibration(self) -> Calibration:
        """What the model's numbers mean beside the default model's."""

    def calibrate(self, tell: Progress) -> None:
        """Measure what the model's numbers mean, once."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of questions, shape (texts, dimension); the model's query prompt is put before each."""

    def encode_query(self, text: str) -> tuple[Vectors, Tokens]:
        """Return the vector of a question, and its tokens with those they have where they stand, if it tells."""

    def encode_documents(self, texts: Sequence[str]) -> Encoded:
        """Encode a few passages; the model's document prompt is put before each."""

    def document_encoder(self, count: int) -> EncodeDocuments:
        """Return what embeds that many passages soonest."""


class ModelEncoder:
    """Any sentence-transformers model on this machine: its export where there is one, else the model itself.

    It is loaded when it is first needed; any number of threads may use it at once.
    """

    def __init__(
        self, name: str, export_folder: Path, shared: Path | None = None, measure: Measure | None = None
    ) -> None:
        """Encode by the model of that name or folder; where its export is kept, `StoredModel` says.

        What its numbers mean is measured by `measure`; without it, they are taken for the default model's.
        """
        self.store = StoredModel(name, export_folder, shared)
        self.name = self.store.name
        self._measure = measure

    @property
    def tokenizer(self) -> Tokenizer:
        """What the model reads texts by."""
        return self.store.load()

    @property
    def calibration(self) -> Calibration:
        """What the model's numbers mean beside the default model's."""
        return self.store.calibration

    def calibrated(self, calibration: Calibration) -> ModelEncoder:
        """Return the same model, its numbers taken for what a calibration says."""
        another = copy(self)
        another.store = self.store.calibrated(calibration)
        return another

    def calibrate(self, tell: Progress) -> None:
        """Measure what the model's numbers mean, and keep it on the card of its export, once."""
        if self._measure and not self.store.is_calibrated:
            self.store.keep_calibration(self._measure(self, tell))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of questions, shape (texts, dimension); the model's query prompt is put before each."""
        return self.store.load().encode_queries(texts)

    def encode_query(self, text: str) -> tuple[Vectors, Tokens]:
        """Return the vector of a question, and its tokens with those they have where they stand, if it tells."""
        return self.store.load().encode_query(text)

    def encode_documents(self, texts: Sequence[str]) -> Encoded:
        """Encode passages; the model's document prompt is put before each."""
        return self.store.load().encode_documents(texts)

    def document_encoder(self, count: int) -> EncodeDocuments:
        """Return what embeds that many passages soonest: a heap of them in less than full precision."""
        if count < BULK_FROM:
            return self.encode_documents
        self.store.tune()
        onnx_model, card = self.store.load_onnx_model(), self.store.card()
        if onnx_model and card and not card.has_half_precision:
            return onnx_model.bulk_encoder
        fast = self.store.load_torch_model().fast_document_encoder()
        return fast or (onnx_model.bulk_encoder if onnx_model else self.encode_documents)


Measure: TypeAlias = Callable[[ModelEncoder, Progress], Calibration]
"""Finds out what a model's numbers mean, which takes half a minute."""
