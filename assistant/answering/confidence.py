"""how likely is it that the passage shown answers the question?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np

from assistant.answering.coverage import MAX_NAME_WORDS, Coverage
from index.embedding import Calibration
from index.records import Hit


class Features(NamedTuple):
    """The features of an answer that its probability is computed from."""

    similarity: float
    """The topic's, by meaning: a cosine."""
    gap: float
    """The sum of the two largest parts of the question that no word of the topic is similar to, 0 to 1."""
    weakest_term: float
    """The similarity, 0 to 1, of the query term that the topic is least similar to, of those outside its headings: a
    topic contains its own name whatever is asked about it. 1 where nothing else is asked for."""
    missing_weight: float
    """The weight, 0 to 1, of the query terms that the topic does not contain, where the question names it: a tool
    may be known, and the feature that is asked for not. 0 where it is not named: the terms may be said otherwise."""
    described: float
    """0 where a heading of the topic is asked for. Where none is, 1 if so many words are asked for that they describe
    what they do not name, and -1 if so few that one of them should be a name."""
    lead: float
    """By what share of its score the topic leads the next one: what looks like an answer in many places is none.
    1 where it is alone."""


@dataclass(frozen=True, slots=True)
class ConfidenceSettings:
    """The weights of the logistic regression, and the rules beside it."""

    weights: Features
    bias: float
    refuted: float
    """What is taken off the log-odds where another number, code or day stands in place of the one asked for: the most
    that features reach, so that nothing else outweighs it."""
    absent: float
    """What is taken off where a question of a few words has none of them in what is shown: of 54 such answers, 2 were
    right."""
    named: float
    """The least probability where the question is a name of the topic, whatever words it is made of."""


SETTINGS: Final = ConfidenceSettings(
    weights=Features(similarity=3.03, gap=-2.34, weakest_term=1.81, missing_weight=-0.88, described=0.37, lead=0.98),
    bias=-2.08,
    refuted=-9.0,
    absent=-3.0,
    named=0.95,
)
"""A logistic regression of whether what is shown answers, by `python -m benchmarks.fit_confidence`. How the first four
weigh against each other comes from other notes; how steep it is (slope and bias alone) from 2,019 questions of SQuAD
2.0, CLAPnq, XQuAD with every second paragraph taken out, the household, the tuning half of
`tests/cases/questions.jsonl` and one half of a bank over 900 real notes, each set counting alike. Fitted freely on
these, sets left out are told as well in the mean (AUROC .84), and those that need it most less well: the bank by .90 in
place of .94. From 1 to 4 times as much lead, and from none to twice as much for what is described, are alike in that;
with it, half to two thirds as many questions in other words are refused where their topic comes first."""

MIN_SCORE: Final = 0.2
"""Taken for a score below it, of which a lead would be a large share by chance."""


FITTED: Final = "confidence"
"""What the weights of another model are called in its calibration: one for each feature, and the bias."""


def settings_of(calibration: Calibration) -> ConfidenceSettings:
    """Return the weights that were fitted to a model; those of the default model where none were."""
    fitted = calibration.fitted.get(FITTED, ()) if calibration.is_current else ()
    if len(fitted) != len(Features._fields) + 1:
        return SETTINGS
    return replace(SETTINGS, weights=Features(*fitted[:-1]), bias=fitted[-1])


def confidence(hits: Sequence[Hit], covered: Coverage, settings: ConfidenceSettings = SETTINGS) -> float:
    """Return the probability, 0 to 1, that the passage shown of the first hit answers the question."""
    if covered.is_empty or not (covered.weights.any() or covered.is_its_name):
        return 0.0
    probability = 1 / (1 + math.exp(-log_odds(features(hits, covered), covered, settings)))
    return max(settings.named, probability) if covered.is_its_name else probability


def log_odds(measured: Features, covered: Coverage, settings: ConfidenceSettings = SETTINGS) -> float:
    """Return the log-odds that a hit answers the question."""
    refuted = settings.refuted if covered.is_refuted.any() else 0.0
    weighted = (weight * value for weight, value in zip(settings.weights, measured, strict=True))
    absent = settings.absent if covered.is_absent else 0.0
    return refuted + absent + settings.bias + sum(weighted)


def features(hits: Sequence[Hit], covered: Coverage) -> Features:
    """Return the features of a question and the topic that is found first for it."""
    is_named = bool(covered.weights[~covered.is_outside_title].any())
    missing = covered.weights * np.where(covered.is_contained, 0, 1 - covered.similarity)
    missing_names = covered.weights[covered.is_outside_title & ~covered.is_contained]
    return Features(
        similarity=hits[0].similarity,
        gap=float(np.sort(missing)[-2:].sum()),
        weakest_term=float(covered.similarity[covered.is_outside_title].min(initial=1.0)),
        missing_weight=float(missing_names.sum()) if is_named else 0.0,
        described=0.0 if is_named else 1.0 if len(covered.weights) > MAX_NAME_WORDS else -1.0,
        lead=_lead([hit.score for hit in hits[:2]]),
    )


def _lead(scores: Sequence[float]) -> float:
    """Return by what share of its score the first one is ahead of the next one."""
    first, *others = scores
    return (first - others[0]) / max(first, MIN_SCORE) if others else 1.0
