"""Whether a passage lacks the time, the count or the amount that is asked for."""

from __future__ import annotations

import pytest

from assistant.answering.passage.lacking import LACKING_RULES, LackingRule, lacks_number
from index.text import stems


@pytest.mark.parametrize("rule", LACKING_RULES, ids=lambda rule: rule.example)
def test_example_of_a_rule_asks_for_a_number(rule: LackingRule) -> None:
    assert lacks_number(rule.example, "The miller knows it.")
    assert not lacks_number(rule.example, "It is 12.")


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("when is the chimney swept?", "Sweep it with the long brush."),
        ("when is the chimney swept?", "The stove came in October. It is swept with the long brush."),
        ("how often do I oil the chain?", "Oil the chain with the thin oil."),
        ("how many goats do we have now?", "There are now fewer goats than there were. The wolf took some."),
        ("how much does the ferry cost?", "The ferry to the island is paid for on board."),
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
        ("how do I sweep the chimney?", "Sweep it with the long brush."),
    ],
)
def test_passage_that_may_answer_lacks_nothing(question: str, passage: str) -> None:
    assert not lacks_number(question, passage, stems("chimney goats"))
