"""Folders of notes on this machine, and what one holds before it is read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.operations import find_note_folders, patterns_of, preview_folder
from index.errors import SourceError


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    for folder in ("work/vault/.obsidian", "graph/logseq", "notes/deep", "Documents"):
        (home / folder).mkdir(parents=True)
    (home / "graph/logseq/config.edn").write_text("{}")
    config = home / ".config/obsidian/obsidian.json"
    config.parent.mkdir(parents=True)
    vaults = {
        "a": {"path": str(home / "work/vault")},
        "b": {"path": str(home / "gone")},
        "c": {"ts": 1},
        "d": {"path": 5},
    }
    config.write_text(json.dumps({"vaults": vaults}))
    graphs = home / ".logseq/graphs"
    graphs.mkdir(parents=True)
    (graphs / f"logseq_local_{str(home / 'graph').replace('/', '++')}.transit").write_text("")
    return home


def test_vaults_graphs_and_usual_folders_are_found_once_each(home: Path) -> None:
    (home / "Notes").symlink_to(home / "notes")
    found = {(folder.path.relative_to(home).as_posix(), folder.kind) for folder in find_note_folders(home, "linux")}
    assert found == {("work/vault", "Obsidian vault"), ("graph", "Logseq graph"), ("notes", "folder of notes")}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"vaults": []}', '{"vaults": {"a": 1}}', '{"vaults": {"a": {"path": "x"}}}']
)
def test_settings_of_obsidian_that_say_nothing_find_nothing(home: Path, text: str) -> None:
    (home / ".config/obsidian/obsidian.json").write_text(text)
    assert "Obsidian vault" not in {folder.kind for folder in find_note_folders(home, "linux")}


def test_preview_says_what_a_folder_holds_and_what_patterns_leave_out(home: Path) -> None:
    for name in ("a.md", "drafts/b.md", "drafts/c.txt", "deep/d.md", ".hidden/e.md", "picture.png"):
        (home / "notes" / name).parent.mkdir(exist_ok=True)
        (home / "notes" / name).write_text("# A\n\nText.")
    whole = preview_folder(home / "notes")
    assert (whole.notes, whole.kinds, whole.is_whole) == (4, {".md": 3, ".txt": 1}, True)
    assert whole.folders == {"drafts": 2, "": 1, "deep": 1}
    less = preview_folder(home / "notes", exclude=["drafts/"])
    assert (less.notes, less.left_out, less.left_out_examples) == (2, 2, ("drafts/b.md", "drafts/c.txt"))
    assert preview_folder(home / "notes", include=["*.txt"]).examples == ("drafts/c.txt",)
    with pytest.raises(SourceError, match="!"):
        preview_folder(home / "notes", exclude=["!"])


def test_patterns_are_typed_one_a_line_or_with_commas() -> None:
    assert patterns_of("a/, b\n c ,\n") == ("a/", "b", "c")
