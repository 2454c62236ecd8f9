"""The same words in other places say another thing."""

from __future__ import annotations

import pytest

from assistant.grounding.contraries import contraries_of
from assistant.grounding.items import items_of, plain_words
from assistant.grounding.structure import (
    denied_otherwise,
    frame_of,
    in_one_sentence,
    is_in_other_order,
    is_rearranged,
    scattered,
)


def rearranged(statement: str, source: str) -> bool:
    return is_rearranged(statement, items_of(statement), source, items_of(source))


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("Oil the hinge weekly, and the lock monthly.", "Oil the lock weekly, and the hinge monthly."),
        ("Rye needs 70 ml and wheat 60 ml.", "Rye needs 60 ml and wheat 70 ml."),
        ("Tea is better than coffee for the night.", "For the night, coffee is better than tea."),
        ("Use nails instead of screws.", "Use screws instead of nails."),
    ],
)
def test_what_is_exchanged_is_seen(statement: str, source: str) -> None:
    assert rearranged(statement, source)


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("Oil the lock weekly, and the hinge monthly.", "Oil the lock weekly, and the hinge monthly."),
        ("The hinge is oiled monthly, the lock weekly.", "Oil the lock weekly, and the hinge monthly."),
        ("Screws are better than nails.", "Screws hold better than nails, and longer."),
    ],
)
def test_the_same_in_another_order_of_clauses_is_not_exchanged(statement: str, source: str) -> None:
    assert not rearranged(statement, source)


def test_what_comes_first_is_told_from_what_comes_later() -> None:
    source = "Let the glue dry, then sand the edge."
    assert is_in_other_order("Sand the edge before the glue is dry.", source)
    assert not is_in_other_order("Sand the edge after the glue is dry.", source)


def test_a_denial_is_compared_where_it_stands() -> None:
    source = items_of("The cat may sleep indoors, but never eats fish.")
    assert denied_otherwise(items_of("The cat eats fish."), source) == pytest.approx(2 / 3)
    assert denied_otherwise(items_of("The cat never eats fish."), source) == 0


def test_a_run_of_words_that_is_repeated_and_denied_counts() -> None:
    frame = frame_of(plain_words("you cannot mend the hole"), plain_words("you can mend the hole"))
    assert frame.share == pytest.approx(3 / 5)  # mend, the, hole
    assert frame.denied_otherwise == 1


def test_what_stands_in_several_clauses_of_the_source_is_scattered() -> None:
    source = "Paint the door green, the gate red and the fence white."
    assert scattered(items_of("Paint the door green."), items_of(source)) == 0
    assert scattered(items_of("Paint the fence green."), items_of(source)) == pytest.approx(1 / 3)


def test_the_part_that_one_sentence_says() -> None:
    source = "Birds sing. Fish swim."
    assert in_one_sentence(source, items_of("Birds swim"), items_of(source)) == 0.5


@pytest.mark.parametrize(
    ("statement", "source", "contraries"),
    [
        ("cool the milk before whisking", "warm the milk before whisking", ("cool",)),
        ("disable the alarm", "enable the alarm first", ("disabl",)),
        ("warm the milk", "warm the milk", ()),
        ("the summer was cold", "warm the milk", ()),
    ],
)
def test_a_contrary_counts_where_it_stands_in_the_words_place(
    statement: str, source: str, contraries: tuple[str, ...]
) -> None:
    own, other = ([word.stem for word in plain_words(text)] for text in (statement, source))
    assert contraries_of(own, other, set()) == contraries
