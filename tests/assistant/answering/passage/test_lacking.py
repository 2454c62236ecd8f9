"""Whether a passage lacks the time, the count or the amount that is asked for."""

from __future__ import annotations

import pytest

from assistant.answering.passage.lacking import (
    LACKING_RULES,
    LackingRule,
    lacks_name,
    lacks_negation,
    lacks_number,
    lists_what_is_counted,
)
from index.text import stems


@pytest.mark.parametrize("rule", LACKING_RULES, ids=lambda rule: rule.example)
def test_example_of_a_rule_asks_for_a_number(rule: LackingRule) -> None:
    assert lacks_number(rule.example, "The miller knows it.")
    assert not lacks_number(rule.example, "It is 12 days.")


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("when is the chimney swept?", "Sweep it with the long brush."),
        ("when is the chimney swept?", "The stove came in October. It is swept with the long brush."),
        ("how often do I oil the chain?", "Oil the chain with the thin oil."),
        ("how many goats do we have now?", "There are now fewer goats than there were. The wolf took some."),
        ("how many goats do we have?", "The goats are told in [the goat book](https://goats.example/book/7)."),
        ("how many goats do we have?", "The goats belong to the farm f4r3m."),
        ("how long do the goats sleep?", "Goats sleep in 2 pens of all sizes."),
        ("how long do the goats sleep?", "Goats take their time to sleep."),
        ("how much does the ferry cost?", "The ferry to the island is paid for on board."),
        ("what does the ferry cost?", "The cost of a ferry is paid on board."),
        ("which pressure do the tyres need?", "Fill the tyres with the small pump."),
        ("what is the temperature of the stove?", "The stove is for bread."),
        ("when was the chimney last swept?", "Set the date of the last chimney sweep to the right time."),
    ],
)
def test_passage_without_a_word_of_number_or_time_lacks_it(question: str, passage: str) -> None:
    assert lacks_number(question, passage, stems("chimney chain goats ferry"))


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("when is the chimney swept?", "Whenever it smokes."),
        ("when is the chimney swept?", "**In October:**\n- sweep the chimney"),
        ("when is the chimney swept?", "Der Kamin wird gefegt, wenn er raucht."),
        ("when is the chimney swept?", "毎週掃除する"),
        ("when do I turn to the long brush?", "Turn to the long brush for high chimneys."),
        ("when is the chimney swept?", "At full moon."),
        ("how hot is the stove?", "Read the probe: `stove-temp --celsius`"),
        ("when do I use a brush?", "The brush is for soot."),
        ("when is a brush better than a cloth?", "A brush reaches the corners."),
        ("how many goats do we have?", "None, the wolf took both."),
        ("how many goats do we have?", "Goats are our joy.\n\nThere are three goats."),
        ("how much salt goes in?", "A pinch of salt."),
        ("what does the ferry cost?", "Goats cross for free."),
        ("which pressure do the tyres need?", "As much as a thumb can bear."),
        ("what is the speed camera for?", "It keeps the road to the chimney quiet."),
        ("when was the chimney last swept?", "The chimney was swept before the feast."),
        ("how long do the goats sleep?", "Goats sleep 5 h."),
        ("how long do the goats sleep?", "Goats sleep from March to April."),
        ("how long does the goats' rope need to be?", "The rope is 2 m."),
        ("how do I sweep the chimney?", "Sweep it with the long brush."),
    ],
)
def test_passage_that_may_answer_lacks_nothing(question: str, passage: str) -> None:
    assert not lacks_number(question, passage, stems("chimney goats"))


@pytest.mark.parametrize(
    ("shown", "title"),
    [
        ("- Ann\n- Bo", "Ferry captains"),
        ("1. Ann\n2. Bo", "Captains of the ferry"),
        ("**Captains**:\n- Ann\n- Bo", "Crew"),
    ],
)
def test_list_of_what_is_counted_says_how_many(shown: str, title: str) -> None:
    assert lists_what_is_counted("how many ferry captains are there?", shown, title)


@pytest.mark.parametrize(
    ("question", "shown", "title"),
    [
        ("how many ferry captains are there?", "- Ann\n- Bo", "Letters to captains"),
        ("how many ferry captains are there?", "- Ann", "Captains"),
        ("how many boats are there?", "- Ann\n- Bo", "Captains"),
        ("who are the captains?", "- Ann\n- Bo", "Captains"),
    ],
)
def test_other_lists_count_nothing(question: str, shown: str, title: str) -> None:
    assert not lists_what_is_counted(question, shown, title)


def test_passage_without_anybody_does_not_say_who_did_something() -> None:
    assert lacks_name("who gave us the oven?", "The oven is red and the oven is hot.")
    assert not lacks_name("who gave us the oven?", "The oven came from Ann.")
    assert not lacks_name("who gave us the oven?", "The oven came from the miller.")


@pytest.mark.parametrize("shown", ["The baker bakes the bread.", "Baker: see the rota.", "A baker is up early."])
def test_passage_without_a_name_does_not_say_who_it_is(shown: str) -> None:
    assert lacks_name("who is the baker?", shown)
    assert lacks_name("who is my baker?", f"{shown} I like my baker.")


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("who is the baker?", "Ann bakes the bread."),
        ("who is the baker?", "My brother bakes the bread."),
        ("who is the baker?", "Bakery: @ann"),
        ("who is the baker?", "I bake the bread."),
        ("who is my baker?", "My baker, Ann, is up early."),
        ("who is the baker?", "Der Bäcker backt das Brot und ist früh wach."),
        ("who is the baker?", "毎朝パンを焼く"),
        ("who is Ann?", "A baker who is up early."),
        ("who bakes the bread?", "The baker."),
        ("what does the baker do?", "The baker bakes the bread."),
    ],
)
def test_passage_that_may_name_somebody_lacks_no_name(question: str, shown: str) -> None:
    assert not lacks_name(question, shown)


@pytest.mark.parametrize(
    ("question", "shown", "is_lacking"),
    [
        ("Which plants don't need sun?", "The fern needs water every day.", True),
        ("Which plants don't need sun?", "The fern grows without sun.", False),
        ("Where was the fence not mended?", "The fence was mended behind the barn.", True),
        ("What do I do if the pump doesn't start?", "Clean the filter.", False),
        ("Why doesn't the pump start?", "The filter is full.", False),
        ("Who lives at No. 12?", "Ida lives there.", False),
        ("Which plants don't need sun?", "Der Farn steht im Schatten und braucht viel Wasser.", False),
    ],
)
def test_what_is_not_the_case_is_answered_by_a_negation(question: str, shown: str, is_lacking: bool) -> None:
    assert lacks_negation(question, shown) is is_lacking
