"""A thing of a series that a question names by an ordinal, and its note by a number."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answer import ReadAs
from assistant.answering import ask
from index.library import Library

REHEARSALS = {
    "Rehearsal 03": "The lamp fell down.\n\nNobody knew the words by then, so we read the play aloud.",
    "Rehearsal 04": "We painted the sail.\n\nThe baker lent us his cart.",
}


@pytest.fixture
def rehearsals(library_of: Callable[[Path], Library], tmp_path: Path) -> Library:
    for name, text in REHEARSALS.items():
        (tmp_path / f"{name}.md").write_text(text)
    return library_of(tmp_path)


@pytest.mark.parametrize(
    ("ordinal", "name", "beginning"),
    [("third", "Rehearsal 03", "The lamp fell down."), ("fourth", "Rehearsal 04", "We painted the sail.")],
)
def test_ordinal_names_the_note_with_its_number(rehearsals: Library, ordinal: str, name: str, beginning: str) -> None:
    answer = ask(rehearsals, f"what happened in the {ordinal} rehearsal?", threshold=0.01)
    assert answer.answer is not None
    assert (answer.answer.topic, answer.answer.text) == (name, beginning)
    assert answer.read_as == (ReadAs(f"the {ordinal} rehearsal", f"rehearsal {int(name[-2:])}"),)


def test_ordinal_of_no_note_is_read_as_it_stands(rehearsals: Library) -> None:
    assert ask(rehearsals, "what happened in the ninth rehearsal?").read_as == ()


def test_ordinal_stays_where_words_are_read_as_typed(rehearsals: Library) -> None:
    assert ask(rehearsals, "what happened in the third rehearsal?", as_typed=True).read_as == ()
