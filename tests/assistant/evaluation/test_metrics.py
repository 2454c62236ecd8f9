"""Measures, against numbers worked out by hand."""

from __future__ import annotations

import json
from math import log2

import numpy as np
import pytest

from assistant.evaluation.datasets import Judged
from assistant.evaluation.metrics import (
    MEASURES,
    QuestionResult,
    at_threshold,
    calibration_error,
    false_answers,
    finding,
    gains,
    interval,
    measure,
    of_kind,
    reliability,
    risk_at_coverage,
    separation,
)
from index.records import Slot


def outcome(
    ranking: str,
    relevant: dict[str, int] | None = None,
    confidence: float = 0.5,
    *,
    slots: tuple[Slot | None, Slot | None] = (None, None),
    kind: str = "",
    half: str = "",
    answers: tuple[str, ...] = (),
) -> QuestionResult:
    """Return what came of a question: topics are letters, 0.5 is enough to be answered, slots are asked and shown."""
    judged = Judged("?", relevant or {}, slots[0], kind, half, tuple((answer,) for answer in answers))
    return QuestionResult(
        judged, tuple(ranking), slots[1], "Rebase it.", confidence, confidence >= 0.5, milliseconds=1.0
    )


def right(
    confidence: float = 0.5, *, slots: tuple[Slot | None, Slot | None] = (None, None), kind: str = "", half: str = ""
) -> QuestionResult:
    return outcome("a", {"a": 1}, confidence, slots=slots, kind=kind, half=half)


def wrong(confidence: float = 0.5, *, slots: tuple[Slot | None, Slot | None] = (None, None)) -> QuestionResult:
    return outcome("b", {"a": 1}, confidence, slots=slots)


def unanswerable(confidence: float, kind: str = "") -> QuestionResult:
    return outcome("a", {}, confidence, kind=kind)


# finding


def test_ndcg_discounts_each_gain_by_the_logarithm_of_its_rank() -> None:
    ranked = outcome("xba", {"a": 2, "b": 1})
    ideal = 2 / log2(2) + 1 / log2(3)
    assert gains([ranked], [ranked.ranking]) == pytest.approx((1 / log2(3) + 2 / log2(4)) / ideal)


@pytest.mark.parametrize(
    ("name", "ranking", "value"),
    [
        ("success@1", "ax", 1.0),
        ("success@1", "xa", 0.0),
        ("MRR@10", "xya", 1 / 3),
        ("MRR@10", "0123456789a", 0.0),
        ("recall@10", "axyzb", 1.0),
        ("recall@10", "a", 0.5),
        ("recall@10", "012345678ab", 0.5),
        ("nDCG@10", "0123456789a", 0.0),
    ],
)
def test_measure_of_one_ranking(name: str, ranking: str, value: float) -> None:
    judged = outcome("", {"a": 1} if name == "MRR@10" else {"a": 1, "b": 1})
    assert gains([judged], [ranking], name) == pytest.approx(value)


def test_question_that_found_nothing_counts_as_0() -> None:
    assert gains([right(), right()], ["a", ""], "success@1").tolist() == [1.0, 0.0]


def test_finding_is_a_mean_over_answerable_questions_only() -> None:
    assert finding([right(), wrong(), unanswerable(0.9)])["success@1"] == 0.5
    assert finding([unanswerable(0.9)]) == {}


def test_slot_counts_where_one_was_asked_for_and_the_topic_is_right() -> None:
    cases = [
        right(slots=("How", "How")),
        right(slots=("How", "What")),
        right(slots=("Example", "Example")),
        right(slots=(None, "What")),
        wrong(slots=("How", "What")),
    ]
    assert finding(cases)["slot accuracy"] == pytest.approx(2 / 3)
    assert "slot accuracy" not in finding([right(slots=(None, "What"))])


def test_sentence_counts_where_answers_are_known_and_the_topic_is_right_and_answers() -> None:
    cases = [
        outcome("a", {"a": 1}, answers=("merge", "rebase")),
        outcome("a", {"a": 1}, answers=("merge",)),
        outcome("a", {"a": 1}, 0.1, answers=("rebase",)),
        outcome("b", {"a": 1}, answers=("rebase",)),
        right(),
    ]
    assert finding(cases)["sentence accuracy"] == 0.5
    assert "sentence accuracy" not in finding([right()])


