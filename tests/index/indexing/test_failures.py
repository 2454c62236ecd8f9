"""What an interruption, a full disk and a note that cannot be taken in leave behind."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pytest

from index.errors import LibraryError
from index.indexing import changes, instalments
from index.library import Library
from index.records import Encoded
from index.storage import database
from tests.fakes import WordCountEncoder
from tests.index.indexing.heap import COMPOST, LONG, titles, write_heap

# the sync as a whole


class Tired(WordCountEncoder):
    """Gives up after some batches."""

    patience = 2

    def encode_documents(self, texts: Sequence[str]) -> Encoded:
        if self.patience == 0:
            raise KeyboardInterrupt
        self.patience -= 1
        return super().encode_documents(texts)


def test_interrupted_embedding_goes_on_where_it_stopped(
    tmp_path: Path, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instalments, "BATCH", 3)
    tired, rested = Tired(), WordCountEncoder()
    with closing(Library(tmp_path / "library", tired)) as library:
        library.remove("builtin")
        library.add(notes)
        with pytest.raises(KeyboardInterrupt):
            library.sync()
        assert len(tired.encoded) == 6
        assert library.storage.left_over().unused_vectors == 6
    with closing(Library(tmp_path / "library", rested)) as library:
        library.sync()
        assert not set(tired.encoded) & set(rested.encoded)
        assert "Decorators" in titles(library, "decorators")
        assert library.storage.left_over().unused_vectors == 0


def test_full_disk_in_the_middle_of_a_sync_is_one_sentence_and_changes_nothing(
    library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill_disk(db: sqlite3.Connection) -> None:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages}")

    (notes / "long.md").write_text(LONG * 10)
    before = library.documents()
    with monkeypatch.context() as patch:
        patch.setattr(database, "_prepare", fill_disk)
        with pytest.raises(LibraryError, match=r"is full; nothing was changed\. Free some space and repeat\."):
            library.sync()
    assert library.documents() == before
    assert "Decorators" in titles(library, "decorators")
    assert len(library.sync().added) == 1


def test_full_disk_while_derived_indexes_are_written_is_one_sentence_and_the_next_sync_mends_it(
    library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (notes / "garden.md").write_text(COMPOST)
    with monkeypatch.context() as patch:
        patch.setattr("index.engine.local.lexical.publish", fail)
        with pytest.raises(LibraryError, match=r"cannot be changed \(No space left on device\)"):
            library.sync()
    assert titles(library, "how often do I turn the compost heap?")[0] == "Compost"
    assert library.storage.damaged_indexes() == ("words",)
    library.sync()
    assert library.storage.damaged_indexes() == ()


def test_library_read_by_another_reader_is_read_anew_though_that_is_cut_off(
    library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_heap(notes)
    library.sync()
    for room in (changes, instalments):
        monkeypatch.setattr(room, "READER_VERSION", "another")
    monkeypatch.setattr(instalments, "INSTALMENT", 10)
    for number in range(40):
        text = (notes / f"{number:02}.md").read_text()
        (notes / f"{number:02}.md").write_text(text.replace("part", "piece"))

    def stop(what: str, done: int, total: int) -> None:
        if what == "Embedding" and done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.sync(stop)
    again = library.sync()
    assert 0 < again.unchanged < 41
    assert again.unchanged + len(again.updated) == 41
    assert library.sync().unchanged == 41


# one file never stops the others


def fail_for(word: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """Return the same work, which fails where any of its values holds a word."""

    def failing(*values: object, **options: object) -> object:
        given = [list(value) if isinstance(value, Iterator) else value for value in values]
        if word in repr(given):
            raise ZeroDivisionError("by nought")
        return work(*given, **options)

    return failing


STAGES = {
    "reading": "index.sources.reading.read_note",
    "looking for what is shared": "index.indexing.changes.shared_paragraphs",
    "naming": "index.catalog.topic_ids.topic_ids_of",
    "cutting": "index.indexing.syncing.taught_passages",
    "storing": "index.catalog.tables.Catalog.put_links",
}


@pytest.mark.parametrize("stage", STAGES)
def test_note_that_cannot_be_taken_in_fails_alone_and_is_told(
    library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    (notes / "good.md").write_text(COMPOST)
    (notes / "bad.md").write_text("# Bad\n## Frobnicator\nFrobnicate.\n")
    work = resolve_name(STAGES[stage])
    with monkeypatch.context() as patch:
        patch.setattr(STAGES[stage], fail_for("Frobnicat", work))
        report = library.sync()
        assert [change.document.path for change in report.added] == ["bad.md", "good.md"]
        assert not report.is_complete
        revision = library.snapshot().revision
        again = library.sync()
        assert (again.changed, again.is_complete, library.snapshot().revision) == ([], False, revision)
    [bad] = [document for document in library.documents() if document.status == "failed"]
    assert bad.path == "bad.md"
    assert bad.reason.endswith("a fault of Topic Assistant (ZeroDivisionError: by nought)")
    assert titles(library, "how often do I turn the compost heap?")[0] == "Compost"
    assert library.sync().is_complete, "the fault is mended"
    assert titles(library, "frobnicator")[0] == "Frobnicator"


class Choosy(WordCountEncoder):
    """Encodes no text that holds a word."""

    def encode_documents(self, texts: Sequence[str]) -> Encoded:
        if any("Frobnicat" in text for text in texts):
            raise RuntimeError("a wrong token")
        return super().encode_documents(texts)


def test_note_that_the_model_cannot_encode_fails_alone(library_of: Callable[..., Library], notes: Path) -> None:
    (notes / "bad.md").write_text("# Bad\n## Frobnicator\nFrobnicate.\n")
    library = library_of(notes, Choosy())
    assert {document.path: document.status for document in library.documents()} == {
        "bad.md": "failed",
        "topics.md": "indexed",
    }
    assert titles(library, "decorators")[0] == "Decorators"


def test_model_that_encodes_nothing_is_no_fault_of_the_notes(
    library: Library, notes: Path, encoder: WordCountEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Sequence[str]) -> Encoded:
        raise RuntimeError("no memory")

    before = library.documents()
    write_heap(notes, 3)
    monkeypatch.setattr(encoder, "encode_documents", fail)
    with pytest.raises(RuntimeError, match="no memory"):
        library.sync()
    assert library.documents() == before
