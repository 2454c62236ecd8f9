"""what the scores of a cross-encoder mean, by questions about the bundled topics, the topic that answers and others"""

from __future__ import annotations

from typing import Final

import numpy as np

from assistant.calibration.calibrating import REFERENCE
from assistant.calibration.measuring import read_questions
from index.embedding import Calibration, CrossEncoder, Line
from index.errors import ModelError
from index.progress import Progress
from index.records import Topic
from index.retrieval import passage_of
from index.sources import BUILTIN, find_files, read_document, source_root
from index.text import title_key

OTHERS: Final = 3
"""Topics that have nothing to do with a question, which are read with it beside its own."""


def calibrate_cross_encoder(encoder: CrossEncoder, tell: Progress) -> Calibration:
    """Return the line that brings a cross-encoder's scores to the default model's scale.

    Raises:
        ModelError: it does not tell what answers from what does not.

    """
    topics = [topic for file in find_files(source_root(BUILTIN), set()) for topic in read_document(file).topics]
    questions = [question for question in read_questions() if question.topic]
    own, others = [], []
    for number, question in enumerate(questions):
        tell("Getting to know the reranker", number, len(questions))
        right = next(topic for topic in topics if title_key(topic.title) == title_key(question.topic))
        step = [topics[(number * OTHERS + place) * 7 % len(topics)] for place in range(OTHERS)]
        wrong = [topic for topic in step if topic is not right]
        scores = encoder.scores(question.text, [_read(topic, question.slot) for topic in (right, *wrong)])
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


def _read(topic: Topic, slot: str | None) -> str:
    place = next((place for place, entry in enumerate(topic.entries) if entry.slot == slot), 0)
    return passage_of(topic, {place: 1.0})
