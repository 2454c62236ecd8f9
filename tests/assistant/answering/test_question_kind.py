"""What kind of question it is."""

from __future__ import annotations

import pytest

from assistant.answering.question_kind import about_library, is_keyword, sides, two_questions


@pytest.mark.parametrize(
    ("question", "two"),
    [
        ("how do I prune roses and when do I feed them?", ("how do I prune roses", "when do I feed roses?")),
        ("What is a kiln? Who sells it?", ("What is a kiln", "Who sells kiln?")),
        (
            "where is the key, and who has the code for the shed?",
            ("where is the key", "who has the code for the shed?"),
        ),
        ("how do I drain the boiler and refill it?", ("how do I drain the boiler", "how do I refill boiler?")),
        (
            "how do I wax the skis and then pack the bag",
            ("how do I wax the skis", "how do I pack the bag"),
        ),
        (
            "what's the plumber’s name and his number?",
            ("what's the plumber’s name", "what is the number of plumber name?"),
        ),
        ("how do I prune and feed roses?", None),
        ("how do I choose between renting and buying a boat?", None),
        ("how to mix flour and water in a bowl", None),
        ("tell me which drawer and which shelf it lies on", None),
        ("which list says which boat and which berth are mine?", None),
        ("what is salt and pepper?", None),
        ("where is it and why?", None),
        ("", None),
    ],
)
def test_two_questions_in_one_are_told_apart(question: str, two: tuple[str, str] | None) -> None:
    assert two_questions(question) == two


@pytest.mark.parametrize(
    ("question", "compared"),
    [
        ("tea vs coffee", ("tea", "coffee")),
        ("tea versus coffee, which is healthier?", ("tea", "coffee")),
        ("what is the difference between green tea and oolong?", ("green tea", "oolong")),
        ("compare rye with wheat", ("rye", "wheat")),
        ("how does rye differ from wheat?", ("rye", "wheat")),
        ("what is the difference?", None),
        ("how do I open a file in VS Code?", None),
        ("where was rye more common compared to wheat?", None),
        ("does tea keep?", None),
    ],
)
def test_comparison_has_two_sides(question: str, compared: tuple[str, str] | None) -> None:
    assert sides(question) == compared


@pytest.mark.parametrize(
    ("question", "wish", "about"),
    [
        ("what topics are there about bread?", "list", "bread"),
        ("which notes do I have on the garden", "list", "the garden"),
        ("list all topics", "list", ""),
        ("What do you know about bees?", "list", "bees"),
        ("summarise everything about bees", "summary", "bees"),
        ("give me an overview of everything on bees", "summary", "bees"),
        ("how many notes are there about bees?", "count", "bees"),
        ("what do I have on bees?", "list", "bees"),
        ("welche Themen gibt es zu Bienen?", "list", "Bienen"),
        ("show me everything about bees", "summary", "bees"),
    ],
)
def test_question_about_the_library_says_what_is_wanted_of_it(question: str, wish: str, about: str) -> None:
    assert about_library(question) == (wish, about)


@pytest.mark.parametrize(
    "question",
    ["what topic does the talk have?", "what do I have on Monday?", "how many bees are there?", "list the steps"],
)
def test_question_about_a_thing_is_none_about_the_library(question: str) -> None:
    assert about_library(question) is None


def test_keyword_is_one_word_that_says_something() -> None:
    assert [is_keyword(one) for one in ("Docker", '"kiln"', "green tea", "how", "???")] == [
        True, True, False, False, False,
    ]  # fmt: skip
