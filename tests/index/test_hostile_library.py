"""A library made by somebody else overwrites, reads and deletes nothing that is not its own, and hangs no question."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from assistant.feedback.journal import Journal
from assistant.feedback.journal_file import FILE_NAME as JOURNAL
from assistant.operations.uploads import Upload, keep_uploads, remove_source
from index.embedding.export_manifest import FORMAT, ExportManifest
from index.embedding.exports import remove_export
from index.engine.local.maintenance import DERIVED_INDEXES
from index.errors import LibraryError, SourceError, TopicsError
from index.library import Library
from index.storage.checksums import checksums_of
from index.storage.database import FILE_NAME
from index.storage.derived_index import read_manifest
from index.storage.disk import write_whole
from tests.catalogs import catalog_of
from tests.fakes import TokenEncoder

MADE_BEFORE = Path(__file__).parents[1] / "cases" / "made-before" / "by-words"
QUESTION = "when may oxalic acid be used?"
RIGHT = "Treating for varroa mites"
OWN = "alias ls='ls --color'\n"
LONGEST = 5.0
"""Seconds that a question may take here; it takes some hundredths."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return somebody's home folder, with files and a folder of their own."""
    folder = tmp_path / "home"
    (folder / "thesis").mkdir(parents=True)
    (folder / ".bashrc").write_text(OWN)
    (folder / "thesis" / "chapter.md").write_text("# Chapter\nTen years of work.\n")
    return folder


@pytest.fixture
def hostile(home: Path) -> Path:
    """Return the folder of a library beside what must not be touched, to be made hostile."""
    return Path(shutil.copytree(MADE_BEFORE, home / "library"))


@pytest.fixture
def untouched(home: Path, hostile: Path) -> Iterator[None]:
    """See that everything outside the library is as it was."""
    before = contents(home, hostile)
    yield
    assert contents(home, hostile) == before


def contents(home: Path, library: Path) -> dict[str, str]:
    files = (path for path in home.rglob("*") if library not in path.parents and path.is_file())
    return {str(path): path.read_text() for path in files}


def opened(folder: Path) -> closing[Library]:
    return closing(Library(folder, TokenEncoder()))


def use(folder: Path) -> list[str]:
    """Do what a person does with a library, and return what was said of it."""
    said: list[str] = []
    for action in (Library.sync, Library.repair, lambda library: library.learn("who stings?", known_id(library))):
        try:
            with opened(folder) as library:
                started = time.perf_counter()
                found = library.search(QUESTION, 3)
                assert time.perf_counter() - started < LONGEST
                assert not found or found[0].topic.title == RIGHT
                action(library)
        except TopicsError as error:
            said.append(str(error))
    with suppress(TopicsError), closing(Journal(folder)) as journal:
        journal.save(QUESTION)
        journal.erase()
    return said


def known_id(library: Library) -> str:
    return next(heading.topic_id for heading in library.reader.headings().values() if heading.title == RIGHT)


def rewrite_manifest(library: Path, name: str, **changes: object) -> None:
    path = library / f"{name}.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def reseal(folder: Path, name: str) -> None:
    """Let a manifest vouch for the files as they are now, which whoever makes a library can do."""
    manifest = json.loads((folder / f"{name}.json").read_text())
    rewrite_manifest(folder, name, files=checksums_of(folder / manifest["folder"]))


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("derived", ["words", "checkpoint"])
@pytest.mark.parametrize("name", ["../.bashrc", "../../home/.bashrc", "/etc/passwd", "a/../../.bashrc", ""])
def test_manifest_that_names_a_file_elsewhere_is_not_followed(hostile: Path, derived: str, name: str) -> None:
    manifest = json.loads((hostile / f"{derived}.json").read_text())
    rewrite_manifest(hostile, derived, files={**manifest["files"], name: [len(OWN), 0, 0]})
    assert use(hostile) == []


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("derived", ["words", "checkpoint"])
@pytest.mark.parametrize("folder", ["..", "../thesis", ".", "/tmp", "words", ""])  # noqa: S108  # a name, not used
def test_manifest_that_names_a_folder_elsewhere_is_not_followed(hostile: Path, derived: str, folder: str) -> None:
    rewrite_manifest(hostile, derived, folder=folder)
    assert use(hostile) == []
    manifest = read_manifest(hostile, DERIVED_INDEXES[1])
    assert manifest
    assert manifest.folder.startswith("words-")


