"""The page of what can be chosen."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from streamlit.testing.v1 import AppTest

from assistant.place import Place
from assistant.preferences import change_preferences, read_preferences
from assistant.service import service
from assistant.settings import ANSWERED_FROM, CONFIG_VARIABLE, answered_from, known_libraries, remember_library
from assistant.ui.asking import request_of
from index.library import Library
from tests.fakes import WordCountEncoder

SCRIPT = "from assistant.ui.pages.settings import show_settings_page\nshow_settings_page()"


@pytest.fixture(autouse=True)
def _library(library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv(CONFIG_VARIABLE, str(tmp_path / "config"))
    service.use(library)
    yield
    service.use(None)


def settings() -> AppTest:
    page = AppTest.from_string(SCRIPT, default_timeout=60).run()
    assert not page.exception
    return page


def test_what_is_chosen_is_kept_at_once(library: Library) -> None:
    page = settings()
    page.slider(key="threshold").set_value(60).run()
    page.selectbox(key="opener").select("vscode").run()
    page.toggle(key="keeps-journal").set_value(False).run()
    kept = read_preferences(library)
    assert (kept.threshold, kept.opener) == (0.6, "vscode")
    assert not service.journal().is_on
    page.slider(key="threshold").set_value(round(ANSWERED_FROM * 100)).run()
    assert read_preferences(library).threshold is None


def test_threshold_of_the_library_decides_whether_a_question_is_answered(library: Library) -> None:
    request = request_of(Place("how do I settle merge conflicts?"))
    given = service.answer(request)
    change_preferences(library, lambda kept: replace(kept, threshold=0.0 if not given.answered else 1.0))
    service.forget_answers()
    assert service.answer(request).answered is not given.answered


def test_environment_says_more_than_what_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answered_from(0.5) == 0.5
    monkeypatch.setenv("TOPICS_THRESHOLD", "0.4")
    assert answered_from(0.5) == 0.4
    assert not settings().slider


def test_patterns_are_read_by_and_a_wrong_one_is_said(library: Library, notes: Path) -> None:
    page = settings()
    page.text_input(key=f"exclude-{notes}").set_value("drafts/").run()
    service.jobs.join(30)
    assert library.reader.patterns(str(notes)).exclude == ("drafts/",)
    page.text_input(key=f"exclude-{notes}").set_value("!").run()
    assert "pattern" in "".join(element.proto.body for element in page.get("html"))
    assert library.reader.patterns(str(notes)).exclude == ("drafts/",)


def test_libraries_are_switched_between_and_the_other_one_is_followed(
    encoder: WordCountEncoder, tmp_path: Path
) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "tools.md").write_text("# Workshop\n\n## Lathe\n\nIt turns wood.\n")
    other = Library(tmp_path / "other", encoder)
    other.add(tmp_path / "work")
    stop = Event()
    service.start(stop)
    try:
        service.switch(other)
        assert "Workshop" in service.contents().subjects
        (tmp_path / "work" / "tools.md").write_text("# Workshop\n\n## Chisel\n\nIt cuts.\n")
        deadline = time.monotonic() + 30
        while "Chisel" not in {topic.topic for topic in service.contents().topics}:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        stop.set()


def test_libraries_are_remembered_in_order_without_those_that_are_gone(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two", "gone")]
    for folder in folders:
        folder.mkdir()
        remember_library(folder)
    remember_library(folders[0])
    folders[2].rmdir()
    assert known_libraries() == [folders[1], folders[0]]
