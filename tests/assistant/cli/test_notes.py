"""`topics add`, `remove` and `sync`: what the library holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from index.errors import LibraryBusyError, TopicsError
from index.formats import kinds_read
from index.formats.note import Note, read_note
from index.indexing import SyncReport
from index.library import Library
from tests.assistant.running import QUESTION, Topics, asked

OnError = Callable[[TopicsError], None]


def test_adding_says_what_was_added(topics: Topics, notes: Path) -> None:
    result = topics("add", "--no-builtin", notes)
    assert "1 file added" in result.err
    assert "3 topics in all" in result.err


def test_adding_keeps_the_bundled_topics_unless_told(topics: Topics, notes: Path) -> None:
    assert "34 topics in all" in topics("add", notes).err


def test_adding_a_folder_without_notes_says_what_would_be_one(own: Topics, tmp_path: Path) -> None:
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "letter.zip").write_bytes(b"%PDF")
    result = own("add", tmp_path / "scans")
    assert f"no file in {tmp_path / 'scans'} that can be read: {kinds_read()}" in result.err
    assert result.code == 0


def test_adding_a_missing_folder_changes_nothing(own: Topics, notes: Path, tmp_path: Path) -> None:
    (tmp_path / "more.md").write_text("# More\ntext")
    result = own("add", tmp_path / "more.md", tmp_path / "nowhere")
    assert result.code == 1
    assert "There is no folder or file at" in result.err
    assert list(json.loads(own("status", "--json").out)["sources"]) == [str(notes)]


def test_folder_whose_name_is_in_another_encoding_is_not_added(own: Topics, tmp_path: Path) -> None:
    folder = tmp_path / "d\udce9"
    folder.mkdir()
    result = own("add", folder)
    assert (result.code, "d? is not in UTF-8. Rename it" in result.err) == (1, True)


def test_folder_inside_one_that_is_read_already_is_said_to_have_its_own_files(own: Topics, notes: Path) -> None:
    (notes / "garden").mkdir()
    (notes / "garden" / "compost.md").write_text("# Garden\n## Compost\nTurn the heap every second week.\n")
    assert "4 topics in all" in own("sync").err
    result = own("add", notes / "garden")
    inner = notes / "garden"
    said = f"{inner} is a source of its own inside {notes}: each of its files is read once, as one of {inner}."
    assert said in " ".join(result.err.split())
    assert (result.code, "4 topics in all" in result.err) == (0, True)
    assert own("sync").code == own("status").code == 0


def test_file_that_is_a_fault_of_ours_is_named_everywhere_and_the_others_are_read(
    own: Topics, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(text: str, name: str) -> Note:
        if "Frobnicate" in text:
            raise ZeroDivisionError("by nought")
        return read_note(text, name)

    monkeypatch.setattr("index.sources.reading.read_note", fail)
    (notes / "bad.md").write_text("# Bad\nFrobnicate.\n")
    (notes / "good.md").write_text("# Garden\n## Compost\nTurn the heap every second week.\n")
    result = own("sync")
    assert (result.code, "4 topics in all" in result.err) == (1, True)
    assert "bad.md: failed, something in it is not understood, which is a fault of Topic Assistant" in result.err
    status = own("status", "--json")
    assert status.code == 1
    [problem] = json.loads(status.out)["problems"]
    assert (problem["path"], problem["status"]) == ("bad.md", "failed")
    assert (json.loads(status.out)["documents"]["failed"], json.loads(status.out)["stale"]) == (1, [])


def test_file_whose_name_is_in_another_encoding_is_read_and_named(own: Topics, notes: Path) -> None:
    (notes / "caf\udce9.md").write_text("Milk and beans, ground by hand.\n")
    assert own("sync").code == own("status").code == 0
    hits = json.loads(own("ask", "--json", "milk and beans").out)["hits"]
    assert (hits[0]["path"], hits[0]["topic"]) == ("caf?.md", "caf?")


def test_file_that_cannot_be_read_fails_the_command_and_is_named(own: Topics, notes: Path) -> None:
    (notes / "gone.md").symlink_to(notes / "nowhere.md")
    result = own("sync")
    assert result.code == 1
    assert "gone.md: failed, cannot be read" in result.err
    status = own("status")
    assert status.code == 1
    assert "gone.md" in status.out


def test_removing_forgets_the_topics_and_keeps_the_files(own: Topics, notes: Path) -> None:
    assert own("remove", notes).code == 0
    assert (notes / "topics.md").exists()
    assert asked(own("ask", "--json", QUESTION))["hits"] == []


def test_removing_what_was_never_added_names_the_sources(own: Topics, notes: Path) -> None:
    result = own("remove", "elsewhere")
    assert result.code == 1
    assert f"Its sources: {notes}." in result.err


def test_sync_of_an_edited_note_is_seen_by_the_next_question(own: Topics, notes: Path) -> None:
    (notes / "new.md").write_text("# Garden\n## Compost\nTurn the heap every second week.\n")
    assert own("status").err == "1 file new, changed or gone. Run `topics sync`.\n"
    assert "1 file added, 0 updated, 0 gone, 1 unchanged; 4 topics" in own("sync").err
    assert asked(own("ask", "--json", "how often do I turn the compost heap?"))["hits"][0]["topic"] == "Compost"


def test_source_that_is_not_there_keeps_its_topics_and_fails_the_sync(own: Topics, notes: Path) -> None:
    notes.rename(notes.with_name("unplugged"))
    result = own("sync")
    assert result.code == 1
    assert f"{notes} is not there at present; what was read of it is kept. `topics remove` forgets it." in result.err
    assert own("status").err.strip() == result.err.strip().rpartition("\n")[2].strip()
    assert asked(own("ask", "--json", QUESTION))["hits"][0]["topic"] == "Merge conflicts"


def test_emptied_source_keeps_its_topics_until_it_is_pruned(own: Topics, notes: Path) -> None:
    (notes / "topics.md").unlink()
    result = own("sync")
    assert result.code == 1
    assert f"{notes} has no note to read at present, as if its disk were not mounted" in result.err
    assert "If its notes were deleted, `topics sync --prune` forgets them." in result.err
    assert own("status").code == 1
    assert asked(own("ask", "--json", QUESTION))["hits"][0]["topic"] == "Merge conflicts"
    result = own("sync", "--prune")
    assert (result.code, "1 gone" in result.err) == (0, True)
    assert own("status").code == 0
    assert asked(own("ask", "--json", QUESTION))["hits"] == []


def test_patterns_are_shown_with_their_source_and_replaced_when_it_is_added_again(own: Topics, notes: Path) -> None:
    own("add", notes, "--include", "*.md", "--exclude", "drafts/", "--exclude", "old*")
    shown = " ".join(own("status").out.split())
    assert "(1 file; include *.md; exclude drafts/, old*)" in shown
    own("add", notes)
    assert "exclude" not in own("status").out


def test_following_says_what_it_reads_and_ends_with_one_sentence(
    own: Topics, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def follow(library: Library, _: Event, on_sync: Callable[[SyncReport], None], on_error: OnError) -> None:
        on_sync(library.sync())
        (notes / "new.md").write_text("# Garden\n## Compost\nTurn the heap every second week.\n")
        on_sync(library.sync())
        on_error(LibraryBusyError("Another process is writing."))
        raise KeyboardInterrupt

    monkeypatch.setattr("index.watch.follow", follow)
    result = own("sync", "--watch")
    assert result.code == 130
    assert result.err.splitlines() == [
        "0 files added, 0 updated, 0 gone, 1 unchanged; 3 topics in all.",
        "Following your notes; stop with Ctrl-C.",
        "1 file added, 0 updated, 0 gone, 1 unchanged; 4 topics in all.",
        "Error: Another process is writing.",
        "Stopped following your notes. Nothing is lost; the next sync goes on from here.",
    ]
