"""Which paths of the machine may be added in the app that others reach."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.server.allowed_roots import Roots, roots
from assistant.service import service
from index.errors import SettingError, SourceError
from index.library import Library
from tests.assistant.ui.pages.test_pages import page, press, shown


@pytest.fixture
def wiki(tmp_path: Path) -> Path:
    folder = tmp_path / "srv" / "wiki"
    folder.mkdir(parents=True)
    (folder / "garden.md").write_text("# Garden\n## Compost\nTurn the heap.\n")
    return folder


@pytest.fixture
def shelf(library: Library) -> Iterator[AppTest]:
    service.use(library)
    yield page("show_library_page")
    service.jobs.join(30)
    service.use(None)
    roots.restrict(None)


def restricted(*folders: Path) -> Roots:
    found = Roots()
    found.restrict(folders)
    return found


def test_on_one_s_own_machine_everything_may_be_added(wiki: Path) -> None:
    assert Roots().resolve(str(wiki)) == str(wiki)


def test_only_what_lies_in_the_folders_named_may_be_added(wiki: Path, tmp_path: Path) -> None:
    (tmp_path / "srv" / "wiki-private").mkdir()
    (wiki / "way-out").symlink_to(tmp_path)
    (tmp_path / "way-in").symlink_to(wiki)
    allowed = restricted(tmp_path / "way-in")
    assert allowed.names == (wiki,)
    assert allowed.resolve(str(wiki)) == allowed.resolve(str(tmp_path / "way-in")) == str(wiki)
    assert allowed.resolve(str(wiki / "garden.md")) == str(wiki / "garden.md")
    assert allowed.resolve("builtin") == "builtin"
    for elsewhere in (tmp_path, wiki.parent / "wiki-private", wiki / ".." / "..", wiki / "way-out", "~", "/etc/passwd"):
        with pytest.raises(SourceError, match="may not be added here"):
            allowed.resolve(str(elsewhere))


def test_nobody_learns_what_lies_elsewhere(wiki: Path, tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("secret")
    allowed, told = restricted(wiki), set()
    for name in ("there.md", "not-there.md"):
        with pytest.raises(SourceError) as refused:
            allowed.resolve(str(tmp_path / name))
        told.add(str(refused.value))
    assert len(told) == 1


def test_root_that_is_no_folder_is_told(wiki: Path) -> None:
    with pytest.raises(SettingError, match="--allow-path"):
        restricted(wiki / "garden.md")


def test_page_offers_no_path_where_none_may_be_added(shelf: AppTest) -> None:
    roots.restrict(())
    shelf.run()
    assert [box.key for box in shelf.text_input if box.key == "path"] == []
    assert any("nothing can be added by its path" in caption.value for caption in shelf.caption)


def test_page_adds_what_is_allowed_and_refuses_the_rest(
    shelf: AppTest, wiki: Path, notes: Path, library: Library
) -> None:
    before = library.sources()
    roots.restrict([wiki])
    shelf.run()
    shelf.text_input(key="path").set_value(str(notes.parent))
    press(shelf, "Add and read it")
    assert "may not be added here" in shown(shelf)
    assert library.sources() == before
    shelf.text_input(key="path").set_value(str(wiki))
    press(shelf, "Add and read it")
    service.jobs.join(30)
    assert library.subjects()["Garden"] == 1