@pytest.mark.usefixtures("untouched")
def test_new_file_of_the_index_of_words_is_not_written_through_a_name_that_leads_out(hostile: Path, home: Path) -> None:
    """The attack that worked: an index whose files, named `../../.bashrc` and so on, are linked to a new folder."""
    manifest = json.loads((hostile / "words.json").read_text())
    (hostile / manifest["folder"] / "x").mkdir()
    shutil.copy(home / ".bashrc", hostile / "payload")
    rewrite_manifest(hostile, "words", files={**manifest["files"], "../payload": [len(OWN), 0, 0]})
    assert use(hostile) == []


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("victim", ["../../.bashrc", "/etc/hostname", "..", ["nested"], 7])
def test_index_of_words_that_would_delete_files_elsewhere_is_made_anew(hostile: Path, victim: object) -> None:
    manifest = json.loads((hostile / "words.json").read_text())
    managed = hostile / manifest["folder"] / ".managed.json"
    managed.write_text(json.dumps([*json.loads(managed.read_text()), victim]))
    reseal(hostile, "words")
    assert use(hostile) == []


LINKS = [
    *("words.json", "words.part", "checkpoint.json", "checkpoint.part", "writer", "map.json", "map.json.part"),
    *("write.lock", "words-0123456789abcdef", "checkpoint-0123456789abcdef", "model", "model.json"),
]


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize("leads_to", [".bashrc", "thesis"])
def test_link_in_the_place_of_a_file_is_not_followed(hostile: Path, home: Path, name: str, leads_to: str) -> None:
    (hostile / name).unlink(missing_ok=True)
    (hostile / name).symlink_to(home / leads_to)
    use(hostile)
    assert (home / "thesis").is_dir()


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("derived", ["words", "checkpoint"])
def test_link_in_a_folder_of_a_manifest_is_not_read_or_written_through(hostile: Path, home: Path, derived: str) -> None:
    manifest = json.loads((hostile / f"{derived}.json").read_text())
    for file in sorted((hostile / manifest["folder"]).iterdir()):
        shutil.move(file, home / "thesis" / f"{file.name}.txt")
        file.symlink_to(home / "thesis" / f"{file.name}.txt")
    kept = {path: path.read_bytes() for path in (home / "thesis").iterdir()}
    assert use(hostile) == []
    assert {path: path.read_bytes() for path in (home / "thesis").iterdir()} == kept
    for path in kept:
        if path.suffix == ".txt":
            path.unlink()


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("name", [FILE_NAME, JOURNAL])
def test_database_that_is_a_link_is_not_opened(hostile: Path, home: Path, name: str) -> None:
    shutil.move(hostile / name, home / "other.sqlite3")
    (hostile / name).symlink_to(home / "other.sqlite3")
    before = (home / "other.sqlite3").read_bytes()
    with pytest.raises(LibraryError, match="is a link or no regular file"):
        open_and_write(hostile, name)
    assert (home / "other.sqlite3").read_bytes() == before
    (home / "other.sqlite3").unlink()


def open_and_write(folder: Path, name: str) -> None:
    if name == FILE_NAME:
        Library(folder, TokenEncoder())
    else:
        with closing(Journal(folder)) as journal:
            journal.save("q")


