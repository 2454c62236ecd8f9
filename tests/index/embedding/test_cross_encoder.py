"""A cross-encoder is exported, and read as sentence-transformers reads it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import sentence_transformers
import torch

from index.embedding.calibration import Calibration, Line
from index.embedding.cross_encoder import CROSS_WEIGHT, CrossEncoder
from index.embedding.exporting import export_cross_encoder
from index.errors import ModelError
from index.progress import silent
from tests.models import tiny_cross_encoder

pytestmark = pytest.mark.slow

QUESTION = "how do I rebase?"
PASSAGES = ["Rebase the branch.", "", "A long one: " + "settle each file and push again " * 80, "Übergrößenträger 🎉"]


def shifted(_: CrossEncoder, __: object) -> Calibration:
    return Calibration(Line(2.0, 0.5), fitted={CROSS_WEIGHT: (0.75,)})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_cross_encoder(tmp_path_factory.mktemp("tiny") / "model")


@pytest.fixture(scope="module")
def encoder(folder: Path) -> CrossEncoder:
    encoder = CrossEncoder(folder, folder.parent / "models", shifted)
    encoder.prepare(silent)
    return encoder


def test_its_scores_are_those_of_sentence_transformers(encoder: CrossEncoder, folder: Path) -> None:
    reference = sentence_transformers.CrossEncoder(str(folder), local_files_only=True, device="cpu")
    theirs = reference.predict([(QUESTION, passage) for passage in PASSAGES], activation_fn=torch.nn.Identity())
    assert encoder.scores(QUESTION, PASSAGES) == pytest.approx(theirs, abs=1e-4)
    assert np.ptp(theirs) > 1e-3


def test_its_scores_are_brought_to_the_scale_that_was_measured_and_kept(encoder: CrossEncoder, folder: Path) -> None:
    again = CrossEncoder(folder, folder.parent / "models")
    expected = (encoder.scores(QUESTION, PASSAGES) * 2 + 0.5).clip(-1)
    assert again.similarity(QUESTION, PASSAGES) == pytest.approx(expected, abs=1e-4)


def test_its_weight_is_kept_and_half_where_none_was_fitted(encoder: CrossEncoder, folder: Path) -> None:
    measured: list[CrossEncoder] = []

    def measure(again: CrossEncoder, _: object) -> Calibration:
        measured.append(again)
        return Calibration()

    again = CrossEncoder(folder, folder.parent / "models", measure)
    again.prepare(silent)
    assert (again.weight, measured) == (encoder.weight, []) == (0.75, [])
    assert CrossEncoder(folder, folder.parent / "other").weight == 0.5


def test_a_folder_without_a_cross_encoder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"cannot be loaded as a cross-encoder"):
        export_cross_encoder("model", str(tmp_path), tmp_path)
