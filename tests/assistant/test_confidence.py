"""How likely it is that the notes answer."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest

from assistant.confidence import BIAS, NAMED, WEIGHTS, confidence, features
from assistant.coverage import Coverage
from index.records import Entry, Hit, Topic


def hit(likeness: float) -> Hit:
    topic = Topic("Git", "Merge conflicts", (Entry("How", "Rebase and settle each file.", 2),), 1)
    return Hit(1, "id", topic, "git.md", likeness, likeness, (likeness,), ((0, 28),))


def covered(*nearness: float, weights: tuple[float, ...] = (), held: str = "", headings: str = "") -> Coverage:
    """Return how near a topic comes to each word; `held` and `headings` say by an x for each word that it is there."""
    count = len(nearness)

    def marks(told: str) -> npt.NDArray[np.bool_]:
        return np.array([mark == "x" for mark in told.ljust(count)], dtype=np.bool_)

    shares = np.array(weights or [1 / max(count, 1)] * count, dtype=np.float32)
    return Coverage(shares, np.array(nearness, dtype=np.float32), marks(held), ~marks(headings), marks(""))


HALF = covered(0.5, 0.5)


def test_gap_is_the_two_heaviest_words_that_the_topic_is_not_near_to() -> None:
    found = features(hit(0.6), covered(0.9, 0.2, 0.1, 0.5, weights=(0.2, 0.4, 0.3, 0.1), held="  x "))
    assert found.gap == pytest.approx(0.4 * 0.8 + 0.1 * 0.5)


def test_words_of_the_headings_are_not_what_is_far() -> None:
    assert features(hit(0.6), covered(0.1, 0.4, 0.2, headings="x  ")).farthest == pytest.approx(0.2)


def test_nothing_is_far_or_unsaid_where_only_the_headings_are_asked_for() -> None:
    found = features(hit(0.6), covered(0.9, 0.9, held="xx", headings="xx"))
    assert (found.farthest, found.unsaid) == (1.0, 0.0)


def test_what_a_topic_asked_for_by_name_does_not_hold_is_unsaid() -> None:
    found = features(hit(0.6), covered(0.9, 0.8, 0.4, weights=(0.5, 0.2, 0.3), held="xx ", headings="x  "))
    assert found.unsaid == pytest.approx(0.3)


def test_nothing_is_unsaid_where_the_topic_is_not_named() -> None:
    assert features(hit(0.6), covered(0.9, 0.4, held="x ")).unsaid == 0.0


def test_probability_is_the_logistic_function_of_the_weighted_features() -> None:
    logit = BIAS + sum(weight * value for weight, value in zip(WEIGHTS, features(hit(0.6), HALF), strict=True))
    assert confidence(hit(0.6), HALF) == pytest.approx(1 / (1 + math.exp(-logit)))
    assert confidence(hit(0.6), HALF, -1.5) == pytest.approx(1 / (1 + math.exp(1.5 - logit)))


def test_confidence_grows_with_the_likeness_and_with_what_is_near() -> None:
    weak = confidence(hit(0.2), covered(0.2, 0.2))
    assert 0 < weak < confidence(hit(0.8), covered(0.2, 0.2)) < 1
    assert weak < confidence(hit(0.2), covered(0.9, 0.9)) < 1


def test_question_without_a_meaningful_word_has_no_answer() -> None:
    assert confidence(hit(0.9), covered()) == 0.0


def test_number_in_whose_place_another_stands_is_not_answered_however_near_all_else_is() -> None:
    near = covered(1.0, 1.0, held="xx", headings="xx")
    assert confidence(hit(1.0), near) > 0.99
    assert confidence(hit(1.0), near._replace(is_refuted=np.array([False, True]))) < 0.5


def test_name_of_a_topic_is_answered_whatever_words_it_is_made_of() -> None:
    assert confidence(hit(0.1), covered()) == 0.0
    assert confidence(hit(-0.5), covered()._replace(is_its_name=True)) == NAMED
