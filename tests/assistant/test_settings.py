"""Where the library lives and which model it uses."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.settings import library_folder
from index.errors import SettingError


def test_home_of_a_user_is_found() -> None:
    assert library_folder(Path("~/notes")) == Path.home() / "notes"


def test_home_of_an_unknown_user_is_one_sentence_that_says_what_to_do() -> None:
    with pytest.raises(SettingError, match=r"no home folder for ~nobody-here/notes: name .* without `~`\.$"):
        library_folder(Path("~nobody-here/notes"))
