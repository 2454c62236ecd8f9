"""A field of a note's front matter answers a question about the note."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering.answering import ask
from assistant.answering.passage import note_field
from index.library import Library
from index.records import Entry, Topic

LATHE = """---
location: shed behind the mill
responsible: Ada Holm
date bought: 2019-05-04
date: 2024-01-01
status: broken
price: 300 EUR
---
# Lathe

The lathe turns wood, and whoever turns wood at the lathe wears goggles.

## Care
Oil the lathe after 40 hours of turning at the lathe.
"""


@pytest.fixture
def lathe(library_of: Callable[[Path], Library], tmp_path: Path) -> Library:
    (tmp_path / "lathe.md").write_text(LATHE, encoding="utf-8")
    return library_of(tmp_path / "lathe.md")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("where is the lathe?", "Location: shed behind the mill"),
        ("who looks after the lathe?", "Responsible: Ada Holm"),
        ("when was the lathe bought?", "Date bought: 2019-05-04"),
        ("what is the status of the lathe?", "Status: broken"),
    ],
)
def test_field_is_shown_where_it_is_asked_for(lathe: Library, question: str, answer: str) -> None:
    told = ask(lathe, question, threshold=0.0)
    assert told.answer is not None
    assert (told.answer.text, told.answer.line) == (answer, 1)
    assert not told.hits[0].highlights


TOPIC = Topic("Lathe", "Lathe", (Entry(None, "It turns wood.", 9),), 8, fields=(("location", "mill"), ("date", "2024")))


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("where is the lathe?", "Location: mill, second floor"),
        ("where is the oil of the lathe?", "It turns wood."),
        ("where is the saw?", "It turns wood."),
        ("when was the lathe built?", "It turns wood."),
        ("what turns wood at the lathe?", "It turns wood."),
    ],
)
def test_passage_stays_where_no_field_says_more(question: str, shown: str) -> None:
    assert not note_field(question, TOPIC, shown)


CREW = Topic("Ferry", "Captain", (Entry(None, "The captain steers.", 9),), 8, fields=(("captain", "Ann Holm"),))


def test_field_names_who_has_a_part_where_the_passage_names_nobody() -> None:
    assert note_field("who is the captain?", CREW, "The captain steers.") == "Captain: Ann Holm"
    assert not note_field("who is the captain?", CREW, "The captain is Bo.")
    assert not note_field("who is the cook?", CREW, "The cook fries.")


def test_note_is_named_by_its_file_too() -> None:
    description = replace(TOPIC, subject="Description", title="Description")
    assert not note_field("where is the lathe?", description, "It turns wood.")
    assert note_field("where is the lathe?", description, "It turns wood.", "Lathe") == "Location: mill"
