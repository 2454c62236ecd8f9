"""The first minute: what the app is, what a folder holds before it is read, and how the samples go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.operations import FolderPreview
from assistant.place import Place
from assistant.service import service
from assistant.ui.frame import KEYS, press_button
from assistant.ui.reactions import react
from assistant.ui.views.preview import preview_html
from assistant.ui.views.welcome import welcome_html
from index.catalog import StoredDocument
from index.library import Library
from index.sources import BUILTIN
from tests.assistant.ui.html import HOSTILE, assert_harmless

SAMPLES = [
    StoredDocument(source, "a.md", "", 1, 1, "indexed", "", topics) for source, topics in ((BUILTIN, 20), ("/n", 5))
]


@pytest.fixture(autouse=True)
def _library(library: Library) -> Iterator[None]:
    service.use(library)
    yield
    service.use(None)


def test_who_has_no_notes_here_is_told_what_the_app_is_and_how_to_begin() -> None:
    html = welcome_html([BUILTIN], SAMPLES)
    assert "20 sample topics" in html
    assert 'data-page="library">Add my notes' in html


def test_samples_among_own_notes_go_with_one_button_and_without_them_nothing_is_said() -> None:
    assert 'data-act="remove samples"' in welcome_html([BUILTIN, "/n"], SAMPLES)
    assert welcome_html(["/n"], SAMPLES[1:]) == ""
    assert welcome_html([BUILTIN, "/n"], SAMPLES[1:]) == ""
    assert "1 sample topic to try it with is still" in welcome_html([BUILTIN, "/n"], [SAMPLES[0]._replace(topics=1)])
    assert "20 sample topics to try it with are still" in welcome_html([BUILTIN, "/n"], SAMPLES)


def test_buttons_do_what_they_are_for_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[str, str]] = []
    useful, samples = {"act": "useful", "topic": "7", "at": 1000}, {"act": "remove samples", "at": 1001}
    state: dict[str, object] = {KEYS: {"act": [useful]}}
    monkeypatch.setattr("assistant.ui.frame.react", lambda act, _question, topic: done.append((act, topic)))
    monkeypatch.setattr("assistant.ui.frame.st.session_state", state)
    monkeypatch.setattr("assistant.ui.frame.here", Place)
    press_button()
    state[KEYS] = {"act": [useful, samples]}
    press_button()
    assert done == [("useful", "7"), ("remove samples", "")]


def test_samples_are_taken_out_and_own_notes_stay(library: Library, notes: Path) -> None:
    library.add(BUILTIN)
    library.sync()
    react("remove samples", "", "")
    assert library.sources() == [str(notes)]
    assert service.contents().topics


def test_folder_is_shown_before_it_is_added_with_what_patterns_leave_out(tmp_path: Path, library: Library) -> None:
    for name in ("a.md", "drafts/b.md"):
        (tmp_path / "more" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "more" / name).write_text("# Title\n\nText.\n")
    script = "from assistant.ui.pages.library import show_library_page\nshow_library_page()"
    shelf = AppTest.from_string(script, default_timeout=60).run()
    shelf.text_input(key="path").set_value(str(tmp_path / "more")).run()
    shelf.text_input(key="exclude").set_value("drafts/").run()
    shown = "\n".join(element.proto.body for element in shelf.get("html"))
    assert "<strong>1 note," in shown
    assert "1 file, as <code>drafts/b.md</code>" in shown
    next(button for button in shelf.button if button.label == "Add and read it").click().run()
    service.jobs.join(30)
    assert library.reader.patterns(str((tmp_path / "more").resolve())).exclude == ("drafts/",)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_of_files_are_text(text: str) -> None:
    preview = FolderPreview(2, 10, {text: 2}, {text: 1, "b": 1}, (text,), 1, (text,))
    assert_harmless(preview_html(Path(text.replace("\0", "")), preview))
