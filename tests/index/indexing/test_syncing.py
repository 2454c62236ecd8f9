"""What a sync reads, embeds and forgets."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from index.catalog.tables import Catalog
from index.errors import LibraryModelError, SourceError
from index.library import Library
from index.retrieval import rank_by_meaning, rank_by_words
from index.storage import database
from tests.fakes import WordCountEncoder
from tests.index.indexing.heap import COMPOST, LONG, titles, write_heap

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


def test_another_model_is_refused_until_all_is_to_be_embedded_by_it(library: Library, notes: Path) -> None:
    (notes / "new.md").write_text(COMPOST)
    with closing(Library(library.folder, WordCountEncoder("other"))) as other:
        with pytest.raises(LibraryModelError, match=r"made with the model 'word-count', not 'other'"):
            other.sync()
        assert [len(library.documents()), library.model] == [1, "word-count"]
        assert other.sync(reembed=True).added
    assert [len(library.documents()), library.model] == [2, "other"]


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


# what is gone


def test_passages_of_a_deleted_file_are_in_no_answer(library: Library, notes: Path) -> None:
    (notes / "garden.md").write_text(COMPOST)
    library.sync()
    (notes / "garden.md").unlink()
    library.sync()
    question = "how often do I turn the compost heap?"
    assert "Compost" not in titles(library, question)
    assert "Garden" not in library.subjects()
    assert len(rank_by_words(library.reader, question, 10)) < 4
    assert len(rank_by_meaning(library.reader, library.encoder, question, 10)) == 3
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


# which sources there are


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


def test_patterns_are_remembered_with_the_source_until_it_is_added_with_others(library: Library, notes: Path) -> None:
    library.add(notes, include=["*.md"], exclude=["drafts/", "*.tmp.md"])
    with closing(Library(library.folder, WordCountEncoder())) as other:
        assert other.reader.patterns(str(notes)) == (("*.md",), ("drafts/", "*.tmp.md"))
    library.add(notes)
    assert library.reader.patterns(str(notes)) == ((), ())
    assert library.sources() == [str(notes)]


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
