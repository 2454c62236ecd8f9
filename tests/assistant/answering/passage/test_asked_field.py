"""Which field a question asks for in other words."""

from __future__ import annotations

import pytest

from assistant.answering.passage.asked_field import FIELD_RULES, FieldRule, asked_field


@pytest.mark.parametrize("rule", FIELD_RULES, ids=lambda rule: rule.example)
def test_example_of_a_rule_asks_for_its_names(rule: FieldRule) -> None:
    assert asked_field(rule.example).names == rule.names


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("where's the fuse box?", "- **Location:** cellar"),
        ("who takes care of the bees?", "| Keeper | Otto Berg |"),
        ("who do I ask about the keys?", "In charge: Otto Berg"),
        ("where did we order the stove?", "Shop: Hill & Co"),
        ("telephone of the vet", "Tel: 0123"),
        ("who wrote the song?", "Author: Otto Berg"),
        ("who built the organ?", "| Maker | Otto Berg |"),
        ("how long does the bread take?", "**Total Time:** 3 hours"),
        ("how many people does the soup serve?", "Servings: 4"),
    ],
)
def test_field_of_another_name_answers(question: str, line: str) -> None:
    assert asked_field(question).is_in(f"An introduction: with a colon.\n{line}")


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("what is a fuse box?", "Location: cellar"),
        ("who wrote the song?", "Keeper: Otto Berg"),
        ("where did we order the stove?", "Place: kitchen"),
        ("where is the key?", "It hangs in its place."),
        ("where is the key?", "In the place where all of the keys hang: nowhere"),
    ],
)
def test_other_lines_and_questions_stay_apart(question: str, line: str) -> None:
    assert not asked_field(question).is_in(line)