@pytest.mark.usefixtures("untouched")
def test_rollback_journal_that_names_a_file_to_be_deleted_is_not_rolled_back(hostile: Path, home: Path) -> None:
    with closing(sqlite3.connect(hostile / FILE_NAME, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = DELETE").fetchone()
    make_hot_journal(hostile / FILE_NAME, home / ".bashrc")
    with pytest.raises(LibraryError, match="SQLite would act on it"):
        Library(hostile, TokenEncoder())
    assert (home / ".bashrc").read_text() == OWN


def make_hot_journal(database: Path, super_journal: Path) -> None:
    """Put a rollback journal beside a database that names a super-journal (sqlite.org/fileformat2.html)."""
    magic, name = bytes.fromhex("d9d505f920a163d7"), str(super_journal).encode()
    pages = database.stat().st_size // 4096
    header = (magic + struct.pack(">IIIII", 0, 0, pages, 512, 4096)).ljust(512, b"\0")
    checksum = sum(struct.unpack(f"{len(name)}b", name)) & 0xFFFFFFFF
    lock_page = struct.pack(">I", 0x40000000 // 4096 + 1)
    tail = lock_page + name + struct.pack(">II", len(name), checksum) + magic
    database.with_name(f"{database.name}-journal").write_bytes(header + tail)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER more AFTER INSERT ON source BEGIN DELETE FROM learned; END",
        "CREATE VIEW note AS SELECT * FROM topic",
        "CREATE VIRTUAL TABLE shape USING rtree(id, low, high)",
        "DROP TRIGGER topic_gone",
    ],
)
def test_trigger_view_or_virtual_table_of_somebody_else_is_refused(hostile: Path, statement: str) -> None:
    change(hostile / FILE_NAME, statement)
    with pytest.raises(LibraryError, match=r"never puts there \((trigger|view|table) |a trigger of it is gone"):
        Library(hostile, TokenEncoder())


def test_own_trigger_that_does_something_else_is_refused(hostile: Path) -> None:
    change(hostile / FILE_NAME, "DROP TRIGGER topic_gone")
    change(hostile / FILE_NAME, "CREATE TRIGGER topic_gone AFTER DELETE ON topic BEGIN DELETE FROM learned; END")
    with pytest.raises(LibraryError, match=r"never puts there \(trigger 'topic_gone'"):
        Library(hostile, TokenEncoder())


def test_view_in_the_place_of_the_journal_is_refused(hostile: Path) -> None:
    change(hostile / JOURNAL, "DROP TABLE saved")
    change(hostile / JOURNAL, "CREATE VIEW saved AS SELECT question AS key, question, at FROM asked")
    with closing(Journal(hostile)) as journal, pytest.raises(LibraryError, match="never puts there"):
        _ = journal.saved


def change(file: Path, statement: str, *values: str) -> None:
    with closing(sqlite3.connect(file)) as db, db:
        db.execute(statement, values)


def test_schema_is_not_trusted(hostile: Path) -> None:
    with opened(hostile) as library:
        assert catalog_of(library).connection.db.execute("PRAGMA trusted_schema").fetchall() == [(0,)]


WILD: dict[str, Callable[[npt.NDArray[Any]], npt.NDArray[Any]]] = {
    "starts": lambda a: np.append(a[:-1], 2**40),
    "topic_ids": lambda a: a[::-1],
    "subjects": lambda a: a + 1_000_000,
    "kinds": lambda a: a + 200,
    "entries": lambda a: np.full_like(a, 2**31 - 1),
    "row_slots": lambda a: a + 77,
    "spans": lambda a: np.full_like(a, -5),
    "vectors": lambda a: a[:, :7],
    "slot_bits": lambda a: a.astype(np.float64),
    "titles": lambda a: a[:-1],
    "subject_names": lambda a: np.zeros((2, 2), dtype=np.int64),
}


@pytest.mark.parametrize("column", WILD)
def test_column_with_wild_numbers_is_not_searched(hostile: Path, column: str) -> None:
    manifest = read_manifest(hostile, DERIVED_INDEXES[0])
    assert manifest
    file = hostile / manifest.folder / f"{column}.npy"
    np.save(file, WILD[column](np.load(file)))
    reseal(hostile, "checkpoint")
    assert use(hostile) == []


@pytest.mark.parametrize("rows", [5, 10_000])
def test_lists_over_other_vectors_are_not_searched(hostile: Path, rows: int) -> None:
    from index.engine.local.dense import DenseIndex

    manifest = read_manifest(hostile, DERIVED_INDEXES[0])
    assert manifest
    vectors = np.random.default_rng(0).random((rows, 256)).astype(np.float16)
    DenseIndex.train(vectors, hostile / manifest.folder / "lists.faiss")
    reseal(hostile, "checkpoint")
    assert use(hostile) == []


@pytest.mark.parametrize("number", [-1, 2**63, 10**30, "4", None, 1.5, True])
@pytest.mark.parametrize("field", ["revision", "last_topic"])
def test_manifest_with_wild_numbers_is_not_there(hostile: Path, field: str, number: object) -> None:
    for derived in ("words", "checkpoint"):
        rewrite_manifest(hostile, derived, **{field: number})
    assert use(hostile) == []


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE passage SET entry = 2147483647", "A passage of the library is damaged"),
        ("UPDATE passage SET start = 1e300", "A passage of the library is damaged"),
        ("UPDATE passage SET kind = 'x'", "A passage of the library is damaged"),
        ("UPDATE topic SET entries = '[{\"x\": 1}]'", "is damaged in the library"),
        ("UPDATE topic SET entries = 'x'", "is damaged in the library"),
        ("UPDATE meta SET value = 'x' WHERE key = 'revision'", "has no revision 'x'"),
        ("DELETE FROM past", "lacks its revision's token"),
    ],
)
def test_catalog_with_wild_values_is_refused_in_words(hostile: Path, statement: str, says: str) -> None:
    change(hostile / FILE_NAME, statement)
    for name in ("words.json", "checkpoint.json"):
        (hostile / name).unlink()
    started = time.perf_counter()
    with pytest.raises(LibraryError, match=says):
        ask_and_tidy(hostile)
    assert time.perf_counter() - started < LONGEST


