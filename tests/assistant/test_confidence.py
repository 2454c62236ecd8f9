"""How likely it is that the notes answer."""

from __future__ import annotations

import math

import numpy as np
import pytest

from assistant.confidence import BIAS, COMPARED, WEIGHTS, confidence, features
from index.records import Entry, Hit, Topic

TOPIC = Topic("Git", "Merge conflicts", (Entry("How", "Rebase and settle each file.", 2),), 1)
HALF = np.array([0.5, 0.5])


def hit(likeness: float) -> Hit:
    return Hit(1, "id", TOPIC, "git.md", likeness, likeness, (likeness,), ((0, 28),))


def test_features_are_likeness_lead_coverage_gap_and_length() -> None:
    found = features([hit(0.6), hit(0.25)], np.array([1.0, 0.2]), np.array([0.75, 0.25]))
    # covered 0.75 x 1 + 0.25 x 0.2, the greatest gap 0.25 x 0.8, and two words
    assert found == pytest.approx((0.6, 0.35, 0.8, 0.2, math.log(3)))


def test_lead_is_over_the_nearest_of_the_others_whatever_their_order() -> None:
    assert features([hit(0.6), hit(0.1), hit(0.5)], HALF, HALF).lead == pytest.approx(0.1)


def test_topic_that_only_words_brought_first_has_a_lead_below_zero() -> None:
    assert features([hit(0.3), hit(0.5)], HALF, HALF).lead == pytest.approx(-0.2)


def test_only_hit_leads_by_its_whole_likeness() -> None:
    assert features([hit(0.6)], HALF, HALF).lead == pytest.approx(0.6)


def test_more_hits_than_are_compared_change_nothing() -> None:
    hits = [hit(0.6), *[hit(0.2)] * (COMPARED - 1)]
    assert features([*hits, hit(0.5)], HALF, HALF) == features(hits, HALF, HALF)


def test_probability_is_the_logistic_function_of_the_weighted_features() -> None:
    found = features([hit(0.6), hit(0.25)], HALF, HALF)
    logit = BIAS + sum(weight * value for weight, value in zip(WEIGHTS, found, strict=True))
    assert confidence([hit(0.6), hit(0.25)], HALF, HALF) == pytest.approx(1 / (1 + math.exp(-logit)))


def test_confidence_grows_with_the_likeness_and_with_what_is_covered() -> None:
    weak, near, covered = (
        confidence([hit(likeness)], np.full(2, share), HALF) for likeness, share in ((0.2, 0.2), (0.8, 0.2), (0.2, 1.0))
    )
    assert 0 < weak < near < 1
    assert weak < covered < 1


def test_question_without_a_meaningful_word_has_no_answer() -> None:
    assert confidence([hit(0.9)], np.zeros(0), np.zeros(0)) == 0.0


def test_no_hits_mean_no_confidence() -> None:
    assert confidence([], HALF, HALF) == 0.0
