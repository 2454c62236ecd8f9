"""Answers that list topics: those to a keyword, to a day, and to a question about the library."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answering.answering import ask
from index.library import Library
from tests.assistant.answering.conftest import BREAD


def test_keyword_that_a_note_is_called_is_not_answered_by_a_heading_elsewhere(
    library_of: Callable[[Path], Library], tmp_path: Path
) -> None:
    (tmp_path / "bread.md").write_text(BREAD)
    (tmp_path / "shopping.md").write_text("# Shopping\n\n## Bread\n\nhttps://example.org/bread")
    answer = ask(library_of(tmp_path), "bread", threshold=0.0)
    assert (answer.kind, answer.answer) == ("topics", None)
    assert [card.subject for card in answer.hits] == ["Bread", "Bread", "Bread", "Shopping"]


def test_keyword_brings_the_topics_that_hold_it_marked_and_no_answer(bread: Library) -> None:
    answer = ask(bread, "degrees")
    assert (answer.kind, answer.answered, answer.answer) == ("topics", False, None)
    assert answer.note == "1 topic speaks of degrees."
    first, *others = answer.hits
    assert [first.text[slice(*span)] for span in first.highlights] == ["degrees"]
    assert not any(card.highlights for card in others)


def test_title_is_answered_by_the_first_passage_of_its_topic(bread: Library) -> None:
    answer = ask(bread, "Rye", threshold=0.0)
    assert answer.answer is not None
    assert (answer.kind, answer.answer.text) == ("passage", "Rye bread keeps for a week.")


def test_question_about_the_library_is_answered_from_its_contents(bread: Library) -> None:
    answer = ask(bread, "what topics are there about dough?")
    assert answer.answer is not None
    assert answer.kind == "contents"
    assert answer.answer.text == "1 topic about dough in 1 subject:\n\n- **Wheat** (Bread)"
    everything = ask(bread, "what do you know?").answer
    assert everything is not None
    assert everything.text == "3 topics in 1 subject:\n\n- **Bread**: 3 topics"
    summary = ask(bread, "summarize everything about dough").answer
    assert summary is not None
    assert summary.text.endswith("- **Wheat**: Wheat dough rests an hour.")


def test_topics_that_are_named_so_come_first_in_the_contents(
    library_of: Callable[[Path], Library], tmp_path: Path
) -> None:
    (tmp_path / "bread.md").write_text("# Bread\n\n## Kneading\n\nDough, more dough.\n\n## Dough\n\nFlour and water.\n")
    answer = ask(library_of(tmp_path), "what topics are there about dough?")
    assert answer.answer
    assert answer.answer.text.endswith("- **Dough** (Bread)\n- **Kneading** (Bread)")


def test_library_that_holds_nothing_about_it_says_so(bread: Library) -> None:
    assert not ask(bread, "what topics are there about zebras?").answered


DIARY = """# Diary

## 2031-05-03

Sowed the beans.

## 2031-05-07

Mended the fence.

## 2031-06-01

Picked the cherries.
"""


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("what did I write on 3 May 2031?", ["Sowed the beans."]),
        ("notes from 2031-05-07", ["Mended the fence."]),
        ("What did I do in May 2031?", ["Sowed the beans.", "Mended the fence."]),
        ("june 2031", ["Picked the cherries."]),
    ],
)
def test_day_or_month_alone_is_answered_by_what_there_is_of_it(
    library_of: Callable[[Path], Library], tmp_path: Path, question: str, said: list[str]
) -> None:
    (tmp_path / "diary.md").write_text(DIARY)
    answer = ask(library_of(tmp_path / "diary.md"), question)
    assert answer.answer is not None
    assert answer.kind == "contents"
    assert [line.partition("**: ")[2] for line in answer.answer.text.splitlines()[2:]] == said


def test_of_a_topic_that_is_called_otherwise_the_item_that_names_the_day_is_shown(
    library_of: Callable[[Path], Library], tmp_path: Path
) -> None:
    (tmp_path / "todo.md").write_text(
        "- TODO buy seeds\n- TODO mow the lawn\n  DEADLINE: <2031-05-03 Sat +1w>\n- LATER oil the gate"
    )
    answer = ask(library_of(tmp_path / "todo.md"), "3 May 2031").answer
    assert answer is not None
    assert answer.text.endswith("- **todo**: TODO mow the lawn Deadline: 2031-05-03 Sat, every week")


def test_row_of_a_table_that_names_the_day_is_shown(library_of: Callable[[Path], Library], tmp_path: Path) -> None:
    (tmp_path / "boat.md").write_text("# Boat\n\n| Day | Work |\n|---|---|\n| 3 May 2031 | **Hull** painted |\n")
    answer = ask(library_of(tmp_path / "boat.md"), "what happened on 3 May 2031?").answer
    assert answer is not None
    assert answer.text.endswith("- **Boat**: 3 May 2031, Hull painted")
