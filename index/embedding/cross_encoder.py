"""a cross-encoder on this machine: how well a passage answers a question, both read together

Slower than comparing vectors by as much as twenty passages take the model, and nearer to what a person would say
(Nogueira and Cho 2019). It is exported once, as the encoder is, and its scores are brought to the same scale.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from index.embedding.calibration import AS_MEASURED, Calibration
from index.embedding.export_manifest import ExportManifest
from index.embedding.exports import Export
from index.embedding.model_store import made_from, run_export
from index.errors import ModelError
from index.progress import Phase, Progress
from index.records import Vectors

if TYPE_CHECKING:
    from index.embedding.onnx_model import ExportedCrossEncoder


CROSS_WEIGHT: Final = "weight"
"""The name in a calibration of what was fitted for `CrossEncoder.weight`."""
UNFITTED_WEIGHT: Final = 0.5
"""The weight of a cross-encoder for which none was fitted: as much as the tokens have beside the vectors."""


class CrossEncoder:
    """Any cross-encoder of sentence-transformers in a folder; it is loaded when it is first needed."""

    def __init__(self, folder: Path, models: Path, measure: MeasureCrossEncoder | None = None) -> None:
        """Remember a model by its folder, and where its export is kept; `measure` finds out what its scores mean."""
        self.name = str(folder.expanduser().absolute())
        self._export = Export(models, f"cross-encoder {self.name}", made_from(self.name))
        self._measure = measure
        self._onnx_model: ExportedCrossEncoder | None = None
        self._calibration: Calibration | None = None
        self._lock = threading.RLock()

    def prepare(self, tell: Progress) -> None:
        """Export the model, and measure what its scores mean, where that was not done yet.

        Raises:
            ModelError: it is no cross-encoder, or cannot be exported.

        """
        with self._lock:
            if not self._export.find():
                tell(Phase.PREPARING_RERANKER, 0, 0)
                run_export("cross-encoder", self._export.model, self.name, str(self._export.root), made_from(self.name))
            if self._measure and not self.is_weighed:
                self._keep(self._measure(self, tell))

    @property
    def calibration(self) -> Calibration:
        """What its scores mean; they stand for themselves where that was not measured."""
        return self._known_calibration() or AS_MEASURED

    @property
    def is_weighed(self) -> bool:
        """Whether its weight was fitted."""
        return CROSS_WEIGHT in self.calibration.fitted

    @property
    def weight(self) -> float:
        """How much of a topic's similarity it makes up, from 0 to 1; the rest is that of vectors and tokens."""
        return self.calibration.fitted.get(CROSS_WEIGHT, [UNFITTED_WEIGHT])[0]

    def scores(self, question: str, passages: Sequence[str]) -> Vectors:
        """Return how well each passage answers a question, in the model's own numbers: shape (passages,)."""
        return self._load().scores(question, passages)

    def similarity(self, question: str, passages: Sequence[str]) -> Vectors:
        """Return the same on the scale of the default model's similarities, by which all else is measured."""
        return self.calibration.passages.of(self.scores(question, passages))

    def _load(self) -> ExportedCrossEncoder:
        from index.embedding.onnx_model import ExportedCrossEncoder  # it brings a runtime: looking needs none

        with self._lock:
            folder, card = self._export.find(), self._card()
            if self._onnx_model is None and folder and card:
                self._onnx_model = ExportedCrossEncoder(folder, card)
            if self._onnx_model is None:
                raise ModelError(f"The cross-encoder {self.name} is not exported yet: it is, when a question is asked.")
            return self._onnx_model

    def _card(self) -> ExportManifest | None:
        folder = self._export.find()
        return ExportManifest.read(folder) if folder else None

    def _known_calibration(self) -> Calibration | None:
        if self._calibration is None and (card := self._card()) and card.calibration is not None:
            with suppress(TypeError, ValueError, AttributeError):  # it is none: it is measured anew
                self._calibration = Calibration.from_json(card.calibration)
        return self._calibration

    def _keep(self, calibration: Calibration) -> None:
        self._calibration = calibration
        folder, card = self._export.find(), self._card()
        if folder and card:
            with suppress(OSError):
                replace(card, calibration=calibration.to_json()).write(folder)


MeasureCrossEncoder: TypeAlias = Callable[[CrossEncoder, Progress], Calibration]
"""Finds out what the scores of a cross-encoder mean, which takes seconds."""
