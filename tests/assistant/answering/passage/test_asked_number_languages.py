"""Questions in other languages than English that ask for a number, and what one of that kind looks like."""

from __future__ import annotations

from collections.abc import Set

import pytest

from assistant.answering.follow_up_languages import FOLLOW_UP_WORDS
from assistant.answering.passage.asked_number import counted_thing, number_asked
from assistant.answering.passage.asked_number_languages import NUMBER_QUESTIONS, TIME_WORDS_FILE, NumberWords
from index.text.codes import NUMBER_WORDS
from index.text.languages import ASKING


@pytest.mark.parametrize("row", NUMBER_QUESTIONS.values(), ids=NUMBER_QUESTIONS)
def test_each_kind_fits_its_example_and_asks_for_its_own_numbers(row: NumberWords) -> None:
    time, money, amount = (number_asked(question) for _, question in (row.time, row.money, row.amount))
    assert time
    assert time.search("12:30")
    assert not time.search("3 kg")
    assert money
    assert money.search("12 €")
    assert not money.search("12 kg")
    assert amount
    assert amount.search("12 kg")


def test_language_whose_questions_are_read_has_its_row_in_every_table() -> None:
    with_time_words = {line.split()[0] for line in TIME_WORDS_FILE.read_text(encoding="utf-8").splitlines()} - {"#"}
    tables: list[Set[str]] = [NUMBER_QUESTIONS.keys(), FOLLOW_UP_WORDS.keys(), NUMBER_WORDS.keys(), with_time_words]
    assert [ASKING.keys() ^ table for table in tables] == [set()] * len(tables)


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("wann kommt die Müllabfuhr?", "immer montags", "der dritte Tag"),
        ("wie lange muss der Teig ruhen?", "zwei Stunden", "zwei Eier"),
        ("quand passe le chauffagiste ?", "en février", "dans la cave"),
        ("combien d'œufs dans la pâte ?", "il faut trois œufs", "il faut des œufs"),
        ("¿cuántos huevos lleva la masa?", "lleva cuatro huevos", "lleva huevos"),
        ("in che anno è nata la nonna?", "nel 1931", "in primavera"),
        ("quanto custa o bilhete do museu?", "a entrada é gratuito", "três salas"),
        ("hoe lang moet het deeg rusten?", "twee uur", "twee eieren"),
    ],
)
def test_number_of_its_kind_is_told_from_what_is_none(question: str, answer: str, other: str) -> None:
    number = number_asked(question)
    assert number
    assert number.search(answer)
    assert not number.search(other)


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("wie viele Eier sind im Teig?", "Eier"),
        ("combien de pommes faut-il ?", "pommes"),
        ("¿cuántas manzanas lleva?", "manzanas"),
        ("was ist ein Ei?", ""),
        ("what is quando?", ""),
    ],
)
def test_what_is_counted_is_told(question: str, thing: str) -> None:
    assert counted_thing(question) == thing
