"""How the library's SQLite file is opened, brought forward, and explains itself."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.feedback.journal import Journal
from index.errors import LibraryError
from index.library import Library
from index.storage import database
from index.storage.database import FILE_NAME, Database
from index.storage.schema import MIGRATIONS, SCHEMA_VERSION
from tests.disks import read_only
from tests.fakes import TokenEncoder, WordCountEncoder

MADE_BEFORE = Path(__file__).parents[2] / "cases" / "made-before" / "by-words"


@pytest.fixture
def reachable(library: Library) -> Iterator[Path]:
    """Return a copy of a library in a folder that every user may enter."""
    top = Path(tempfile.mkdtemp())
    top.chmod(0o755)
    library.close()
    shutil.copytree(library.folder, top / "library")
    yield top / "library"
    shutil.rmtree(top)


def test_library_in_a_read_only_folder_can_be_asked_and_says_why_it_cannot_be_changed(reachable: Path) -> None:
    with read_only(reachable), closing(Library(reachable, WordCountEncoder())) as library:
        assert library.search("decorators", 1)[0].topic.title == "Decorators"
        assert library.subjects() == {"DevOps": 2, "Python": 1}
        with pytest.raises(LibraryError, match=r"cannot be changed \(Permission denied\)\. Make its folder writable"):
            library.sync()


def test_change_that_was_not_yet_moved_into_the_file_is_read_in_a_read_only_folder(
    library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "leave_nothing_beside", lambda *_: False)  # as where another one reads
    (notes / "garden.md").write_text("# Garden\n## Compost\nTurn the heap.\n")
    library.sync()
    top = Path(tempfile.mkdtemp())
    top.chmod(0o755)
    shutil.copytree(library.folder, top / "library")  # while it is open: its last change stands beside the file
    assert (top / "library" / f"{FILE_NAME}-wal").stat().st_size > 0
    with read_only(top / "library"), closing(Library(top / "library", WordCountEncoder())) as copied:
        assert "Garden" in copied.subjects()
    shutil.rmtree(top)


def test_every_older_version_comes_to_the_schema_of_a_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(Database(tmp_path / "new", create=True)):
        expected = schema(tmp_path / "new")
    for version in range(1, SCHEMA_VERSION):
        folder = tmp_path / str(version)
        with monkeypatch.context() as patch:
            patch.setattr(database, "MIGRATIONS", MIGRATIONS[:version])
            patch.setattr(database, "SCHEMA_VERSION", version)
            Database(folder, create=True).close()
        Database(folder).close()
        assert schema(folder) == expected


def schema(folder: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(folder / FILE_NAME)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        columns = [(table, *row[1:]) for table in tables for row in db.execute(f"PRAGMA table_info({table})")]
        return columns + db.execute("PRAGMA user_version").fetchall()


def test_older_library_in_a_read_only_folder_says_how_it_can_be_used(
    reachable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "MIGRATIONS", (*MIGRATIONS, "CREATE TABLE more (x);\n"))
    monkeypatch.setattr(database, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    with (
        read_only(reachable),
        pytest.raises(LibraryError, match=r"by an older Topic Assistant .* copy it to where you may write"),
    ):
        Database(reachable)


def test_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Database(tmp_path, create=True).close()
    before = schema(tmp_path)
    broken = "CREATE TABLE more (x);\nINSERT INTO nowhere VALUES (1);\n"
    monkeypatch.setattr(database, "MIGRATIONS", (*MIGRATIONS, broken))
    monkeypatch.setattr(database, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    with pytest.raises(LibraryError, match="no such table: nowhere"):
        Database(tmp_path)
    assert schema(tmp_path) == before


def test_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    Database(tmp_path, create=True).close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(LibraryError, match=rf"its format is 99, this one knows up to {SCHEMA_VERSION}"):
        Database(tmp_path)


def test_file_of_something_else_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as db:
        db.execute("CREATE TABLE other (x)")
    with pytest.raises(LibraryError, match=r"is not a library or is damaged \(it holds no library\)"):
        Database(tmp_path)


def test_change_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    with closing(Database(tmp_path, create=True)) as opened:
        with pytest.raises(LibraryError, match="no such table: nowhere"):
            add_half(opened)
        assert sources(opened) == 0


def sources(opened: Database) -> int:
    return int(opened.connection.db.execute("SELECT count(*) FROM source").fetchone()[0])


def add_half(opened: Database) -> None:
    with opened.change():
        opened.connection.db.execute("INSERT INTO source (path) VALUES ('/notes')")
        opened.connection.db.execute("INSERT INTO nowhere VALUES (1)")


def test_view_sees_one_revision_whatever_others_write(tmp_path: Path) -> None:
    with closing(Database(tmp_path, create=True)) as reader, closing(Database(tmp_path)) as writer:
        with reader.view():
            assert sources(reader) == 0
            with writer.change():
                writer.connection.db.execute("INSERT INTO source (path) VALUES ('/notes')")
            assert sources(reader) == 0
        assert sources(reader) == 1


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def open_to_others(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_library_and_its_files_are_for_their_owner_only(library: Library) -> None:
    with closing(Journal(library.folder)) as journal:
        journal.save("secret")
        files = [path for path in library.folder.iterdir() if "sqlite3" in path.name]
        assert {path.name for path in files} >= {FILE_NAME, "journal.sqlite3", "journal.sqlite3-wal"}
        assert {mode(path) for path in files} == {0o600}
        assert mode(library.folder) == 0o700


def test_library_made_before_is_closed_to_others_when_it_is_opened(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(MADE_BEFORE, tmp_path / "library"))
    open_to_others(folder)
    with closing(Library(folder, TokenEncoder())):
        assert mode(folder) == 0o700
        assert {mode(path) for path in folder.iterdir() if path.is_file()} == {0o600}


def test_library_that_its_owner_opened_to_others_later_stays_open(library: Library) -> None:
    library.close()
    open_to_others(library.folder)
    with closing(Library(library.folder, WordCountEncoder())) as again:
        again.sync()
        assert mode(library.folder) == 0o755


def test_folder_in_which_somebody_keeps_other_things_stays_as_it_is(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(MADE_BEFORE, tmp_path / "library"))
    (folder / "shopping.txt").write_text("bread")
    open_to_others(folder)
    with closing(Library(folder, TokenEncoder())):
        assert (mode(folder), mode(folder / "shopping.txt")) == (0o755, 0o644)
        assert mode(folder / FILE_NAME) == 0o600


def test_file_that_a_link_leads_to_is_not_closed(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(MADE_BEFORE, tmp_path / "library"))
    (tmp_path / "own").write_text("for all to read")
    (folder / "map.json").symlink_to(tmp_path / "own")
    open_to_others(folder)
    with closing(Library(folder, TokenEncoder())):
        assert mode(tmp_path / "own") == 0o644
