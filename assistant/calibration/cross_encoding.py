"""what the scores of a cross-encoder mean and how much they weigh, by questions about the bundled topics"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from assistant.calibration.calibrating import DIGITS, REFERENCE
from assistant.calibration.measuring import read_questions
from assistant.settings import cache_folder
from index.embedding import CROSS_WEIGHT, Calibration, CrossEncoder, Line
from index.errors import ModelError
from index.library import Library
from index.progress import Phase, Progress
from index.records import Hit, Topic, Vectors
from index.retrieval import passage_of
from index.sources import BUILTIN, find_files, read_document, source_root
from index.text import title_key

OTHERS: Final = 3
"""Topics that have nothing to do with a question, which are read with it beside its own."""

WEIGHTS: Final = (0.5, 0.25, 0.75, 0.0, 1.0)
"""What is tried; of weights that rank the questions equally well, the one that comes first here is taken. The default
model alone reaches a mean reciprocal rank of .913; with scores that tell what answers beside as much noise, .947 by a
weight of .25 and .917 by one of .5; with scores by chance, .327 and .192."""
RANKED: Final = 10
"""Topics among which the one that answers is looked for: the depth of the mean reciprocal rank."""


class _ReadOnce(CrossEncoder):
    """A cross-encoder by any weight, which reads a question once however often it is weighed."""

    weight = WEIGHTS[0]

    def __init__(self, encoder: CrossEncoder, calibration: Calibration) -> None:
        """Take a cross-encoder and the line that its scores are brought to scale by."""
        self.name = encoder.name
        self.seconds: list[float] = []
        """How long reading took for each question."""
        self._encoder, self._line = encoder, calibration.passages
        self._known: dict[tuple[str, ...], Vectors] = {}

    def similarity(self, question: str, passages: Sequence[str]) -> Vectors:
        """Return how well each passage answers a question on the scale of similarities."""
        key = (question, *passages)
        if key not in self._known:
            began = time.perf_counter()
            self._known[key] = self._line.of(self._encoder.scores(question, passages))
            self.seconds.append(time.perf_counter() - began)
        return self._known[key]


def calibrate_cross_encoder(encoder: CrossEncoder, tell: Progress) -> Calibration:
    """Return what a cross-encoder's scores mean, and its weight beside the default model over the bundled topics.

    Raises:
        ModelError: it does not tell what answers from what does not.

    """
    on_scale = bring_to_scale(encoder, tell)
    with (
        tempfile.TemporaryDirectory(prefix="topics-") as folder,
        closing(Library(Path(folder), models=cache_folder() / "models")) as library,
    ):
        library.sync(tell)
        return fit_weight(library, encoder, on_scale, tell)


def fit_weight(library: Library, encoder: CrossEncoder, on_scale: Calibration, tell: Progress) -> Calibration:
    """Return a calibration with the weight by which the topics that answer come first (mean reciprocal rank).

    It keeps beside it what each weight reaches, and what reading costs, in milliseconds a question.
    """
    questions = [question for question in read_questions() if question.topic]
    library.reranker = reader = _ReadOnce(encoder, on_scale)
    ranks: dict[float, list[float]] = {weight: [] for weight in WEIGHTS}
    for number, question in enumerate(questions):
        tell(Phase.WEIGHING_RERANKER, number, len(questions))
        for weight in WEIGHTS:
            reader.weight = weight
            ranks[weight].append(_reciprocal_rank(library.search(question.text, RANKED), question.topic))
    reached = {weight: round(float(np.mean(values)), DIGITS) for weight, values in ranks.items()}
    measured = {f"MRR by {weight:g}": value for weight, value in reached.items()}
    cost = {"milliseconds": round(1000 * float(np.mean(reader.seconds)), DIGITS)}
    return replace(
        on_scale,
        measured={**on_scale.measured, **measured, **cost},
        fitted={CROSS_WEIGHT: (max(WEIGHTS, key=reached.__getitem__),)},
    )


def _reciprocal_rank(hits: Sequence[Hit], title: str) -> float:
    ranks = (rank for rank, hit in enumerate(hits, start=1) if title_key(hit.topic.title) == title_key(title))
    return 1 / next(ranks, np.inf)


def bring_to_scale(encoder: CrossEncoder, tell: Progress) -> Calibration:
    """Return the line that brings a cross-encoder's scores to the default model's scale.

    Raises:
        ModelError: it does not tell what answers from what does not.

    """
    topics = [topic for file in find_files(source_root(BUILTIN), set()) for topic in read_document(file).topics]
    questions = [question for question in read_questions() if question.topic]
    own, others = [], []
    for number, question in enumerate(questions):
        tell(Phase.MEASURING_RERANKER, number, len(questions))
        right = next(topic for topic in topics if title_key(topic.title) == title_key(question.topic))
        step = [topics[(number * OTHERS + place) * 7 % len(topics)] for place in range(OTHERS)]
        wrong = [topic for topic in step if topic is not right]
        scores = encoder.scores(question.text, [_passage_read(topic, question.slot) for topic in (right, *wrong)])
        own.append(float(scores[0]))
        others += scores[1:].tolist()
    if np.mean(own) <= np.mean(others):
        raise ModelError(
            f"{encoder.name} gives what answers a question no higher score than what does not: it is no reranker."
        )
    ours = float(np.mean(others)), float(np.mean(own))
    return Calibration(
        Line.through(ours, REFERENCE["passages"].anchors), measured=dict(zip(("others", "own"), ours, strict=True))
    )


def _passage_read(topic: Topic, slot: str | None) -> str:
    place = next((place for place, entry in enumerate(topic.entries) if entry.slot == slot), 0)
    return passage_of(topic, {place: 1.0})
