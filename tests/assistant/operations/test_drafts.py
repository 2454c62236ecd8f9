"""A gap becomes a note: a new file, and no other is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.operations import draft_folders, draft_of, write_draft
from index.errors import SourceError
from index.library import Library


def test_draft_is_a_new_file_in_the_folder_that_was_chosen_and_never_one_that_is_there(
    library: Library, notes: Path
) -> None:
    (notes / "Rotate keys.md").write_text("my own", encoding="utf-8")
    (notes / "Rotate keys 2.md").symlink_to(notes / "nowhere.md")
    file = write_draft(library, notes, "Rotate keys", "## Rotate keys\n")
    assert file == notes / "Rotate keys 3.md"
    assert file.read_bytes() == b"## Rotate keys\n"
    assert (notes / "Rotate keys.md").read_text(encoding="utf-8") == "my own"
    assert not (notes / "nowhere.md").exists()


def test_draft_is_known_again_by_what_it_is_asked_as_and_a_note_of_that_name_is_none(
    library: Library, notes: Path
) -> None:
    way = "how do I rotate keys?"
    (notes / "Rotate keys.md").write_text("my own", encoding="utf-8")
    assert draft_of([notes], "Rotate keys", [way]) is None
    file = write_draft(library, notes, "Rotate keys", f"## Rotate keys\n*Also asked as:* {way}\n")
    assert draft_of([notes], "Rotate keys", ["new keys", way]) == file == notes / "Rotate keys 2.md"
    file.write_text("## Rotate keys\nEvery spring.\n", encoding="utf-8")
    assert draft_of([notes], "Rotate keys", [way]) is None


@pytest.mark.parametrize("title", ["../../escape", "/etc/passwd", "a/b\\c:d", "..", "x" * 500, "\x00\n", "[[link]]#x"])
def test_title_leads_nowhere_else(library: Library, notes: Path, title: str) -> None:
    file = write_draft(library, notes, title, "text")
    assert file.parent == notes
    assert file.suffix == ".md"
    assert not file.name.startswith(".")


def test_folders_of_sources_are_offered_with_those_that_hold_notes(library: Library, notes: Path) -> None:
    (notes / "work" / "git").mkdir(parents=True)
    (notes / "empty").mkdir()
    (notes / "work" / "git" / "rebase.md").write_text("## Rebase\nReplays commits.\n", encoding="utf-8")
    library.sync()
    assert draft_folders(library) == [notes, notes / "work", notes / "work" / "git"]


def test_folder_elsewhere_or_that_cannot_be_written_is_refused(library: Library, notes: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is no folder of this library's sources"):
        write_draft(library, tmp_path, "Rotate keys", "text")
    with pytest.raises(SourceError, match="is no folder of this library's sources"):
        write_draft(library, notes / "..", "Rotate keys", "text")
