"""On a full disk, and without the right to write, a library is still asked, and follows what others change."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.feedback.journal import Journal
from index.errors import LibraryError
from index.library import Library
from index.storage import database
from index.storage.database import FILE_NAME, Database
from index.storage.sqlite_files import WAL_BYTES
from tests.catalogs import catalog_of
from tests.disks import full_disk
from tests.fakes import WordCountEncoder
from tests.index.syncing import start_sync


def opened(folder: Path) -> closing[Library]:
    return closing(Library(folder, WordCountEncoder()))


@pytest.fixture
def at_rest(library: Library) -> Path:
    """Return the folder of a library that nobody has open."""
    with closing(Journal(library.folder)) as journal:
        journal.save("before")
    library.close()
    return library.folder


def test_library_on_a_full_disk_is_asked_and_says_why_nothing_can_be_changed(at_rest: Path) -> None:
    with full_disk(), opened(at_rest) as library:
        assert library.search("decorators", 1)[0].topic.title == "Decorators"
        with pytest.raises(LibraryError, match=r"cannot be changed .* see that its disk has room"):
            library.sync()


def test_change_that_a_killed_process_left_beside_the_file_is_read_on_a_full_disk(
    library: Library, notes: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(library.folder / FILE_NAME, isolation_level=None)) as writer:
        writer.execute("PRAGMA wal_autocheckpoint = 0")
        writer.execute("UPDATE topic SET title = 'Wrappers' WHERE title = 'Decorators'")
        for name in (FILE_NAME, f"{FILE_NAME}-wal"):
            (tmp_path / "killed").mkdir(exist_ok=True)
            shutil.copy(library.folder / name, tmp_path / "killed" / name)
    with full_disk(), opened(tmp_path / "killed") as killed:
        assert "Wrappers" in {heading.title for heading in killed.reader.headings().values()}


def test_journal_on_a_full_disk_is_read_and_fails_no_question(at_rest: Path) -> None:
    with full_disk(), closing(Journal(at_rest)) as journal:
        assert journal.saved == ["before"]
        assert not journal.record(Answer("now?", False, 0.0, None, None, (), (), 1.0))


def test_library_cannot_be_made_on_a_full_disk_and_says_so(tmp_path: Path) -> None:
    with full_disk(), pytest.raises(LibraryError, match=r"cannot be used|is full"):
        Library(tmp_path / "library", WordCountEncoder())


@pytest.fixture
def unwritable(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let this process only read what it opens, as where a disk is read-only; another one writes."""

    def prepare(db: sqlite3.Connection) -> None:
        error = sqlite3.OperationalError("attempt to write a readonly database")
        error.sqlite_errorname = "SQLITE_READONLY_DIRECTORY"
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(database, "_prepare", prepare)
        yield


def edit(notes: Path) -> None:
    (notes / "garden.md").write_text("# Garden\n## Compost\nTurn the heap.\n")


def sync_elsewhere(folder: Path) -> None:
    process, told = start_sync(folder)
    assert told.recv() == "done"
    process.join()


def test_reader_that_may_not_write_sees_a_later_sync(
    at_rest: Path, notes: Path, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("unwritable")
    with opened(at_rest) as reader:
        assert catalog_of(reader).connection.seen
        assert "Garden" not in reader.subjects()
        edit(notes)
        sync_elsewhere(at_rest)
        assert "Garden" in reader.subjects()
        assert reader.search("turn the compost heap", 1)[0].topic.title == "Compost"


def test_reader_that_may_not_write_opens_the_file_no_more_often_than_it_changes(
    at_rest: Path, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("unwritable")
    with opened(at_rest) as reader:
        before = catalog_of(reader).connection
        reader.search("decorators", 1)
        assert catalog_of(reader).connection is before


def test_file_written_ahead_shrinks_again_while_the_library_is_open(library: Library) -> None:
    wal = library.folder / f"{FILE_NAME}-wal"
    with closing(sqlite3.connect(library.folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL").fetchone()
        with library.storage.writing() as catalog:
            with catalog.change():
                catalog.set("large", "x" * 8 * WAL_BYTES)
            assert wal.stat().st_size > 8 * WAL_BYTES
        assert wal.stat().st_size == 0


def test_sync_that_was_kept_has_not_failed_where_nothing_can_be_cleared_away(
    library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Database, wait_seconds: float) -> bool:
        raise LibraryError("The disk is full.")

    monkeypatch.setattr(Database, "leave_nothing_beside", fail)
    edit(notes)
    assert library.sync().is_complete
    assert "Garden" in library.subjects()


def test_file_written_ahead_that_a_reader_held_up_shrinks_with_the_next_change(library: Library) -> None:
    wal = library.folder / f"{FILE_NAME}-wal"
    catalog = catalog_of(library)
    with closing(sqlite3.connect(library.folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM meta").fetchall()
        with catalog.change():
            catalog.set("large", "x" * 8 * WAL_BYTES)
        assert not catalog.leave_nothing_beside(0.01)
        other.execute("COMMIT")
        catalog.connection.db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        with catalog.change():
            catalog.set("small", "x")
        assert wal.stat().st_size <= WAL_BYTES
