"""how likely is it that the passage shown answers the question?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from assistant.answering.coverage import Coverage
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
    shown: float
    """How near the passage that is shown, with the headings above it, comes to what is asked, 0 to 1."""
    margin: float
    """By how much the topic's score is ahead of the next one's: what looks like an answer in many places is none."""
    words: float
    """The logarithm of 1 and the number of words asked for: of many, one is sooner far from everything."""


@dataclass(frozen=True, slots=True)
class ConfidenceSettings:
    """What a probability is made of."""

    weights: Features
    bias: float
    refuted: float
    """What is taken off the log-odds where another number, code or day stands in place of the one asked for: the most
    that features reach, so that nothing else outweighs it."""
    absent: float
    """What is taken off where a question of a few words has none of them in what is shown. Of 21 answers that hold no
    word of a question of any length, the 12 right ones were given to those of four words and more."""
    named: float
    """The least probability where the question is a name of the topic, whatever words it is made of."""


SETTINGS: Final = ConfidenceSettings(
    weights=Features(likeness=2.65, gap=-1.43, farthest=1.22, unsaid=-0.83, shown=1.32, margin=3.17, words=0.84),
    bias=-4.29,
    refuted=-9.0,
    absent=-1.5,
    named=0.95,
)
"""A ridge logistic regression of whether what is shown answers (1 / C = 100, features standardised, each set counting
alike), over questions of SQuAD 2.0 and CLAPnq, half of which no paragraph answers, of XQuAD in English, German and
Spanish, half of them asked once more after their own paragraph was taken out, of `tests/cases/household.jsonl`, of the
tuning half of `tests/cases/questions.jsonl` and of one half of a bank over 900 real notes; then its log-odds are
stretched by 1.2 around the threshold, since a ridge draws them together. With each set left out in turn, it tells what
is shown and answers from all else by .84 (AUROC, mean of ten). Of what it said at 90 % and more there, 51 of 54 were
right on notes, 3 of 4 on XQuAD, 49 of 63 on CLAPnq and 19 of 44 on SQuAD 2.0, where half of the questions were made to
look answered. Unstretched, 7 of 7, 0 of 0, 24 of 32 and 4 of 10. `docs/evaluation.md` says what was tried and left."""


def confidence(hits: Sequence[Hit], covered: Coverage) -> float:
    """Return the probability, 0 to 1, that what is shown of the first hit, which covers so much of it, answers."""
    if not (covered.weights.any() or covered.is_its_name):
        return 0.0
    probability = 1 / (1 + math.exp(-log_odds(features(hits, covered), covered)))
    return max(SETTINGS.named, probability) if covered.is_its_name else probability


def log_odds(measured: Features, covered: Coverage) -> float:
    """Return the logarithm of how much more probable it is that a hit answers than that it does not."""
    refuted = SETTINGS.refuted if covered.is_refuted.any() else 0.0
    weighted = (weight * value for weight, value in zip(SETTINGS.weights, measured, strict=True))
    absent = SETTINGS.absent if covered.is_absent else 0.0
    return refuted + absent + SETTINGS.bias + sum(weighted)


def features(hits: Sequence[Hit], covered: Coverage) -> Features:
    """Measure a question against the topic that is found first for it, and against the passage that is shown of it."""
    is_named = covered.weights[~covered.is_beyond].any()
    missing = covered.weights * np.where(covered.is_held, 0, 1 - covered.nearness)
    return Features(
        likeness=hits[0].likeness,
        gap=float(np.sort(missing)[-2:].sum()),
        farthest=float(covered.nearness[covered.is_beyond].min(initial=1.0)),
        unsaid=float(covered.weights[covered.is_beyond & ~covered.is_held].sum()) if is_named else 0.0,
        shown=float(covered.weights @ covered.in_passage),
        margin=hits[0].score - (hits[1].score if len(hits) > 1 else 0.0),
        words=math.log1p(len(covered.weights)),
    )
