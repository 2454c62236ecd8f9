"""A question asked of some notes only, and what is listed where nothing is asked of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.answering import ask
from index.errors import QuestionError
from index.library import Library
from index.records import NoteFilter

DATED = "---\ncreated: {}\ntags: {}\n---\n## {}\nSomething to settle.\n"


@pytest.fixture
def dated(library: Library, notes: Path) -> Library:
    for day, tags, title in (("2026-03-01", "old", "First things"), ("2026-09-01", "new", "Later things")):
        (notes / f"{title}.md").write_text(DATED.format(day, tags, title), encoding="utf-8")
    library.sync()
    return library


def test_filter_alone_lists_the_topics_of_its_notes_the_newest_first(dated: Library) -> None:
    answer = ask(dated, "date:2026")
    assert (answer.kind, answer.answered, answer.filter) == ("topics", False, "after:2026-01-01 before:2027-01-01")
    titles = [card.topic for card in answer.hits]
    assert titles.index("Later things") < titles.index("First things")
    assert answer.note.endswith("the newest first.")
    nothing = ask(dated, "date:1999")
    assert (nothing.hits, nothing.note) == ((), "There is no topic for after:1999-01-01 before:2000-01-01.")


def test_filters_of_question_and_caller_both_hold_and_are_told(dated: Library) -> None:
    answer = ask(dated, "what is there to settle? tag:old", notes=NoteFilter(before=date(2026, 6, 1)))
    assert [card.topic for card in answer.hits] == ["First things"]
    assert answer.filter == "tag:old before:2026-06-01"
    assert ask(dated, "tag:old First things").hits[0].score == 1
    with pytest.raises(QuestionError, match="no tag 'odl'"):
        ask(dated, "settle tag:odl")
