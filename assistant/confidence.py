"""how likely is it that the notes answer this at all?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from index.records import Hit
from index.words import stems

ANSWERED_FROM: Final = 0.5
"""From this probability on the best entry is given as the answer; below it, "your notes don't say"."""


class Features(NamedTuple):
    """What speaks for an answer."""

    score: float
    """The best topic's score."""
    lead: float
    """How far it is ahead of the next topic."""
    named: float
    """1 when every meaningful word of the question stands in the best topic's title, else 0."""


WEIGHTS: Final = Features(score=8.8, lead=5.8, named=1.1)
BIAS: Final = -3.3
"""Fitted on the tuning half of `tests/cases/questions.jsonl` over the bundled topics, with and without their ways to
be asked for. On the other half 94 % of the answerable questions are answered, and 5 % of those about other subjects;
questions about a covered tool that no entry answers are hardly told apart (AUROC .77)."""


def confidence(question: str, hits: Sequence[Hit]) -> float:
    """Return the probability, 0 to 1, that the first hit answers the question (logistic regression)."""
    if not hits or not stems(question):
        return 0.0
    weighted = sum(weight * value for weight, value in zip(WEIGHTS, features(question, hits), strict=True))
    return 1 / (1 + math.exp(-(BIAS + weighted)))


def features(question: str, hits: Sequence[Hit]) -> Features:
    """Measure a question that has meaningful words against the topics found for it."""
    best = hits[0]
    runner_up = hits[1].score if len(hits) > 1 else 0.0
    return Features(best.score, best.score - runner_up, float(stems(question) <= stems(best.topic.title)))
