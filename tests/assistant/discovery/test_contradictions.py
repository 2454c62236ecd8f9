"""Notes that say otherwise than the one that answers."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answering.answering import ask
from assistant.discovery.contradictions import is_newer, says_otherwise
from index.library import Library


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


def test_newer_of_two_notes_comes_first_and_the_other_is_named(gate: Callable[..., Library]) -> None:
    library = gate("# Shed\n\nThe shed opens with 1122.", "# Door of the shed\n\nThe shed door opens with 3344.")
    answer = ask(library, "what opens the shed?", threshold=0.0)
    assert answer.answer is not None
    assert answer.answer.text == "The shed door opens with 3344."
    assert [(one.text, one.path) for one in answer.others] == [("The shed opens with 1122.", "note0.md")]
    assert answer.note == "Another note says otherwise."
    assert [hit.path for hit in answer.hits] == ["note1.md", "note0.md"]
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
        ("The heap is turned after 14 days.", "The heap is turned after 21.", True),
        ("Rope of 20 metres for the big boat", "Rope of 30 metres in the long hall", False),
    ],
)
def test_sentences_say_otherwise_where_only_a_number_differs(one: str, other: str, *, otherwise: bool) -> None:
    assert says_otherwise(one, other) is otherwise


@pytest.mark.parametrize(
    ("text", "other", "newer"),
    [
        ("It opens with 3344.", "It used to open with 1122.", True),
        ("It used to open with 1122.", "It opens with 3344.", False),
        ("It used to open with 1122.", "It used to open with 3344.", None),
        ("On 3 May 2031 it opened with 1122.", "Since 2 May 2031 it opens with 3344.", True),
    ],
)
def test_words_for_what_was_tell_the_older_sentence_and_a_later_day_the_newer(
    text: str, other: str, *, newer: bool | None
) -> None:
    assert is_newer(text, other) is newer
