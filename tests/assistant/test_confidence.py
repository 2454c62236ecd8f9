"""How likely it is that the notes answer."""

from __future__ import annotations

import pytest

from assistant.confidence import confidence, features
from index.records import Entry, Hit, Topic

TOPIC = Topic("Git", "Merge conflicts", (Entry("How", "Rebase and settle each file.", 2),), 1)


def hit(score: float) -> Hit:
    return Hit(1, "id", TOPIC, "git.md", score, (score,), ((0, 28),))


def test_features_are_the_score_the_lead_and_whether_the_title_names_all() -> None:
    assert features("how do I merge?", [hit(0.6), hit(0.25)]) == pytest.approx((0.6, 0.35, 1.0))
    assert features("how do I merge files?", [hit(0.6), hit(0.25)]) == pytest.approx((0.6, 0.35, 0.0))


def test_only_hit_leads_by_its_whole_score() -> None:
    assert features("merge files", [hit(0.6)]) == pytest.approx((0.6, 0.6, 0.0))


def test_probability_is_the_logistic_function_of_the_weighted_features() -> None:
    # 8.8 x 0.5 + 5.8 x 0.2 + 1.1 x 1 - 3.3 = 3.36, and 1 / (1 + e^-3.36) = 0.966
    assert confidence("merge", [hit(0.5), hit(0.3)]) == pytest.approx(0.966, abs=0.0005)


def test_confidence_grows_with_the_score() -> None:
    weak, strong = (confidence("merge files", [hit(score), hit(0.1)]) for score in (0.2, 0.8))
    assert 0 < weak < strong < 1


def test_question_without_a_meaningful_word_has_no_answer() -> None:
    assert confidence("how is it?", [hit(0.9)]) == 0.0


def test_no_hits_mean_no_confidence() -> None:
    assert confidence("merge files", []) == 0.0
