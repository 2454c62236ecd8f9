"""How likely it is that the notes answer."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest

from assistant.confidence import BIAS, COMPARED, WEIGHTS, confidence, features
from assistant.coverage import Coverage
from index.records import Entry, Hit, Topic


def hit(likeness: float, title: str = "Merge conflicts") -> Hit:
    topic = Topic("Git", title, (Entry("How", "Rebase and settle each file.", 2),), 1)
    return Hit(1, "id", topic, "git.md", likeness, likeness, (likeness,), ((0, 28),))


def covered(*nearness: float, weights: tuple[float, ...] = (), held: str = "", headings: str = "") -> Coverage:
    """Return how near a topic comes to each word; `held` and `headings` say by an x for each word that it is there."""
    count = len(nearness)

    def marks(told: str) -> npt.NDArray[np.bool_]:
        return np.array([mark == "x" for mark in told.ljust(count)], dtype=np.bool_)

    shares = np.array(weights or [1 / max(count, 1)] * count, dtype=np.float32)
    return Coverage(shares, np.array(nearness, dtype=np.float32), marks(held), ~marks(headings))


HALF = covered(0.5, 0.5)


def test_gap_is_the_heaviest_word_that_the_topic_is_not_near_to() -> None:
    found = features([hit(0.6)], covered(0.9, 0.2, 0.1, weights=(0.2, 0.5, 0.3), held="  x"))
    assert found.gap == pytest.approx(0.5 * 0.8)


def test_words_of_the_headings_say_nothing_of_what_is_asked_beyond_them() -> None:
    found = features([hit(0.6)], covered(1.0, 0.4, 0.2, headings="x  "))
    assert (found.beyond, found.farthest) == pytest.approx((0.3, 0.2))


def test_nothing_is_far_where_only_the_headings_are_asked_for() -> None:
    found = features([hit(0.6)], covered(0.9, 0.9, headings="xx"))
    assert (found.beyond, found.farthest) == (1.0, 1.0)


def test_lead_is_over_the_nearest_of_the_others_whatever_their_order() -> None:
    others = [hit(0.1, "Rebasing"), hit(0.5, "Merging")]
    assert features([hit(0.6), *others], HALF).lead == pytest.approx(0.1)


def test_another_copy_of_the_topic_is_no_rival() -> None:
    others = [hit(0.6, "merge conflicts"), hit(0.5, "Merging")]
    assert features([hit(0.6), *others], HALF).lead == pytest.approx(0.1)


def test_topic_that_only_words_brought_first_has_a_lead_below_zero() -> None:
    assert features([hit(0.3), hit(0.5, "Merging")], HALF).lead == pytest.approx(-0.2)


def test_only_hit_leads_by_its_whole_likeness() -> None:
    assert features([hit(0.6)], HALF).lead == pytest.approx(0.6)


def test_more_hits_than_are_compared_change_nothing() -> None:
    hits = [hit(0.6), *[hit(0.2, "Merging")] * (COMPARED - 1)]
    assert features([*hits, hit(0.5, "Rebasing")], HALF) == features(hits, HALF)


def test_probability_is_the_logistic_function_of_the_weighted_features() -> None:
    hits = [hit(0.6), hit(0.25, "Merging")]
    logit = BIAS + sum(weight * value for weight, value in zip(WEIGHTS, features(hits, HALF), strict=True))
    assert confidence(hits, HALF) == pytest.approx(1 / (1 + math.exp(-logit)))
    assert confidence(hits, HALF, -1.5) == pytest.approx(1 / (1 + math.exp(1.5 - logit)))


def test_confidence_grows_with_the_likeness_and_with_what_is_near() -> None:
    weak = confidence([hit(0.2)], covered(0.2, 0.2))
    assert 0 < weak < confidence([hit(0.8)], covered(0.2, 0.2)) < 1
    assert weak < confidence([hit(0.2)], covered(0.9, 0.9)) < 1


def test_question_without_a_meaningful_word_has_no_answer() -> None:
    assert confidence([hit(0.9)], covered()) == 0.0
