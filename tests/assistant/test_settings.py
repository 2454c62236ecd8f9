"""Where the library lives and which model it uses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.settings import LIMITS_VARIABLE, document_limits, library_folder
from index.errors import SettingError
from index.formats import Limits


def test_home_of_a_user_is_found() -> None:
    assert library_folder(Path("~/notes")) == Path.home() / "notes"


def test_home_of_an_unknown_user_is_one_sentence_that_says_what_to_do() -> None:
    with pytest.raises(SettingError, match=r"no home folder for ~nobody-here/notes: name .* without `~`\.$"):
        library_folder(Path("~nobody-here/notes"))


def test_limits_of_documents_are_those_that_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(LIMITS_VARIABLE, raising=False)
    assert document_limits() == Limits()
    monkeypatch.setenv(LIMITS_VARIABLE, "pages=5000  seconds=120")
    assert document_limits() == Limits(pages=5000, seconds=120)


@pytest.mark.parametrize("said", ["page=5", "pages=0", "pages=-1", "pages", "pages=many", "pages = 5"])
def test_a_limit_that_means_nothing_is_told_with_those_that_do(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv(LIMITS_VARIABLE, said)
    with pytest.raises(SettingError, match=rf"TOPICS_DOCUMENT_LIMITS is {re.escape(repr(said))}.*pages, unpacked_meg"):
        document_limits()
