"""What a sync reads, keeps, forgets and embeds."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import numpy as np
import pytest

from index.catalog.tables import Catalog
from index.engine.local.storage import LocalWriter
from index.errors import LibraryError, SourceError
from index.indexing import changes, comparing, instalments
from index.library import Library
from index.progress import Phase
from index.records import Document, Encoded, Passage
from index.storage import database
from tests.fakes import WordCountEncoder

COMPOST = "# Garden\n## Compost\nTurn the heap every week.\n"
LONG = "# Long\n## Chapter\n" + " ".join(f"Sentence {number} is about thing{number}." for number in range(60)) + "\n"


def titles(library: Library, question: str) -> list[str]:
    return [hit.topic.title for hit in library.search(question)]


# content decides


def test_sync_with_nothing_changed_reads_no_file_and_writes_nothing(
    library: Library, encoder: WordCountEncoder
) -> None:
    encoder.encoded.clear()
    with closing(sqlite3.connect(library.folder / database.FILE_NAME)) as db:
        before = db.execute("PRAGMA data_version").fetchone()
        report = library.sync()
        after = db.execute("PRAGMA data_version").fetchone()
    assert (report.unchanged, report.changed, report.embedded, encoder.encoded) == (1, [], 0, [])
    assert before == after, "a transaction was committed"


def test_library_knows_when_a_sync_last_found_something_new(library: Library, notes: Path) -> None:
    first = library.renewed_at
    library.sync()
    assert first is not None
    assert library.renewed_at == first
    (notes / "new.md").write_text(COMPOST)
    library.sync()
    assert library.renewed_at > first


def test_one_edited_note_of_many_embeds_its_new_text_alone(
    library: Library, notes: Path, encoder: WordCountEncoder
) -> None:
    for number in range(20):
        (notes / f"{number}.md").write_text(f"# Notes\n## Note {number}\nAbout thing{number}.\n")
    library.sync()
    encoder.encoded.clear()
    (notes / "7.md").write_text("# Notes\n## Note 7\nAbout something else.\n")
    report = library.sync()
    assert encoder.encoded == ["Notes > Note 7 > About something else."]
    assert (report.embedded, report.unchanged, len(report.updated)) == (1, 20, 1)


@pytest.mark.parametrize("new_name", ["renamed.md", "deeper/down/topics.md"])
def test_moved_file_embeds_nothing(library: Library, notes: Path, encoder: WordCountEncoder, new_name: str) -> None:
    encoder.encoded.clear()
    (notes / new_name).parent.mkdir(parents=True, exist_ok=True)
    (notes / "topics.md").rename(notes / new_name)
    report = library.sync()
    assert encoder.encoded == []
    assert [path for _, path in report.removed] == ["topics.md"]
    assert library.search("settle merge conflicts")[0].path == new_name


def test_long_note_cut_elsewhere_keeps_the_vectors_of_the_passages_that_are_the_same(
    library: Library, notes: Path, encoder: WordCountEncoder
) -> None:
    (notes / "long.md").write_text(LONG)
    first = library.sync().embedded
    encoder.encoded.clear()
    (notes / "long.md").write_text(LONG.rstrip() + " One sentence more.\n")
    library.sync()
    assert first > 5
    assert 1 <= len(encoder.encoded) <= 2


def test_vectors_are_kept_in_half_precision(library: Library, encoder: WordCountEncoder) -> None:
    with closing(Catalog(library.folder)) as catalog:
        first = next(catalog.passage_rows(0))
    vector = encoder.encode_queries(["DevOps > Merge conflicts > Two branches changed the same lines."])[0]
    assert np.frombuffer(first.vector, dtype=np.float16) == pytest.approx(vector, abs=1e-3)


def test_text_that_several_notes_share_is_embedded_once(
    library: Library, notes: Path, encoder: WordCountEncoder
) -> None:
    encoder.encoded.clear()
    for name in ("a.md", "b.md"):
        (notes / name).write_text(COMPOST)
    library.sync()
    assert len(encoder.encoded) == len(set(encoder.encoded)) == 1


def test_file_whose_time_alone_changed_is_not_read_a_third_time(library: Library, notes: Path) -> None:
    os.utime(notes / "topics.md", ns=(0, 0))
    assert len(library.sync().touched) == 1
    assert library.sync().touched == []


# what is gone


def test_passages_of_a_deleted_file_are_in_no_answer(library: Library, notes: Path) -> None:
    (notes / "garden.md").write_text(COMPOST)
    library.sync()
    (notes / "garden.md").unlink()
    library.sync()
    question = "how often do I turn the compost heap?"
    assert "Compost" not in titles(library, question)
    assert "Garden" not in library.subjects()
    assert len(library.rank_by_words(question, 10)) < 4
    assert len(library.rank_by_meaning(question, 10)) == 3
    assert library.storage.left_over().unused_vectors == 0


def test_emptied_source_keeps_what_it_had_and_is_told(library: Library, notes: Path) -> None:
    (notes / "topics.md").unlink()
    report = library.sync()
    assert report.emptied_sources == [str(notes)]
    assert not report.is_complete
    assert "Decorators" in titles(library, "decorators")


def test_source_that_is_not_there_keeps_what_it_had_and_is_told(library: Library, notes: Path) -> None:
    notes.rename(notes.with_name("unplugged"))
    report = library.sync()
    assert report.missing_sources == [str(notes)]
    assert "Decorators" in titles(library, "decorators")
    notes.with_name("unplugged").rename(notes)
    assert (library.sync().unchanged, library.sync().is_complete) == (1, True)


def test_source_on_a_disk_that_does_not_answer_keeps_what_it_had_and_is_told(
    library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unanswered(call: Callable[..., object]) -> Callable[..., object]:
        def answer(path: object, *rest: object, **options: object) -> object:
            if isinstance(path, str | Path) and Path(path) == notes:
                raise OSError(errno.ENOTCONN, "Transport endpoint is not connected")
            return call(path, *rest, **options)

        return answer

    monkeypatch.setattr(os, "stat", unanswered(os.stat))
    monkeypatch.setattr(os, "scandir", unanswered(os.scandir))
    assert library.sync().missing_sources == [str(notes)]
    assert "Decorators" in titles(library, "decorators")


def test_new_and_still_empty_source_is_no_failure(library: Library, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    library.add(tmp_path / "empty")
    assert library.sync().is_complete


def test_pruning_forgets_what_came_from_an_emptied_source(library: Library, notes: Path) -> None:
    (notes / "topics.md").unlink()
    report = library.sync(prune=True)
    assert report.is_complete
    assert library.subjects() == {}
    assert library.sync().is_complete


def test_pruning_forgets_what_came_from_a_missing_source_and_goes_on_looking_for_it(
    library: Library, notes: Path
) -> None:
    notes.rename(notes.with_name("unplugged"))
    library.sync(prune=True)
    assert library.subjects() == {}
    notes.with_name("unplugged").rename(notes)
    library.sync()
    assert library.subjects() == {"DevOps": 2, "Python": 1}


# interrupted


def test_long_and_short_passages_are_embedded_by_turns_so_that_the_pace_tells_what_is_left(
    library: Library, encoder: WordCountEncoder, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instalments, "BATCH", 3)
    (notes / "more.md").write_text("".join(f"## T{number}\n{'word ' * number}\n" for number in range(1, 37)))
    told: list[int] = []
    encoder.encoded.clear()
    library.sync(lambda what, done, _: told.append(done) if what == "Embedding" else None)
    lengths = [len(text) for text in encoder.encoded]
    assert told == [*range(0, len(lengths), 3), len(lengths)]
    half = len(lengths) // 2
    assert sum(lengths[:half]) == pytest.approx(sum(lengths[half:]), rel=0.3)


class Tired(WordCountEncoder):
    """Gives up after some batches."""

    patience = 2

    def encode_documents(self, texts: Sequence[str]) -> Encoded:
        if self.patience == 0:
            raise KeyboardInterrupt
        self.patience -= 1
        return super().encode_documents(texts)


def test_every_stretch_of_work_is_told_in_its_turn(library: Library, notes: Path) -> None:
    (notes / "garden.md").write_text("# Garden\n## Compost\nTurn the heap.\n")
    told: list[tuple[str, int, int]] = []
    library.sync(lambda *step: told.append(step))
    assert told == [
        ("Reading", 1, 2),
        ("Reading", 2, 2),
        ("Cutting into passages", 1, 1),
        ("Getting ready to embed", 0, 0),
        ("Embedding", 0, 1),
        ("Embedding", 1, 1),
        ("Writing", 0, 0),
        ("Ordering", 0, 0),
    ]


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


def test_full_disk_while_shadows_are_written_is_one_sentence_and_the_next_sync_mends_it(
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


# what a file looks like from outside


@pytest.mark.parametrize("how", ["in place", "replaced", "time alone kept"])
def test_edit_that_keeps_the_time_is_read(library: Library, notes: Path, how: str) -> None:
    path = notes / "topics.md"
    status, text = path.stat(), path.read_text()
    edited = (
        text.replace("Decorators", "Decoration") if how != "time alone kept" else text.replace("Decorators", "Deco")
    )
    target = notes / "topics.tmp" if how == "replaced" else path
    target.write_text(edited)
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
    target.rename(path)
    assert path.stat().st_mtime_ns == status.st_mtime_ns
    assert [list(compared.stale()) for compared in library.compared()] == [["topics.md"]]
    assert len(library.sync().updated) == 1


def test_size_alone_tells_that_a_file_is_another(library: Library, notes: Path) -> None:
    with closing(Catalog(library.folder)) as catalog, catalog.change():
        [document] = library.documents()
        catalog.touch_document(
            document.source,
            Document(
                *("topics.md", "", document.size + 1, document.modified_ns, "indexed", "", ()),
                inode=document.inode,
                changed_ns=document.changed_ns,
            ),
        )
    assert [list(compared.stale()) for compared in library.compared()] == [["topics.md"]]
    assert len(library.sync().touched) == 1
    assert library.sync().unchanged == 1


def test_file_of_a_library_made_before_is_known_by_size_and_time(library: Library, notes: Path) -> None:
    with closing(Catalog(library.folder)) as catalog, catalog.change():
        [document] = library.documents()
        catalog.touch_document(
            document.source, Document("topics.md", "", document.size, document.modified_ns, "indexed")
        )
    assert library.sync().unchanged == 1


def test_file_that_is_the_same_but_for_its_place_on_the_disk_is_not_cut_anew(
    library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (notes / "topics.md").rename(notes / "aside")
    (notes / "topics.md").write_bytes((notes / "aside").read_bytes())
    monkeypatch.setattr("index.sources.reading.read_note", None)
    assert len(library.sync().touched) == 1


def test_dangling_link_is_told_once_it_was_looked_at_as_failed_and_not_as_stale(library: Library, notes: Path) -> None:
    (notes / "dangling.md").symlink_to("nowhere.md")
    library.sync()
    [compared] = library.compared()
    assert list(compared.stale()) == []
    assert [document.path for document in library.documents() if document.status == "failed"] == ["dangling.md"]
    (notes / "nowhere.md").write_text(COMPOST)
    [compared] = library.compared()
    assert "dangling.md" in [*compared.stale()] or "nowhere.md" in [*compared.stale()]


def test_note_that_its_cloud_evicts_is_found_as_it_was_and_told(library: Library, notes: Path) -> None:
    (notes / "oar.md").write_text(COMPOST)
    (notes / "never.md").write_text(COMPOST)
    (notes / "never.md").rename(notes / ".never.md.icloud")
    library.sync()
    content = (notes / "oar.md").read_text()
    (notes / "oar.md").unlink()
    (notes / ".oar.md.icloud").write_bytes(b"bplist00")
    report = library.sync()
    assert (report.removed, report.is_complete) == ([], True)
    assert library.sync(reembed=True).is_complete
    assert titles(library, "how often do I turn the compost heap?")[0] == "Compost"
    assert {document.path: (document.status, document.reason) for document in library.documents()} == {
        "topics.md": ("indexed", ""),
        "never.md": ("skipped", "in the cloud only: download it to have it read"),
        "oar.md": ("indexed", comparing.LEFT),
    }
    assert [path for compared in library.compared() for path in compared.stale()] == []
    (notes / ".oar.md.icloud").unlink()
    (notes / "oar.md").write_text(content)
    library.sync()
    assert {document.reason for document in library.documents() if document.path == "oar.md"} == {""}


# a source inside another


def test_file_belongs_to_the_innermost_source_and_takes_along_what_it_learned(
    library_of: Callable[[Path], Library], tmp_path: Path
) -> None:
    inner = tmp_path / "vault" / "notes"
    write_heap(inner, 3)
    (inner / "garden.md").write_text(f"{COMPOST}Turn it with a fork, and water it where it is dry.\n")
    library = library_of(tmp_path / "vault")
    library.learn("squeaking frobnicator", library.search("compost", 1)[0].id)
    before = library.subjects()
    library.add(inner)
    report = library.sync()
    assert (report.is_complete, report.away, len(report.added)) == (True, [], 4)
    assert library.subjects() == before
    assert {document.source for document in library.documents()} == {str(inner)}
    assert library.search("squeaking frobnicator", 1)[0].score == 1.0
    library.remove(inner)
    library.sync()
    assert library.subjects() == before


# in several revisions


def write_heap(folder: Path, count: int = 40) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        parts = "".join(f"## Part {part}\nThing{number} has a part{number}x{part}.\n" for part in range(3))
        (folder / f"{number:02}.md").write_text(f"# Heap\n{parts}")


@pytest.fixture
def revisions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dict[str, int]]]:
    """Return a function that syncs and returns what stood in the library after each revision: topics by file."""
    monkeypatch.setattr(instalments, "INSTALMENT", 10)
    monkeypatch.setattr(instalments, "GROWTH", 0.0)
    seen: list[dict[str, int]] = []

    refresh = LocalWriter.refresh

    def landed(writer: LocalWriter, *, is_last: bool) -> None:
        seen.append({document.path: document.topics for document in writer.documents()})
        refresh(writer, is_last=is_last)

    def run(library: Library, *, reembed: bool = False) -> list[dict[str, int]]:
        with monkeypatch.context() as patch:
            patch.setattr(LocalWriter, "refresh", landed)
            library.sync(reembed=reembed)
        return seen

    return run


def test_many_new_notes_come_in_several_revisions_each_of_them_whole(
    library: Library, notes: Path, revisions: Callable[[Library], list[dict[str, int]]]
) -> None:
    before = library.snapshot().revision
    write_heap(notes)
    seen = revisions(library)
    assert len(seen) == library.snapshot().revision - before == 10, "120 passages, and a note has three"
    assert {topics for state in seen for topics in state.values()} == {3}
    assert [len(state) for state in seen] == [5, 9, 13, 17, 21, 25, 29, 33, 37, 41]


def test_later_instalments_are_larger(library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instalments, "INSTALMENT", 10)
    monkeypatch.setattr(instalments, "GROWTH", 1.0)
    write_heap(notes)
    before = library.snapshot().revision
    library.sync()
    assert library.snapshot().revision - before == 5, "12, 12, 24, 48 and the rest"


def test_note_of_which_a_text_stands_in_an_instalment_before_is_embedded_once(
    library: Library, notes: Path, encoder: WordCountEncoder, revisions: Callable[[Library], list[dict[str, int]]]
) -> None:
    write_heap(notes)
    (notes / "twin.md").write_text((notes / "00.md").read_text())
    encoder.encoded.clear()
    revisions(library)
    assert len(encoder.encoded) == len(set(encoder.encoded)) == 120


def test_notes_that_were_moved_keep_their_vectors_though_others_come_first(
    library: Library, notes: Path, encoder: WordCountEncoder, revisions: Callable[[Library], list[dict[str, int]]]
) -> None:
    write_heap(notes / "old", 10)
    library.sync()
    (notes / "old").rename(notes / "then")
    write_heap(notes / "new", 20)
    encoder.encoded.clear()
    revisions(library)
    assert len(encoder.encoded) == 60 - 30, "the text of ten is known"
    with closing(Catalog(library.folder)) as catalog:
        assert len(list(catalog.passage_rows(0))) == catalog.count_passages() == 14 + 90
    assert library.storage.left_over().unused_vectors == 0


def test_change_to_another_model_is_one_revision(
    library: Library, notes: Path, revisions: Callable[..., list[dict[str, int]]]
) -> None:
    write_heap(notes)
    library.sync()
    with closing(Library(library.folder, WordCountEncoder("other", dimension=64))) as other:
        assert len(revisions(other, reembed=True)) == 1
        assert other.search("part7x2", 1)[0].topic.title == "Part 2"


@pytest.fixture
def heap_in_fours(library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a heap of notes beside those of the library, to be taken in four at a time."""
    monkeypatch.setattr(instalments, "INSTALMENT", 10)
    monkeypatch.setattr(instalments, "BATCH", 4)
    write_heap(notes)


