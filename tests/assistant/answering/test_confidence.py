"""How likely it is that the notes answer."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from assistant.answering.confidence import MIN_SCORE, SETTINGS, Features, confidence, features
from assistant.answering.coverage import Coverage
from assistant.settings import ANSWERED_FROM
from index.records import Entry, Hit, Topic


def hits(similarity: float, ahead: float = 0.1) -> list[Hit]:
    """Return a topic that is found first, so far ahead of the next one."""
    topic = Topic("Git", "Merge conflicts", (Entry("How", "Rebase and settle each file.", 2),), 1)
    first = Hit(1, "id", topic, "git.md", similarity, similarity, (similarity,), ((0, 28),))
    return [first, replace(first, id="next", score=similarity - ahead)]


def covered(*similarity: float, weights: tuple[float, ...] = (), held: str = "", headings: str = "") -> Coverage:
    """Return how near a topic comes to each word; `held` and `headings` say by an x for each word that it is there."""
    count = len(similarity)

    def marks(told: str) -> npt.NDArray[np.bool_]:
        return np.array([mark == "x" for mark in told.ljust(count)], dtype=np.bool_)

    shares = np.array(weights or [1 / max(count, 1)] * count, dtype=np.float32)
    near = np.array(similarity, dtype=np.float32)
    return Coverage(shares, near, marks(held), ~marks(headings), marks(""))


HALF = covered(0.5, 0.5)


def test_gap_is_the_two_heaviest_words_that_the_topic_is_not_near_to() -> None:
    found = features(hits(0.6), covered(0.9, 0.2, 0.1, 0.5, weights=(0.2, 0.4, 0.3, 0.1), held="  x "))
    assert found.gap == pytest.approx(0.4 * 0.8 + 0.1 * 0.5)


def test_words_of_the_headings_are_not_what_is_far() -> None:
    assert features(hits(0.6), covered(0.1, 0.4, 0.2, headings="x  ")).weakest_term == pytest.approx(0.2)


def test_nothing_is_far_or_unsaid_where_only_the_headings_are_asked_for() -> None:
    found = features(hits(0.6), covered(0.9, 0.9, held="xx", headings="xx"))
    assert (found.weakest_term, found.missing_weight) == (1.0, 0.0)


def test_what_a_topic_asked_for_by_name_does_not_hold_is_unsaid() -> None:
    found = features(hits(0.6), covered(0.9, 0.8, 0.4, weights=(0.5, 0.2, 0.3), held="xx ", headings="x  "))
    assert found.missing_weight == pytest.approx(0.3)


def test_nothing_is_unsaid_where_the_topic_is_not_named() -> None:
    assert features(hits(0.6), covered(0.9, 0.4, held="x ")).missing_weight == 0.0


def test_what_names_no_heading_is_described_by_many_words_only() -> None:
    few, many = (0.5, 0.5, 0.5), (0.5, 0.5, 0.5, 0.5)
    assert features(hits(0.6), covered(*few)).described == -1.0
    assert features(hits(0.6), covered(*many)).described == 1.0
    assert features(hits(0.6), covered(*many, headings="x")).described == 0.0


def test_lead_is_the_share_of_its_score_that_the_first_topic_is_ahead_and_all_of_it_where_it_is_alone() -> None:
    assert features(hits(0.6, ahead=0.15), HALF).lead == pytest.approx(0.25)
    assert features(hits(0.6)[:1], HALF).lead == 1.0


def test_lead_of_a_low_score_is_no_large_share_of_it() -> None:
    assert features(hits(0.02, ahead=0.02), HALF).lead == pytest.approx(0.02 / MIN_SCORE)


def test_probability_is_the_logistic_function_of_the_weighted_features() -> None:
    measured = features(hits(0.6), HALF)
    logit = SETTINGS.bias + sum(weight * value for weight, value in zip(SETTINGS.weights, measured, strict=True))
    assert confidence(hits(0.6), HALF) == pytest.approx(1 / (1 + math.exp(-logit)))


@pytest.mark.parametrize("name", Features._fields)
def test_weight_of_every_feature_has_the_sign_of_what_it_says(name: str) -> None:
    against = {"gap", "missing_weight"}
    assert (getattr(SETTINGS.weights, name) < 0) == (name in against)


def test_confidence_grows_with_the_likeness_with_what_is_near_and_with_the_lead() -> None:
    weak = confidence(hits(0.2), covered(0.2, 0.2))
    assert 0 < weak < confidence(hits(0.8), covered(0.2, 0.2)) < 1
    assert weak < confidence(hits(0.2), covered(0.9, 0.9)) < 1
    assert weak < confidence(hits(0.2, ahead=0.2), covered(0.2, 0.2)) < 1


def test_question_without_a_meaningful_word_has_no_answer() -> None:
    assert confidence(hits(0.9), covered()) == 0.0


def test_number_in_whose_place_another_stands_is_not_answered_however_near_all_else_is() -> None:
    near = covered(1.0, 1.0, held="xx", headings="xx")
    assert confidence(hits(1.0), near) > ANSWERED_FROM
    assert confidence(hits(1.0), near._replace(is_refuted=np.array([False, True]))) < 0.01


def test_question_of_few_words_none_of_which_is_shown_is_believed_less() -> None:
    near = covered(0.9, 0.9)
    assert confidence(hits(0.6), near._replace(is_absent=True)) < confidence(hits(0.6), near)


def test_name_of_a_topic_is_answered_whatever_words_it_is_made_of() -> None:
    assert confidence(hits(0.1), covered()) == 0.0
    assert confidence(hits(-0.5), covered()._replace(is_its_name=True)) == SETTINGS.named


def test_passage_without_the_number_that_is_asked_for_is_no_answer() -> None:
    near = covered(1.0, 1.0, held="xx", headings="x ")
    assert confidence(hits(0.9), near) > 0.8
    assert confidence(hits(0.9), near._replace(is_lacking=True)) < ANSWERED_FROM


def test_passage_that_says_the_contrary_answers_less_likely() -> None:
    near = covered(1.0, 1.0, held="xx", headings="x ")
    assert confidence(hits(0.9), near._replace(is_contrary=True)) < confidence(hits(0.9), near) - 0.3


def test_topic_that_tells_of_the_thing_and_not_of_what_is_asked_of_it_answers_less_likely() -> None:
    near = covered(1.0, 1.0, held="xx", headings="x ")
    assert confidence(hits(0.9), near._replace(is_unspoken=True)) < confidence(hits(0.9), near) - 0.02
