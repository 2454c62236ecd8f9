"""What somebody has chosen for a library."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.preferences import PREFERENCES_FILE, Preferences, change_preferences, read_preferences
from index.errors import SettingError
from index.library import Library
from tests.fakes import WordCountEncoder
from tests.servers import TestServer


@pytest.fixture
def library(tmp_path: Path, encoder: WordCountEncoder) -> Iterator[Library]:
    """Return an empty library."""
    with closing(Library(tmp_path / "library", encoder)) as opened:
        yield opened


@pytest.mark.parametrize("where", ["in a folder", "on a server"])
def test_what_was_chosen_is_there_the_next_time(
    where: str, library: Library, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if where == "on a server":
        address = request.getfixturevalue("server").address()
        library = Library(address, library.encoder, beside=tmp_path / "beside")
        request.addfinalizer(library.close)
    change_preferences(library, lambda kept: replace(kept, opener="vscode", threshold=0.4))
    change_preferences(library, lambda kept: kept.with_favourite("a", is_one=True))
    assert read_preferences(library) == Preferences("vscode", 0.4, ("a",))
    change_preferences(library, lambda kept: kept.with_favourite("a", is_one=False))
    assert read_preferences(library).favourites == ()


def test_what_another_machine_has_chosen_meanwhile_stays(library: Library, server: TestServer, tmp_path: Path) -> None:
    with (
        closing(Library(server.address(), library.encoder, beside=tmp_path / "beside")) as ours,
        closing(ours.another()) as theirs,
    ):
        read: list[Preferences] = []

        def favour(preferences: Preferences) -> Preferences:
            if not read:  # between our reading and our writing
                theirs.storage.write_file(PREFERENCES_FILE, '{"favourites": ["b"], "threshold": 0.5}')
            read.append(preferences)
            return preferences.with_favourite("a", is_one=True)

        change_preferences(ours, favour)
        assert read == [Preferences(), Preferences(favourites=("b",), threshold=0.5)]
        assert read_preferences(theirs) == Preferences(favourites=("a", "b"), threshold=0.5)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "\xff",
        '{"opener": "rm -rf", "threshold": 7, "favourites": "a"}',
        '{"threshold": true}',
        "[" * 9999,
    ],
)
def test_what_is_damaged_or_means_nothing_stands_at_its_default(library: Library, text: str) -> None:
    (library.folder / PREFERENCES_FILE).write_text(text, encoding="latin-1")
    assert read_preferences(library) == Preferences()


def test_folder_that_is_not_there_is_said(library: Library) -> None:
    shutil.rmtree(library.folder)
    with pytest.raises(SettingError, match="cannot be written"):
        change_preferences(library, lambda kept: kept)