def test_passage_counts_over_all_answerable_ones_and_a_refusal_shows_none() -> None:
    cases = [
        outcome("a", {"a": 1}, answers=("rebase",)),
        outcome("a", {"a": 1}, answers=("merge",)),
        outcome("a", {"a": 1}, 0.1, answers=("rebase",)),
        outcome("b", {"a": 1}, answers=("rebase",)),
        unanswerable(0.9),
    ]
    found = finding(cases)
    assert (found["passage accuracy"], found["passage accuracy of right topics"]) == (1 / 4, 2 / 3)
    assert found["characters shown"] == len("Rebase it.")
    assert "characters shown" not in finding([right(0.1)])


# confidence


def test_refusals_and_answers_are_counted_at_the_threshold() -> None:
    cases = [right(0.9), right(0.6), wrong(0.5), right(0.4), unanswerable(0.7), unanswerable(0.1)]
    assert at_threshold(cases) == {"false refusals": 0.25, "refused though right": 1 / 3, "false answers": 0.5}
    assert at_threshold([wrong(0.4)]) == {"false refusals": 1.0}


def test_auroc_is_the_share_of_pairs_in_the_right_order_and_a_tie_is_half_a_pair() -> None:
    # 0.8 is above both; 0.4 is below the one and level with the other
    cases = [right(0.8), right(0.4), unanswerable(0.6), unanswerable(0.4)]
    assert separation(cases)["AUROC"] == pytest.approx(2.5 / 4)


def test_nothing_is_told_apart_where_all_questions_are_of_one_sort() -> None:
    assert separation([right(), wrong()]) == separation([unanswerable(0.1)]) == {}


@pytest.mark.parametrize(
    ("sure", "unsure", "share"),
    [
        ([0.9] * 19 + [0.1], [0.95, 0.5], 0.5),
        ([0.9] * 19 + [0.1], [0.9], 1.0),
        ([0.9] * 18 + [0.1] * 2, [0.95, 0.5, 0.05], 2 / 3),
        ([0.5], [0.4, 0.6], 0.5),
    ],
)
def test_false_answers_are_counted_where_95_percent_of_the_others_are_answered(
    sure: list[float], unsure: list[float], share: float
) -> None:
    assert false_answers(sure, unsure, 0.05) == pytest.approx(share)


def test_false_answers_at_refusals_look_at_right_topics_only() -> None:
    # of 13 right ones the surest 12 are kept (8 % of 13 is 1.04), the least sure of them at 0.6; the wrong one is none
    cases = [right(0.9)] * 11 + [right(0.6), right(0.1), wrong(0.2), unanswerable(0.7), unanswerable(0.3)]
    assert separation(cases)["false answers at 8 % refused"] == 0.5


def test_reliability_tells_how_many_of_each_band_were_right() -> None:
    cases = [
        outcome("a", {"a": 1}, 0.95, answers=("rebase",)),
        outcome("a", {"a": 1}, 0.9, answers=("merge",)),
        unanswerable(0.7),
        right(0.5),
        right(0.49),
        wrong(0.1),
    ]
    assert reliability(cases) == {
        "90 % and more": {"questions": 2, "right": 1, "said": pytest.approx(0.925), "share": 0.5},
        "70 to 90 %": {"questions": 1, "right": 0, "said": pytest.approx(0.7), "share": 0.0},
        "50 to 70 %": {"questions": 1, "right": 1, "said": 0.5, "share": 1.0},
        "below 50 %": {"questions": 2, "right": 1, "said": pytest.approx(0.295), "share": 0.5},
    }


def test_band_without_a_question_has_no_share() -> None:
    assert reliability([right(0.95)])["below 50 %"] == {"questions": 0, "right": 0, "said": 0.0}


def test_calibration_error_is_the_mean_difference_between_said_and_right_within_bins() -> None:
    # two in the bin from 0.8: said 1.7, right 1; two in the bin from 0.2: said 0.5, right 0; one at 1: said 1, right 1
    cases = [right(0.8), wrong(0.9 - 1e-9), unanswerable(0.2), wrong(0.3 - 1e-9), right(1.0)]
    assert calibration_error(cases) == pytest.approx((0.7 + 0.5 + 0.0) / 5)


