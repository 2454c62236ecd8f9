"""What a passage says in place of a word of the question that means the contrary."""

from __future__ import annotations

import pytest

from index.text import said_stems
from index.text.contraries import contraries_stated


@pytest.mark.parametrize(
    ("question", "passage", "word"),
    [
        ("What is the maximum load of the trailer?", "The minimum load of the trailer is 40 kg.", "maximum"),
        ("What is the maximum load of the trailer?", "Load the trailer with 40 kg at most.", ""),
        ("maximum and minimum load of the trailer", "The minimum load of the trailer is 40 kg.", ""),
        ("maximum load of the trailer", "The minimum load of the trailer is 40 kg, the highest 900 kg.", ""),
        ("Who is Vera's brother?", "Vera's sister is Ida.", "brother"),
        ("What is the unofficial name?", "The official name is Linde.", "unoffici"),
        ("What is the official name?", "The unofficial name is Linde.", "offici"),
        ("Where is the entrance of the garage?", "The smallest room is beside the exit, far from all.", ""),
        ("who is his uncle?", "his cle", ""),
    ],
)
def test_a_contrary_counts_beside_something_else_that_is_asked_for(question: str, passage: str, word: str) -> None:
    assert contraries_stated(question, said_stems(passage), passage) == ({word} if word else frozenset())


def test_what_the_headings_say_need_not_stand_beside_the_contrary() -> None:
    question, passage = "maximum load of the trailer", "Its minimum is 40 kg."
    assert not contraries_stated(question, said_stems(passage), passage)
    assert contraries_stated(question, said_stems(passage), passage, {"load", "trailer"}) == {"maximum"}
