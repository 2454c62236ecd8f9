"""Fit the weights that tell a question's slot by its meaning: `python -m tests.fit_slots` writes them anew."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
from sklearn.linear_model import LogisticRegression

from assistant.answering.slots import WEIGHTS_FILE, Logits
from index.embedding.encoder import Encoder, ModelEncoder
from index.embedding.model_store import DEFAULT_MODEL
from index.records import SLOTS

CASES: Final = Path(__file__).parent / "cases" / "slots.jsonl"
INVERSE_PENALTY: Final = 3.0
"""Ten-fold cross-validation is flat from 1 to 10."""


def read_slot_cases(half: str) -> tuple[list[str], list[str]]:
    """Return the questions of a half and the slots that they ask for."""
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    chosen = [case for case in cases if case["half"] == half]
    return [case["question"] for case in chosen], [case["slot"] for case in chosen]


def fit(encoder: Encoder) -> Logits:
    """Return the weights, shape (dimension + 1, slots): the bias last."""
    questions, slots = read_slot_cases("tune")
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=2_000).fit(encoder.encode_queries(questions), slots)
    order = [list(model.classes_).index(slot) for slot in SLOTS]
    return np.vstack([model.coef_[order].T, model.intercept_[order]])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        np.save(WEIGHTS_FILE, fit(ModelEncoder(DEFAULT_MODEL, Path(folder))).astype(np.float32))