@pytest.mark.usefixtures("heap_in_fours")
def test_cancelled_sync_keeps_the_notes_that_it_has_taken_in(library: Library) -> None:

    def cancel(what: str, done: int, total: int) -> None:
        if what == "Embedding" and done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.sync(cancel)
    assert len(library.documents()) == 1 + 20, "five instalments of four notes"
    assert titles(library, "part7x2")[0] == "Part 2"
    report = library.sync()
    assert (len(report.added), report.unchanged, report.embedded) == (20, 21, 56), "a batch of four was embedded"


@pytest.mark.usefixtures("heap_in_fours")
def test_sync_that_is_told_to_stop_keeps_whole_instalments_and_says_so(library: Library) -> None:
    phases: list[tuple[Phase, int, int]] = []

    def is_cancelled() -> bool:
        return any(phase == Phase.EMBEDDING and done > total / 2 for phase, done, total in phases)

    report = library.sync(lambda *told: phases.append(told), is_cancelled)
    assert report.is_cancelled
    assert len(library.documents()) == 1 + 20, "five instalments of four notes"
    assert titles(library, "part7x2")[0] == "Part 2"
    again = library.sync()
    assert not again.is_cancelled
    assert len(again.added) + again.unchanged == 41


def test_sync_that_is_told_to_stop_while_it_reads_changes_nothing(library: Library, notes: Path) -> None:
    revision = library.reader.revision()
    write_heap(notes)
    assert library.sync(is_cancelled=lambda: True).is_cancelled
    assert library.reader.revision() == revision


