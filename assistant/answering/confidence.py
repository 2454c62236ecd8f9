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
    """The similarity of the topic: a cosine."""
    gap: float
    """The sum of the two largest parts of the question that no word of the topic is similar to, 0 to 1."""
    weakest_term: float
    """The similarity, 0 to 1, of the query term that the topic is least similar to, of those outside its headings: a
    topic contains its own name whatever is asked about it. 1 where nothing else is asked for."""
    missing_weight: float
    """The weight, 0 to 1, of the query terms that the topic does not contain, if the question names the topic: the
    notes may know a tool, but not the feature asked for. 0 if it is not named, as the terms may be paraphrased."""
    described: float
    """0 if the question names a heading of the topic. Otherwise 1 if it has enough words to describe the topic without
    its name, and -1 if it has so few that one of them should be a name."""
    lead: float
    """The lead over the second topic, as a share of the score: what many topics seem to answer, none does. 1 if there
    is no second topic."""


@dataclass(frozen=True, slots=True)
class ConfidenceSettings:
    """The weights of the logistic regression, and the rules beside it."""

    weights: Features
    bias: float
    refuted: float
    """Subtracted from the log-odds if another number, code or day is in place of the one asked for: as much as all
    features reach, so that nothing outweighs it."""
    absent: float
    """Subtracted from the log-odds if the passage holds no word of a question of a few words: of 54 such answers, 2
    were right."""
    unspoken: float
    """Subtracted from the log-odds if the topic nowhere speaks of what is to be done or confirmed: of 77 such answers,
    15 were right. Little, for other words may say the same: twice as much refuses 6 more of the right ones, and 2 more
    of the wrong."""
    contrary: float
    """Subtracted from the log-odds if the passage says the contrary of a word of the question: of 51 such answers to
    questions of SQuAD 2.0, 4 were right."""
    lacking: float
    """Subtracted from the log-odds if a time, a count, an amount or a negation is asked for and the passage has none:
    of 72 such answers to questions of SQuAD 2.0 and CLAPnq, 1 was right. As much as the surest reach."""
    named: float
    """The least probability if the question is a name of the topic."""


SETTINGS: Final = ConfidenceSettings(
    weights=Features(similarity=3.03, gap=-2.34, weakest_term=1.81, missing_weight=-0.88, described=0.37, lead=0.98),
    bias=-2.08,
    refuted=-9.0,
    absent=-3.0,
    unspoken=-0.6,
    contrary=-3.0,
    lacking=-4.0,
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
"""The least score that a lead is divided by: of a smaller one it would be a large share by chance."""


FITTED: Final = "confidence"
"""The name of another model's weights in its calibration: one for each feature, and the bias."""


def settings_of(calibration: Calibration) -> ConfidenceSettings:
    """Return the weights that were fitted to a model, or else those of the default model."""
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
    unspoken = settings.unspoken if covered.is_unspoken else 0.0
    contrary = settings.contrary if covered.is_contrary else 0.0
    lacking = settings.lacking if covered.is_lacking else 0.0
    return refuted + absent + unspoken + contrary + lacking + settings.bias + sum(weighted)


def features(hits: Sequence[Hit], covered: Coverage) -> Features:
    """Return the features of a question and its first hit."""
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
    """Return the lead of the first score over the second, as a share of the first; 1 if there is no second."""
    first, *others = scores
    return (first - others[0]) / max(first, MIN_SCORE) if others else 1.0