def ask_and_tidy(folder: Path) -> None:
    with opened(folder) as library:
        library.search(QUESTION)
        library.repair()


@pytest.mark.usefixtures("untouched")
def test_uploads_are_not_kept_in_and_not_removed_from_a_folder_that_a_link_leads_to(hostile: Path, home: Path) -> None:
    """The fault that was: `topics remove` deleted the user's own folder."""
    (hostile / "uploaded-notes").symlink_to(home / "thesis")
    with pytest.raises(SourceError, match="is a link, and uploads are kept"):
        keep_uploads(hostile, [Upload("new.md", b"x")])
    with opened(hostile) as library:
        library.add(hostile / "uploaded-notes")
        remove_source(library, str(hostile / "uploaded-notes"))
    assert (home / "thesis" / "chapter.md").exists()


def card(**changes: object) -> dict[str, object]:
    prompts = {"query_prompt": "", "document_prompt": "", "has_half_precision": False}
    numbers = {"dimension": 8, "max_tokens": 8, "longest": 8, "padding": 0, "format": FORMAT}
    return {"model": "m", **prompts, **numbers, "files": {}, **changes}


@pytest.mark.parametrize("name", ["../../.bashrc", "/etc/passwd", "weights.bin", ""])
def test_card_of_a_model_that_names_other_files_is_not_there(hostile: Path, name: str) -> None:
    (hostile / "model").mkdir()
    write_whole(hostile / "model" / "model.json", json.dumps(card()))
    assert ExportManifest.read(hostile / "model")
    write_whole(hostile / "model" / "model.json", json.dumps(card(files={name: [1, 2, 3]})))
    assert ExportManifest.read(hostile / "model") is None


def test_model_behind_a_link_is_not_used_and_not_removed(hostile: Path, home: Path) -> None:
    (home / "models").mkdir()
    write_whole(home / "models" / "model.json", json.dumps(card()))
    (hostile / "model").symlink_to(home / "models")
    assert ExportManifest.read(hostile / "model") is None
    remove_export(hostile / "model")
    assert (home / "models" / "model.json").exists()


def test_library_that_names_a_whole_disk_as_its_model_has_no_disk_searched(
    hostile: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(hostile / FILE_NAME, "UPDATE meta SET value = ? WHERE key = 'model'", str(home))
    with monkeypatch.context() as patch, closing(Library(hostile)) as library:
        patch.setattr(Path, "rglob", lambda *_: pytest.fail("it is searched"))
        assert not library.encoder.store.is_ready()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are of Unix")
@pytest.mark.parametrize("name", ["words.json", "checkpoint.json", "writer", "map.json"])
def test_pipe_in_the_place_of_a_file_is_not_waited_for(hostile: Path, name: str) -> None:
    (hostile / name).unlink(missing_ok=True)
    os.mkfifo(hostile / name)
    assert use(hostile) == []