def test_first_notes_of_many_are_found_before_the_others_are_read(
    tmp_path: Path, encoder: WordCountEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "PREVIEW_FROM", 2_000)
    monkeypatch.setattr(changes, "PREVIEW", 500)
    write_heap(tmp_path / "heap")
    seen: list[int] = []
    with closing(Library(tmp_path / "library", encoder)) as library:
        library.remove("builtin")
        library.add(tmp_path / "heap")
        report = library.sync(lambda what, *_: seen.append(len(library.documents())) if what == "Reading" else None)
        assert seen == [4] * 40, "each has 115 bytes or some more"
        assert (len(report.added), len(library.documents()), report.embedded) == (40, 40, 120 - 12)


def test_note_that_was_found_first_loses_what_most_turn_out_to_share(
    tmp_path: Path, encoder: WordCountEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "PREVIEW_FROM", 2_000)
    write_heap(tmp_path / "heap")
    for file in (tmp_path / "heap").iterdir():
        file.write_text(f"{file.read_text()}\nAll rights reserved.\n")
    with closing(Library(tmp_path / "library", encoder)) as library:
        library.remove("builtin")
        library.add(tmp_path / "heap")
        library.sync()
        shared = [Passage("entry", text) for text in encoder.encoded if "reserved" in text]
        assert shared, "nothing was found first"
        with closing(Catalog(library.folder)) as catalog:
            assert catalog.not_encoded(encoder.name, shared) == shared, "no passage has such a text any more"
            assert len(list(catalog.passage_rows(0))) == 120


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


