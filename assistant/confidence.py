"""how likely is it that the notes answer this at all?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from assistant.coverage import Coverage
from index.records import Hit
from index.words import title_key

ANSWERED_FROM: Final = 0.5
"""From this probability on the best entry is given as the answer; below it, "your notes don't say"."""

COMPARED: Final = 10
"""How many topics are looked at to say how far the best one is ahead, however few are shown."""


class Features(NamedTuple):
    """What speaks for an answer, and against it."""

    likeness: float
    """The first topic's, by meaning: a cosine."""
    lead: float
    """How far that is above the others', those of the same title left out: another copy of a topic is no rival."""
    gap: float
    """The greatest part of what is asked that the topic is not near to by one word, 0 to 1: a tool may be known, and
    the very feature that is asked for not."""
    beyond: float
    """How near, on the mean, the topic comes to the words that are none of its headings, 0 to 1: its name is held by it
    whatever is asked about it. 1 where nothing else is asked for."""
    farthest: float
    """The same for the one of them that it comes least near to."""


WEIGHTS: Final = Features(likeness=1.4, lead=4.6, gap=-5.0, beyond=5.9, farthest=1.5)
BIAS: Final = -2.0
"""A logistic regression over the tuning half of `tests/cases/questions.jsonl`, asked of the bundled topics with and
without their ways to be asked for, over the development half of XQuAD, with each question asked once more after its own
topic was taken out, over `tests/cases/household.jsonl` and over questions on two folders of ordinary notes. The bias is
set so that 94 % of the answerable ones among them whose topic comes first are answered."""


def confidence(hits: Sequence[Hit], covered: Coverage, shift: float = 0.0) -> float:
    """Return the probability, 0 to 1, that the first hit, which covers so much of it, answers a question.

    `shift` is what the library adds to the log-odds.
    """
    if not covered.weights.any():
        return 0.0
    return 1 / (1 + math.exp(-log_odds(hits, covered) - shift))


def log_odds(hits: Sequence[Hit], covered: Coverage) -> float:
    """Return the logarithm of how much more probable it is that the first hit answers than that it does not."""
    return BIAS + sum(weight * value for weight, value in zip(WEIGHTS, features(hits, covered), strict=True))


def features(hits: Sequence[Hit], covered: Coverage) -> Features:
    """Measure a question that has meaningful words against the topics found for it."""
    best = hits[0]
    title = title_key(best.topic.title)
    rivals = [hit.likeness for hit in hits[1:COMPARED] if title_key(hit.topic.title) != title]
    beyond = covered.nearness[covered.is_beyond]
    missing = np.where(covered.is_held, 0, 1 - covered.nearness)
    return Features(
        likeness=best.likeness,
        lead=best.likeness - max(rivals, default=0.0),
        gap=float((covered.weights * missing).max()),
        beyond=float(beyond.mean()) if len(beyond) else 1.0,
        farthest=float(beyond.min(initial=1.0)),
    )
