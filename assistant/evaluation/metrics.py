"""how well questions were answered, in numbers (home of ir-measures)"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, TypeAlias

import ir_measures
import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from assistant.evaluation.datasets import Judged
from index.records import Slot

DEPTH: Final = 10
"""How many topics are asked for and judged."""

ANSWERED_SHARE: Final = 0.95
"""The share of answerable questions at which false answers are counted."""

COVERAGES: Final = (0.5, 0.7, 0.8, 0.9, 0.95, 1.0)
"""The shares of all questions, the most probable first, at which the risk is reported."""

REFUSED_SHARE: Final = 0.08
"""The share of questions whose first topic is right at whose refusal false answers are counted."""

BANDS: Final = ((0.9, "90 % and more"), (0.7, "70 to 90 %"), (0.5, "50 to 70 %"), (0.0, "below 50 %"))
"""From which confidence on an answer falls in which row of the reliability table: its words change there."""

CALIBRATION_BINS: Final = 10
"""Bins of equal width, as in Guo et al., ICML 2017."""

RESAMPLES: Final = 2_000
"""Bootstrap samples behind an interval."""

FALSE_AT_REFUSED: Final = "false answers at 8 % refused"

MEASURES: Final = {
    "success@1": ir_measures.Success @ 1,
    "nDCG@10": ir_measures.nDCG @ DEPTH,
    "recall@10": ir_measures.R @ DEPTH,
    "MRR@10": ir_measures.RR @ DEPTH,
}

Values: TypeAlias = npt.NDArray[np.float64]
"""A number for each question."""
Table: TypeAlias = Mapping[str, Mapping[str, float]]
"""Measures by the name of their row."""


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What came of asking a question."""

    judged: Judged
    ranking: tuple[str, ...]
    """Names as in `relevant`, best first, each once."""
    slot: Slot | None
    """The slot of the entry that was shown of the first topic."""
    passage: str
    """The passage that is shown as the answer, or would be were the question not refused."""
    confidence: float
    answered: bool
    milliseconds: float

    @property
    def is_right(self) -> bool:
        """Return whether the first topic is a relevant one."""
        return bool(self.ranking) and self.ranking[0] in self.judged.relevant

    @property
    def is_answer(self) -> bool:
        """Return whether what is shown answers: the right topic, and a passage with an answer if answers are known."""
        return self.is_right and (not self.judged.answers or self.judged.is_answered_by(self.passage))


@dataclass(frozen=True, slots=True)
class Report:
    """The measures of one file or folder; what no question can tell is left out."""

    questions: int
    answerable: int
    found: Mapping[str, float]
    """success@1, nDCG@10, recall@10, MRR@10, slot, sentence and passage accuracy, over the answerable questions."""
    confidence: Mapping[str, float]
    """False refusals and answers at the threshold, AUROC, false answers where so many are answered, AURC, ECE."""
    risk: Mapping[str, float]
    """The share of questions whose first topic is wrong, among the surest 50 % to 100 %."""
    latency_ms: Mapping[str, float]
    kinds: Table
    """The same measures for each kind of question that the file names."""
    compared: Table = field(default_factory=dict)
    halves: Table = field(default_factory=dict)
    """The same measures for each half, where the questions are of more than one."""
    reliability: Table = field(default_factory=dict)
    """By how sure an answer was: how many questions, how many of them what was shown answers, and the mean said."""

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


def measure(results: Sequence[QuestionResult], compared: Table | None = None) -> Report:
    """Return the measures of what came of some questions."""
    milliseconds = [result.milliseconds for result in results]
    kinds = sorted({result.judged.kind for result in results} - {""})
    return Report(
        questions=len(results),
        answerable=len(answerable(results)),
        found=finding(results),
        confidence=at_threshold(results)
        | separation(results)
        | {"AURC": float(_risks(results).mean()), "calibration error": calibration_error(results)},
        risk=risk_at_coverage(results),
        latency_ms={name: float(np.percentile(milliseconds, share)) for name, share in (("p50", 50), ("p95", 95))},
        kinds={kind: of_kind(results, kind) for kind in kinds},
        compared=compared or {},
        halves=of_halves(results),
        reliability=reliability(results),
    )


def finding(results: Sequence[QuestionResult]) -> dict[str, float]:
    """Return how well topics are found, and how often the right entry and sentence of one that was found first."""
    answerable_results = answerable(results)
    if not answerable_results:
        return {}
    rankings = [result.ranking for result in answerable_results]
    measures = {name: float(gains(answerable_results, rankings, name).mean()) for name in MEASURES}
    slots = [
        result.slot == result.judged.slot for result in answerable_results if result.judged.slot and result.is_right
    ]
    told = [result for result in answerable_results if result.judged.answers]
    shares = {
        "slot accuracy": slots,
        "sentence accuracy": [result.is_answer for result in told if result.is_right and result.answered],
        "passage accuracy": [result.is_answer and result.answered for result in told],
        "passage accuracy of right topics": [result.is_answer for result in told if result.is_right],
    }
    return measures | _shares(shares) | _length_shown(answerable_results)


def _length_shown(results: Iterable[QuestionResult]) -> dict[str, float]:
    """Return the mean length, in characters, of what is shown as an answer."""
    lengths = [len(result.passage) for result in results if result.answered]
    return {"characters shown": float(np.mean(lengths))} if lengths else {}