# patterns


def test_patterns_are_remembered_with_the_source_until_it_is_added_with_others(library: Library, notes: Path) -> None:
    library.add(notes, include=["*.md"], exclude=["drafts/", "*.tmp.md"])
    with closing(Library(library.folder, WordCountEncoder())) as other:
        assert other.reader.patterns(str(notes)) == (("*.md",), ("drafts/", "*.tmp.md"))
    library.add(notes)
    assert library.reader.patterns(str(notes)) == ((), ())
    assert library.sources() == [str(notes)]


def test_file_that_cannot_be_read_is_told_each_time_and_is_news_once(library: Library, notes: Path) -> None:
    (notes / "x.md").symlink_to(notes / "nowhere.md")
    assert not library.sync().is_complete
    revision = library.snapshot().revision
    again = library.sync()
    assert not again.is_complete
    assert library.snapshot().revision == revision
    (notes / "nowhere.md").write_text(COMPOST)
    assert library.sync().is_complete
    assert "Compost" in titles(library, "compost heap")


def test_topics_stand_in_the_order_of_their_note_after_one_was_learned(library: Library) -> None:
    first = next(iter(library.reader.headings().values()))
    library.learn("squeaking frobnicator", first.topic_id)
    assert [heading.title for heading in library.reader.headings().values()] == [
        "Merge conflicts",
        "Canary releases",
        "Decorators",
    ]


def test_library_that_lies_among_its_own_notes_is_no_note(
    library_of: Callable[[Path], Library], tmp_path: Path
) -> None:
    (tmp_path / "garden.md").write_text(COMPOST)
    library = library_of(tmp_path)
    assert [document.path for document in library.documents()] == ["garden.md"]
    assert library.sync().unchanged == 1


def test_pattern_that_means_nothing_is_refused_before_it_is_kept(library: Library, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    with pytest.raises(SourceError, match="#drafts"):
        library.add(tmp_path / "more", exclude=["#drafts"])
    assert str(tmp_path / "more") not in library.sources()
    assert library.sync().is_complete
