"""how likely is it that the notes answer this at all?"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from assistant.coverage import Coverage
from index.records import Hit


class Features(NamedTuple):
    """What speaks for an answer, and against it."""

    likeness: float
    """The topic's, by meaning: a cosine."""
    gap: float
    """The two greatest parts of what is asked that the topic is not near to by one word, 0 to 1 together."""
    farthest: float
    """How near the topic comes to the word it comes least near to, 0 to 1, of those that are none of its headings: its
    name is held by it whatever is asked about it. 1 where nothing else is asked for."""
    unsaid: float
    """The part of what is asked that the topic does not hold, 0 to 1, where it is asked for by name: a tool may be
    known, and the very feature that is asked for not. 0 where it is not named: other words may be meant by all."""


WEIGHTS: Final = Features(likeness=6.2, gap=-4.8, farthest=3.7, unsaid=-1.8)
BIAS: Final = -0.95
"""A logistic regression over the tuning half of `tests/cases/questions.jsonl`, asked of the bundled topics with and
without their ways to be asked for, over the development half of XQuAD, with each question asked once more after its own
topic was taken out, over `tests/cases/household.jsonl` and over questions on five folders of ordinary notes. Fitted
without the notes it is asked of, it tells near misses from what is answered by .845 (AUROC, mean of these and SciFact);
how far the topic is ahead of the others tells no more. The bias is set so that 94 % of the answerable ones among them
whose topic comes first are answered."""

REFUTED: Final = -9.0
"""What is taken off where another number, code or day stands in place of the one asked for: the most that features
reach, so that nothing else outweighs it."""

NAMED: Final = 0.95
"""The least probability where the question is a name of the topic, whatever words it is made of. The few words of a
name say little else, and all 31 titles of the bundled topics are answered by their topics."""


def confidence(hit: Hit, covered: Coverage, shift: float = 0.0) -> float:
    """Return the probability, 0 to 1, that the first hit, which covers so much of it, answers a question.

    `shift` is what the library adds to the log-odds.
    """
    if covered.is_its_name:
        return max(NAMED, _probability(log_odds(hit, covered) + shift))
    if not covered.weights.any():
        return 0.0
    return _probability(log_odds(hit, covered) + shift)


def log_odds(hit: Hit, covered: Coverage) -> float:
    """Return the logarithm of how much more probable it is that a hit answers than that it does not."""
    refuted = REFUTED if covered.is_refuted.any() else 0.0
    return refuted + BIAS + sum(weight * value for weight, value in zip(WEIGHTS, features(hit, covered), strict=True))


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


def features(hit: Hit, covered: Coverage) -> Features:
    """Measure a question that has meaningful words against the topic found for it."""
    is_named = covered.weights[~covered.is_beyond].any()
    missing = covered.weights * np.where(covered.is_held, 0, 1 - covered.nearness)
    return Features(
        likeness=hit.likeness,
        gap=float(np.sort(missing)[-2:].sum()),
        farthest=float(covered.nearness[covered.is_beyond].min(initial=1.0)),
        unsaid=float(covered.weights[covered.is_beyond & ~covered.is_held].sum()) if is_named else 0.0,
    )
