"""Answers made of several: two questions, comparisons, keywords, what the library holds, notes that say otherwise."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering.answering import ask
from assistant.answering.combined import both
from assistant.discovery.contradictions import says_otherwise
from index.library import Library

BREAD = """# Bread

## Rye

Rye bread keeps for a week.

## Wheat

Wheat dough rests an hour.

## Oven

The oven takes the bread at 230 degrees.
"""


@pytest.fixture
def bread(library_of: Callable[[Path], Library], tmp_path: Path) -> Library:
    folder = tmp_path / "bread"
    folder.mkdir()
    (folder / "bread.md").write_text(BREAD)
    return library_of(folder)


def test_both_of_two_questions_are_answered_each_from_its_own_topic(bread: Library) -> None:
    answer = ask(bread, "how long does rye bread keep and how long does wheat dough rest?", threshold=0.0)
    assert [part.answer and part.answer.text for part in answer.parts] == [
        "Rye bread keeps for a week.", "Wheat dough rests an hour.",
    ]  # fmt: skip
    assert [card.topic for card in answer.hits[:2]] == ["Rye", "Wheat"]
    assert all(card.highlights for card in answer.hits[:2])


def test_half_that_is_not_answered_is_named(bread: Library) -> None:
    first = ask(bread, "how long does rye bread keep?", threshold=0.0)
    answer = both(first, ask(bread, "who sells zebras?", threshold=1.0))
    assert [part.answered for part in answer.parts] == [True, False]
    assert answer.answered
    assert answer.note == "Your notes don’t say: who sells zebras?"


def test_comparison_has_a_passage_of_each_side(bread: Library) -> None:
    answer = ask(bread, "rye vs wheat", threshold=0.0)
    assert [(part.question, part.answered) for part in answer.parts] == [("rye", True), ("wheat", True)]


def test_of_a_comparison_with_one_side_there_that_one_is_named_and_nothing_answers(bread: Library) -> None:
    answer = ask(bread, "rye vs zebras", threshold=0.0)
    assert (answer.answered, answer.answer) == (False, None)
    assert answer.note == "Of the two, your notes tell of rye only."
    assert not any(card.highlights for card in answer.hits)


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("Store loaves such as rye or wheat in linen.", False),
        ("We went from rye to wheat, and stayed there.", False),
        ("Rye is sour and dense, wheat is mild.", True),
        ("Of the two flours, wheat and rye, one rises.", True),
    ],
)
def test_passage_that_only_names_both_sides_compares_nothing(
    library_of: Callable[[Path], Library], tmp_path: Path, text: str, *, is_told: bool
) -> None:
    (tmp_path / "storing.md").write_text(f"# Storing\n\n{text}")
    assert ask(library_of(tmp_path / "storing.md"), "rye vs wheat", threshold=0.0).answered is is_told


def test_items_that_begin_with_what_is_compared_are_shown_together(
    library_of: Callable[[Path], Library], tmp_path: Path
) -> None:
    (tmp_path / "loaves.md").write_text(
        "# Loaves\n\nThe oven is hot.\n\nRye keeps a week.\n\nBirds like crumbs.\n\nWheat rests an hour."
    )
    answer = ask(library_of(tmp_path / "loaves.md"), "rye versus wheat loaves", threshold=0.0)
    assert answer.answer is not None
    assert [line.removeprefix("- ") for line in answer.answer.text.split("\n") if line] == [
        "Rye keeps a week.",
        "Wheat rests an hour.",
    ]
    assert len(answer.hits[0].highlights) == 2


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


@pytest.fixture
def gate(library_of: Callable[[Path], Library], tmp_path: Path) -> Callable[..., Library]:
    def make(*texts: str) -> Library:
        folder = tmp_path / "gate"
        folder.mkdir()
        for number, text in enumerate(texts):
            path = folder / f"note{number}.md"
            path.write_text(text)
            os.utime(path, (1_700_000_000 + 86_400 * number, 1_700_000_000 + 86_400 * number))
        return library_of(folder)

    return make


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


def test_one_passage_that_answers_both_questions_is_shown_once(bread: Library) -> None:
    first = ask(bread, "how long does rye bread keep?", threshold=0.0)
    assert first.answer is not None
    longer = replace(first, answer=replace(first.answer, text=f"{first.answer.text} Then it is dry."))
    assert both(first, longer) == longer
    assert len(both(first, ask(bread, "how hot is the oven?", threshold=0.0)).parts) == 2


def test_newer_of_two_notes_comes_first_and_the_other_is_named(gate: Callable[..., Library]) -> None:
    library = gate("# Shed\n\nThe shed opens with 1122.", "# Door of the shed\n\nThe shed door opens with 3344.")
    answer = ask(library, "what opens the shed?", threshold=0.0)
    assert answer.answer is not None
    assert answer.answer.text == "The shed door opens with 3344."
    assert [(one.text, one.path) for one in answer.others] == [("The shed opens with 1122.", "note0.md")]
    assert answer.note == "Another note says otherwise."
    assert answer.hits[0].path == "note1.md"
    assert answer.hits[0].highlights


def test_what_a_note_says_of_its_age_counts_more_than_its_file(gate: Callable[..., Library]) -> None:
    library = gate("# Shed\n\nSince June the shed opens with 3344.", "# Door of the shed\n\nThe shed opens with 1122.")
    answer = ask(library, "what opens the shed?", threshold=0.0)
    assert answer.answer is not None
    assert answer.answer.text.startswith("Since June")


def test_record_of_what_changes_every_time_contradicts_nothing(gate: Callable[..., Library]) -> None:
    library = gate(*(f"# Day {number}\n\nThe pump ran for {number + 20} minutes." for number in range(3)))
    assert ask(library, "how long did the pump run?", threshold=0.0).others == ()


@pytest.mark.parametrize(
    ("one", "other", "otherwise"),
    [
        ("The rent is 900 euros.", "The rent is 950 euros a month.", True),
        ("The rent is 900 euros.", "The rent is 900 euros.", False),
        ("The rent is 900 euros.", "The deposit of the flat was 950.", False),
        ("The rent is due.", "The rent is due on the 3rd.", False),
        ("Room B204 is locked.", "Room B304 is locked.", True),
        ("A queue keeps a message for 4 days.", "A queue keeps a message of 256 kB.", False),
        ("Run the tail with -n 20 on the log.", "Run the tail with -n 50 on the log.", False),
        ("Rope of 20 metres for the big boat", "Rope of 30 metres in the long hall", False),
    ],
)
def test_sentences_say_otherwise_where_only_a_number_differs(one: str, other: str, *, otherwise: bool) -> None:
    assert says_otherwise(one, other) is otherwise
