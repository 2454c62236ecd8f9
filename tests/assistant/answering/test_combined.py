"""Two answers put together: those to two questions in one, and those to both sides of a comparison."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering.answering import ask
from assistant.answering.combined import both
from index.library import Library


def test_both_of_two_questions_are_answered_each_from_its_own_topic(bread: Library) -> None:
    answer = ask(bread, "how long does rye bread keep and how long does wheat dough rest?", threshold=0.0)
    assert [part.answer and part.answer.text for part in answer.parts] == [
        "Rye bread keeps for a week.", "Wheat dough rests an hour.",
    ]  # fmt: skip
    assert [card.topic for card in answer.hits[:2]] == ["Rye", "Wheat"]
    assert all(card.highlights for card in answer.hits[:2])


def test_half_that_is_not_answered_is_named(bread: Library) -> None:
    first = ask(bread, "how long does rye bread keep?", threshold=0.0)
    answer = both(first, ask(bread, "who sells zebras?", threshold=1.0))
    assert [part.answered for part in answer.parts] == [True, False]
    assert answer.answered
    assert answer.note == "Your notes don’t say: who sells zebras?"


def test_comparison_has_a_passage_of_each_side(bread: Library) -> None:
    answer = ask(bread, "rye vs wheat", threshold=0.0)
    assert [(part.question, part.answered) for part in answer.parts] == [("rye", True), ("wheat", True)]


def test_of_a_comparison_with_one_side_there_that_one_is_named_and_nothing_answers(bread: Library) -> None:
    answer = ask(bread, "rye vs zebras", threshold=0.0)
    assert (answer.answered, answer.answer) == (False, None)
    assert answer.note == "Of the two, your notes tell of rye only."
    assert not any(card.highlights for card in answer.hits)


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("Store loaves such as rye or wheat in linen.", False),
        ("We went from rye to wheat, and stayed there.", False),
        ("Rye is sour and dense, wheat is mild.", True),
        ("Of the two flours, wheat and rye, one rises.", True),
    ],
)
def test_passage_that_only_names_both_sides_compares_nothing(
    library_of: Callable[[Path], Library], tmp_path: Path, text: str, *, is_told: bool
) -> None:
    (tmp_path / "storing.md").write_text(f"# Storing\n\n{text}")
    assert ask(library_of(tmp_path / "storing.md"), "rye vs wheat", threshold=0.0).answered is is_told


def test_items_that_begin_with_what_is_compared_are_shown_together(
    library_of: Callable[[Path], Library], tmp_path: Path
) -> None:
    (tmp_path / "loaves.md").write_text(
        "# Loaves\n\nThe oven is hot.\n\nRye keeps a week.\n\nBirds like crumbs.\n\nWheat rests an hour."
    )
    answer = ask(library_of(tmp_path / "loaves.md"), "rye versus wheat loaves", threshold=0.0)
    assert answer.answer is not None
    assert [line.removeprefix("- ") for line in answer.answer.text.split("\n") if line] == [
        "Rye keeps a week.",
        "Wheat rests an hour.",
    ]
    assert len(answer.hits[0].highlights) == 2


def test_one_passage_that_answers_both_questions_is_shown_once(bread: Library) -> None:
    first = ask(bread, "how long does rye bread keep?", threshold=0.0)
    assert first.answer is not None
    longer = replace(first, answer=replace(first.answer, text=f"{first.answer.text} Then it is dry."))
    assert both(first, longer) == longer
    assert len(both(first, ask(bread, "how hot is the oven?", threshold=0.0)).parts) == 2


def test_comparison_of_two_terms_of_a_glossary_has_what_each_means(
    library_of: Callable[[Path], Library], tmp_path: Path
) -> None:
    rye = "A sour bread of dark flour that is baked for three hours in an oven which cools down slowly."
    (tmp_path / "words.md").write_text(
        f"# Words\n\n```{{glossary}}\nRye loaf\nRye loaves\n  {rye} For example:\n\n  - the dark one\n\n"
        "Wheat loaf\n  A mild bread.\n```\n"
    )
    answer = ask(library_of(tmp_path / "words.md"), "what is the difference between a rye loaf and a wheat loaf?")
    assert answer.answer
    assert answer.answer.text == f"- **Rye loaf**, **Rye loaves**: {rye}\n- **Wheat loaf**: A mild bread."
