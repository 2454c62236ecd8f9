"""How much new text comes in several revisions, each note whole in one of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from index.catalog.tables import Catalog
from index.engine.local.storage import LocalWriter
from index.indexing import changes, instalments
from index.library import Library
from index.progress import Phase
from index.records import Passage
from tests.fakes import WordCountEncoder
from tests.index.indexing.heap import titles, write_heap
from tests.libraries import reading_only


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
        reading_only(library, tmp_path / "heap")
        shared = [Passage("entry", text) for text in encoder.encoded if "reserved" in text]
        assert shared, "nothing was found first"
        with closing(Catalog(library.folder)) as catalog:
            assert catalog.not_encoded(encoder.name, shared) == shared, "no passage has such a text any more"
            assert len(list(catalog.passage_rows(0))) == 120
