"""A table of hundreds of rows: the row that is asked for by its key and the name of a column, below the head."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Final

import pytest

from assistant.answering.answering import ask
from index.library import Library
from tests.libraries import reading_only

HEAD: Final = "| Boat | Berth | Keeper | Last painted |\n|---|---|---|---|"
COLOURS: Final = (
    "red blue green golden silver copper amber ivory scarlet violet crimson olive coral indigo pearl rusty misty snowy "
    "sunny stormy"
)
ANIMALS: Final = "falcon otter badger heron lynx marten beaver weasel stork raven pike trout salmon perch carp"
KEEPERS: Final = ("Ann", "Bob", "Cleo", "Dev", "Eve", "Finn", "Gus")
BOATS: Final = [f"{colour} {animal}" for colour, animal in product(COLOURS.split(), ANIMALS.split())]
ROWS: Final = [
    f"| {boat.title()} | {'ABCDEF'[number % 6]}{number % 59 + 1} | {KEEPERS[number % 7]} | May {2010 + number % 15} |"
    for number, boat in enumerate(BOATS)
]
FIRST_ROW: Final = 9
"""The line of the file that the first row stands on."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def club(bundled_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Return a library of one note with a table of 300 rows, made by the real model."""
    folder = tmp_path_factory.mktemp("club")
    shutil.copytree(bundled_library, folder / "library")  # the model is exported there already
    (folder / "notes").mkdir()
    text = "\n".join(("# Club", "", "## Boats", "", "Members may borrow these.", "", HEAD, *ROWS, ""))
    (folder / "notes" / "club.md").write_text(text, encoding="utf-8")
    with closing(Library(folder / "library")) as library:
        reading_only(library, folder / "notes")
        yield library


@pytest.mark.parametrize("number", [4, 77, 150, 223, 298])
@pytest.mark.parametrize(
    "question", ["who is the keeper of the {}?", "at which berth is the {}?", "when was the {} last painted?"]
)
def test_row_is_shown_below_the_head(club: Library, question: str, number: int) -> None:
    answer = ask(club, question.format(BOATS[number]))
    assert answer.answer is not None
    assert answer.answer.text == f"{HEAD}\n{ROWS[number]}"
    assert answer.answer.line == FIRST_ROW + number
