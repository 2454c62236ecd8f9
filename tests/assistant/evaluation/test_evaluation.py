"""Judged questions, asked of the product and of the plain methods."""

from __future__ import annotations

import pytest

from assistant.evaluation.datasets import Judged
from assistant.evaluation.evaluation import ask_all, check_topics, compare, plain_rankers, reciprocal_rank_fusion
from index.errors import QuestionError
from index.library import Library

MERGE = Judged("how do I settle merge conflicts with a rebase?", {"merge conflicts": 1}, "How")
PIZZA = Judged("which pizza dough needs least yeast?")


def test_outcome_holds_what_was_found_shown_and_believed(library: Library) -> None:
    merge, pizza = ask_all(library, [MERGE, PIZZA])
    assert (merge.ranking[0], merge.slot, merge.is_right, merge.answered) == ("merge conflicts", "How", True, True)
    assert (pizza.is_right, pizza.answered) == (False, False)
    assert merge.confidence > pizza.confidence
    assert merge.milliseconds > 0


def test_topics_of_a_beir_folder_are_told_apart_by_id(library: Library) -> None:
    [outcome] = ask_all(library, [MERGE], by_id=True)
    assert outcome.ranking[0] == library.search(MERGE.question)[0].id


def test_asking_reports_its_progress(library: Library) -> None:
    reported: list[tuple[str, int, int]] = []
    ask_all(library, [MERGE, PIZZA], progress=lambda *report: reported.append(report))
    assert reported == [("Asking", 0, 2), ("Asking", 1, 2)]


def test_question_that_cannot_be_asked_is_named(library: Library) -> None:
    with pytest.raises(QuestionError, match=r"The question 'word word .*' cannot be asked: The question is too long"):
        ask_all(library, [Judged("word " * 2000, {"decorators": 1})])


def test_topics_that_the_library_lacks_are_named_before_anything_is_asked(library: Library) -> None:
    with pytest.raises(QuestionError, match=r"1 topic of the 2 named cannot be found in the library .* 'sourdough'"):
        check_topics(library, [MERGE, PIZZA, Judged("starter?", {"sourdough": 1})])


def test_topic_may_be_named_by_its_note(library: Library) -> None:
    path = library.search(MERGE.question)[0].path
    [outcome] = ask_all(library, [Judged(MERGE.question, {path: 1}, is_by_path=True)])
    assert (outcome.is_right, outcome.ranking[0]) == (True, path)
    with pytest.raises(QuestionError, match=r"the first is 'none\.md'"):
        check_topics(library, [Judged("q", {"none.md": 1}, is_by_path=True)])


def test_what_a_refusal_would_have_shown_is_kept(library: Library) -> None:
    [pizza] = ask_all(library, [PIZZA])
    assert (pizza.answered, bool(pizza.passage)) == (False, True)


def test_every_plain_method_finds_a_topic_asked_for_in_its_words(library: Library) -> None:
    rankers = plain_rankers(library)
    assert set(rankers) == {"dense", "BM25", "RRF"}
    for rank in rankers.values():
        assert rank(MERGE.question)[0] == "merge conflicts"


def test_fusion_sums_the_reciprocal_ranks() -> None:
    # 1/61 + 1/62 for 2, 1/61 + 1/63 for 1, 1/62 for 3
    assert reciprocal_rank_fusion([[2, 3, 1], [1, 2]]) == [2, 1, 3]


def test_comparison_tells_by_how_much_the_product_is_better(library: Library) -> None:
    outcomes = ask_all(library, [MERGE, PIZZA])
    table = compare(
        outcomes, {"worse": lambda _: ["decorators", "merge conflicts"], "same": lambda _: ["merge conflicts"]}
    )
    assert table["product"] == {"success@1": 1.0, "nDCG@10": 1.0, "recall@10": 1.0, "MRR@10": 1.0}
    assert table["worse"]["MRR@10"] == 0.5
    assert table["worse"]["more"] == pytest.approx(1 - 0.6309, abs=1e-4)  # 1 / log2(3)
    assert table["worse"]["from"] == table["worse"]["more"] == table["worse"]["to"]
    assert (table["same"]["more"], table["same"]["from"], table["same"]["to"]) == (0, 0, 0)


def test_progress_names_the_method_that_is_asked(library: Library) -> None:
    told: list[str] = []
    compare(ask_all(library, [MERGE]), plain_rankers(library), lambda phase, done, total: told.append(phase))
    assert told == ["Asking: dense", "Asking: BM25", "Asking: RRF"]


def test_nothing_is_compared_where_no_question_can_be_answered(library: Library) -> None:
    assert compare(ask_all(library, [PIZZA]), plain_rankers(library)) == {}
