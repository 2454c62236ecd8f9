"""Which number a question asks for."""

from __future__ import annotations

import pytest

from assistant.answering.passage.asked_number import counted_thing, number_asked, states_number


@pytest.mark.parametrize(
    ("question", "answers", "others"),
    [
        ("when is the boiler serviced?", ["in October, at 9:30", "every 2 years"], ["room 12"]),
        ("since when do we own the boat?", ["since 2019"], ["for 12 people"]),
        ("how much does the boat cost?", ["about 900 €", "$ 40", "12.50 each", "it is free"], ["for 12 people"]),
        ("what is the fee?", ["20 EUR"], ["form 27"]),
        ("how many people fit in?", ["for 12 people", "two", "8pers", "（3人）"], ["nobody knows", "hall h2b4", "ec2"]),
        ("what is the miller's phone number?", ["+49 40 123456", "(415) 349-5750"], ["in 2031", "room 12"]),
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


def test_number_in_an_address_states_none() -> None:
    number = number_asked("how many people fit in?")
    assert number
    assert not states_number(number, "Ask [the warden](https://hall.example/u/2) or https://hall.example/3")
    assert states_number(number, "[12 people](https://hall.example/u/2)")


def test_thing_that_is_counted_stands_behind_how_many() -> None:
    assert counted_thing("How many keys are there?") == "keys"
    assert counted_thing("how much flour goes in") == "flour"
    assert counted_thing("how many parking spaces do we have?") == "spaces"
    assert not counted_thing("how much does it weigh?")