def test_halves_are_measured_by_themselves() -> None:
    cases = [right(0.8, half="a"), outcome("b", {"a": 1}, 0.8, half="b")]
    halves = measure(cases).halves
    assert {half: row["success@1"] for half, row in halves.items()} == {"a": 1.0, "b": 0.0}
    assert measure([right(half="a")]).halves == {}


def test_risk_is_the_share_of_wrong_ones_among_the_surest() -> None:
    cases = [wrong(0.2), right(0.9), unanswerable(0.1), right(0.8), right(0.7), wrong(0.75), right(0.6), right(0.5)]
    cases += [right(0.4), right(0.3)]
    risks = risk_at_coverage(cases)
    assert risks == {
        "50%": pytest.approx(1 / 5),
        "70%": pytest.approx(1 / 7),
        "80%": pytest.approx(1 / 8),
        "90%": pytest.approx(2 / 9),
        "95%": pytest.approx(3 / 10),
        "100%": pytest.approx(3 / 10),
    }


def test_area_is_the_mean_risk_over_all_coverages() -> None:
    # risks 0, 1/2, 1/3, 1/2 with the surest 1, 2, 3, 4
    cases = [right(0.9), wrong(0.8), right(0.7), unanswerable(0.6)]
    assert measure(cases).confidence["AURC"] == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


@pytest.mark.parametrize("cases", [[right(0.5), wrong(0.5)], [wrong(0.5), right(0.5)]])
def test_order_of_equally_sure_answers_does_not_matter(cases: list[QuestionResult]) -> None:
    assert measure(cases).confidence["AURC"] == pytest.approx(0.5)
    assert risk_at_coverage(cases)["50%"] == pytest.approx(0.5)


# the interval


def test_interval_is_the_same_every_time() -> None:
    differences = np.random.default_rng(1).normal(size=50)
    assert interval(differences) == interval(differences)


def test_interval_of_equal_differences_is_a_point() -> None:
    assert interval(np.full(9, 0.25)) == (0.25, 0.25)


def test_interval_holds_the_true_mean_about_95_times_in_100() -> None:
    generator = np.random.default_rng(7)
    intervals = [interval(generator.normal(0.1, 0.5, size=100)) for _ in range(60)]
    assert 52 <= sum(low <= 0.1 <= high for low, high in intervals) <= 60


def test_interval_is_as_wide_as_the_standard_error_says() -> None:
    differences = np.array([0.0, 1.0] * 50)
    low, high = interval(differences)
    assert (low, high) == pytest.approx((0.5 - 1.96 * 0.05, 0.5 + 1.96 * 0.05), abs=0.01)


# the report


def test_kind_without_an_answer_is_set_against_all_answerable_questions() -> None:
    cases = [right(0.8, kind="natural"), right(0.4), unanswerable(0.6, kind="near"), unanswerable(0.1, kind="other")]
    near, other = of_kind(cases, "near"), of_kind(cases, "other")
    assert (near["AUROC"], other["AUROC"]) == (0.5, 1.0)
    assert (near["false answers"], other["false answers"]) == (1.0, 0.0)
    assert (near["false answers at 95 % answered"], near["questions"]) == (1.0, 1)
    assert of_kind(cases, "natural")["success@1"] == 1.0
    assert "AUROC" not in of_kind(cases, "natural")


def test_report_is_plain_json_of_every_measure() -> None:
    cases = [right(0.8, kind="natural", slots=("How", "How")), unanswerable(0.6, kind="near")]
    record = json.loads(json.dumps(measure(cases, {"dense": {"more": 0.1}}).to_json()))
    assert (record["questions"], record["answerable"]) == (2, 1)
    assert set(record["found"]) == {*MEASURES, "slot accuracy", "characters shown"}
    assert set(record["confidence"]) == {
        "false refusals",
        "refused though right",
        "false answers",
        "AUROC",
        "false answers at 95 % answered",
        "false answers at 8 % refused",
        "AURC",
        "calibration error",
    }
    assert list(record["risk"]) == ["50%", "70%", "80%", "90%", "95%", "100%"]
    assert record["latency_ms"] == {"p50": 1.0, "p95": 1.0}
    assert set(record["kinds"]) == {"natural", "near"}
    assert record["compared"] == {"dense": {"more": 0.1}}
