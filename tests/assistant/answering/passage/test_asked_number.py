"""Which number a question asks for."""

from __future__ import annotations

import pytest

from assistant.answering.passage.asked_number import counted_thing, number_asked


@pytest.mark.parametrize(
    ("question", "answers", "others"),
    [
        ("when is the boiler serviced?", ["in October, at 9:30", "every 2 years"], ["room 12"]),
        ("since when do we own the boat?", ["since 2019"], ["for 12 people"]),
        ("how much does the boat cost?", ["about 900 €", "$ 40", "12.50 each", "it is free"], ["for 12 people"]),
        ("what is the fee?", ["20 EUR"], ["form 27"]),
        ("how many people fit in?", ["for 12 people", "two"], ["nobody knows"]),
        ("what is the weight limit of the lift?", ["630 kg"], ["as heavy as a piano"]),
    ],
)
def test_number_of_the_kind_that_is_asked_for_is_known(question: str, answers: list[str], others: list[str]) -> None:
    number = number_asked(question)
    assert number is not None
    assert all(map(number.search, answers))
    assert not any(map(number.search, others))


@pytest.mark.parametrize(
    "question",
    [
        "what do I check when the pump leaks?",
        "When I start it, it coughs: what is wrong?",
        "when should I use a mutex?",
        "how do I limit its speed?",
        "who repairs boats?",
    ],
)
def test_other_questions_ask_for_no_number(question: str) -> None:
    assert number_asked(question) is None


def test_thing_that_is_counted_stands_behind_how_many() -> None:
    assert counted_thing("How many keys are there?") == "keys"
    assert counted_thing("how much flour goes in") == "flour"
    assert not counted_thing("how much does it weigh?")
