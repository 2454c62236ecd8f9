"""The passage that answers, over cases in files: a question [a title], an entry, and what is shown of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answering.passage import align, best_passage
from assistant.answering.slots import slot_preferences
from index.retrieval.late_interaction import query_terms
from index.text.words import stems
from tests.fakes import WordCountEncoder

CASES = [
    pytest.param(case, id=f"{path.stem}: {case.splitlines()[0]}")
    for path in sorted((Path(__file__).parents[1] / "cases" / "passages").glob("*.txt"))
    for case in path.read_text(encoding="utf-8").strip().split("\n=====\n")
]


@pytest.mark.parametrize("case", CASES)
def test_passage_is_the_shortest_stretch_that_answers_by_itself(case: str, encoder: WordCountEncoder) -> None:
    head, text, shown = case.split("\n-----\n")
    question, title = head.removesuffix("]").split("  [")
    alignment = align(query_terms(question, encoder.tokens(question), lambda _: 1.0), text, encoder)
    way = slot_preferences(question)["How"]
    assert best_passage(alignment, (0, len(text)), stems(title), way=way).text == shown