def reliability(results: Sequence[QuestionResult]) -> dict[str, dict[str, float]]:
    """Return for each band of confidence how many questions fall in it, and how many of them were answered rightly."""
    rows: dict[str, dict[str, float]] = {}
    below = math.inf
    for least, name in BANDS:
        own = [result for result in results if least <= result.confidence < below]
        right = [result.is_answer for result in own]
        confidence = float(np.mean([result.confidence for result in own])) if own else 0.0
        rows[name] = {"questions": len(own), "right": sum(right), "said": confidence} | _shares({"share": right})
        below = least
    return rows


def calibration_error(results: Sequence[QuestionResult]) -> float:
    """Return by how much confidence and the share of right answers differ, on average over the questions (ECE)."""
    confidence = np.array([result.confidence for result in results])
    right = np.array([result.is_answer for result in results], dtype=np.float64)
    bins = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    return float(np.abs(np.bincount(bins, weights=confidence - right)).sum() / len(results))


def at_threshold(results: Sequence[QuestionResult]) -> dict[str, float]:
    """Return the share of answerable questions that were refused, and of the others that were answered."""
    refused = [not result.answered for result in answerable(results)]
    refused_right = [not result.answered for result in answerable(results) if result.is_right]
    answered = [result.answered for result in unanswerable(results)]
    return _shares({"false refusals": refused, "refused though right": refused_right, "false answers": answered})


def separation(results: Sequence[QuestionResult]) -> dict[str, float]:
    """Return how well confidence tells answerable questions from the others, wherever the threshold stands."""
    sure = [result.confidence for result in answerable(results)]
    unsure = [result.confidence for result in unanswerable(results)]
    if not sure or not unsure:
        return {}
    right = [result.confidence for result in answerable(results) if result.is_right]
    measures = {
        "AUROC": float(roc_auc_score([1] * len(sure) + [0] * len(unsure), sure + unsure)),
        "false answers at 95 % answered": false_answers(sure, unsure, 1 - ANSWERED_SHARE),
    }
    return measures | ({FALSE_AT_REFUSED: false_answers(right, unsure, REFUSED_SHARE)} if right else {})


def of_kind(results: Sequence[QuestionResult], kind: str) -> dict[str, float]:
    """Return the measures of one kind of question; its unanswerable ones are set against all that are answerable."""
    own = [result for result in results if result.judged.kind == kind]
    disambiguated = separation([*answerable(results), *unanswerable(own)])
    return {"questions": len(own)} | finding(own) | at_threshold(own) | disambiguated


def of_halves(results: Sequence[QuestionResult]) -> dict[str, dict[str, float]]:
    """Return the measures of each half by itself; none where there are not two."""
    halves = sorted({result.judged.half for result in results} - {""})
    table = {}
    for half in halves if len(halves) > 1 else ():
        own = [result for result in results if result.judged.half == half]
        table[half] = {"questions": len(own)} | finding(own) | at_threshold(own) | separation(own)
        table[half]["calibration error"] = calibration_error(own)
    return table


def false_answers(sure: Sequence[float], unsure: Sequence[float], refused_share: float) -> float:
    """Return the share of unanswerable questions answered by the highest threshold that refuses so few of the others.

    >>> false_answers([0.9] * 19 + [0.1], [0.95, 0.5], 0.05)
    0.5
    """
    refused = int(len(sure) * refused_share + 1e-9)  # 20 x 0.05 is a little less than 1 in floating point
    return float(np.mean(np.array(unsure) >= sorted(sure)[refused]))


def risk_at_coverage(results: Sequence[QuestionResult]) -> dict[str, float]:
    """Return the share of wrong answers among the surest questions, by how many of all those are."""
    risks = _risks(results)
    return {f"{share:.0%}": float(risks[max(round(share * len(risks)), 1) - 1]) for share in COVERAGES}


def _risks(results: Sequence[QuestionResult]) -> Values:
    """Return the share of wrong answers among the surest 1, 2, 3 and so on (El-Yaniv and Wiener, JMLR 2010).

    Equally sure answers count as equally wrong, so that their order does not matter.
    """
    confidences = np.array([result.confidence for result in results])
    _, ties, sizes = np.unique(-confidences, return_inverse=True, return_counts=True)
    wrong = np.bincount(ties, weights=[not result.is_right for result in results]) / sizes
    return np.asarray(np.cumsum(np.repeat(wrong, sizes)) / np.arange(1, len(ties) + 1))


def gains(results: Sequence[QuestionResult], rankings: Sequence[Sequence[str]], name: str = "nDCG@10") -> Values:
    """Return a measure of each question's ranking."""
    qrels = {str(number): dict(result.judged.relevant) for number, result in enumerate(results)}
    run = {
        str(number): {topic: 1.0 / rank for rank, topic in enumerate(ranking, start=1)}
        for number, ranking in enumerate(rankings)
    }
    values = np.zeros(len(results))
    for measured in ir_measures.iter_calc([MEASURES[name]], qrels, run):
        values[int(measured.query_id)] = measured.value
    return values


def interval(differences: Values) -> tuple[float, float]:
    """Return where the mean of paired differences lies with 95 % probability (bootstrap over the questions)."""
    generator = np.random.default_rng(0)
    means = [generator.choice(differences, len(differences)).mean() for _ in range(RESAMPLES)]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def answerable(results: Iterable[QuestionResult]) -> list[QuestionResult]:
    """Return what came of the questions that the notes answer."""
    return [result for result in results if result.judged.is_answerable]


def unanswerable(results: Iterable[QuestionResult]) -> list[QuestionResult]:
    """Return what came of the others."""
    return [result for result in results if not result.judged.is_answerable]


def _shares(happened: Mapping[str, Sequence[bool]]) -> dict[str, float]:
    """Return how often each happened, without what could not happen."""
    return {name: float(np.mean(cases)) for name, cases in happened.items() if cases}
