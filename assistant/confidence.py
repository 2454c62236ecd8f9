"""how likely is it that the notes answer this at all?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from assistant.evidence import Shares
from index.records import Hit

ANSWERED_FROM: Final = 0.5
"""From this probability on the best entry is given as the answer; below it, "your notes don't say"."""

COMPARED: Final = 10
"""How many topics are looked at to say how far the best one is ahead, however few are shown."""


class Features(NamedTuple):
    """What speaks for an answer, and against it."""

    likeness: float
    """The first topic's, by meaning: a cosine."""
    lead: float
    """How far that is above the others'."""
    covered: float
    """The share of what is asked that the first topic speaks of, in the same words or in others: 0 to 1."""
    gap: float
    """The greatest part of what is asked that is not so covered by one word: 0 to 1. A tool may be known, and the very
    feature that is asked for not."""
    words: float
    """The logarithm of one more than the number of meaningful words: a long question is rarely as near to its topic as
    a short one, of which the name of a tool may be the half."""


WEIGHTS: Final = Features(likeness=2.9, lead=7.3, covered=3.3, gap=-2.3, words=0.8)
BIAS: Final = -3.6
"""A logistic regression over the tuning half of `tests/cases/questions.jsonl`, asked of the bundled topics with and
without their ways to be asked for, and over the development half of XQuAD, with each question asked once more after its
own topic was taken out. The bias is set so that 95 % of the answerable ones among them are answered."""


def confidence(hits: Sequence[Hit], covered: Shares, weights: Shares, shift: float = 0.0) -> float:
    """Return the probability, 0 to 1, that the first hit answers the question.

    `covered` says how far it speaks of each meaningful word of the question, `weights` how much each counts; `shift` is
    what the library adds to the log-odds.
    """
    if not hits or not weights.sum():
        return 0.0
    return 1 / (1 + math.exp(-log_odds(hits, covered, weights) - shift))


def log_odds(hits: Sequence[Hit], covered: Shares, weights: Shares) -> float:
    """Return the logarithm of how much more probable it is that the first hit answers than that it does not."""
    found = features(hits, covered, weights)
    return BIAS + sum(weight * value for weight, value in zip(WEIGHTS, found, strict=True))


def features(hits: Sequence[Hit], covered: Shares, weights: Shares) -> Features:
    """Measure a question that has meaningful words against the topics found for it."""
    best, *others = (hit.likeness for hit in hits[:COMPARED])
    return Features(
        likeness=best,
        lead=best - max(others, default=0.0),
        covered=float(weights @ covered),
        gap=float((weights * (1 - covered)).max()),
        words=float(np.log1p(len(weights))),
    )
