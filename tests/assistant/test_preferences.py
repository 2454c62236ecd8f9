"""What somebody has chosen for a library."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.preferences import FILE_NAME, Preferences, change_preferences, read_preferences
from index.errors import SettingError


def test_what_was_chosen_is_there_the_next_time(tmp_path: Path) -> None:
    change_preferences(tmp_path, lambda kept: replace(kept, opener="vscode", threshold=0.4))
    change_preferences(tmp_path, lambda kept: kept.with_favourite("a", is_one=True))
    assert read_preferences(tmp_path) == Preferences("vscode", 0.4, ("a",))
    change_preferences(tmp_path, lambda kept: kept.with_favourite("a", is_one=False))
    assert read_preferences(tmp_path).favourites == ()


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
def test_what_is_damaged_or_means_nothing_stands_at_its_default(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE_NAME).write_text(text, encoding="latin-1")
    assert read_preferences(tmp_path) == Preferences()


def test_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="cannot be written"):
        change_preferences(tmp_path / "gone", lambda kept: kept)
