from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.catalog.tables import Catalog
from index.engine.local import lexical
from index.engine.local.lexical import WORDS, LexicalIndex
from index.library import Library
from index.records import Topic
from index.retrieval import rank_by_words
from index.storage import derived_index
from index.storage.derived_index import DerivedIndex, Manifest
from index.text.words import terms


def words_folder(library: Library) -> Path:
    [folder] = library.folder.glob("words-*/")
    return folder


def add_compost(library: Library, notes: Path) -> None:
    (notes / "garden.md").write_text("# Garden\n## Compost\nTurn the heap.\n")
    library.sync()


def test_share_of_a_topic_that_holds_every_word_is_higher_than_of_one_that_holds_some(library: Library) -> None:
    found = library.lexical().best(list(terms("merge conflicts branch")), 10)
    [first, *others] = found.values()
    assert 0 < first <= 1
    assert all(share < first for share in others)


def test_word_that_no_topic_holds_lowers_every_share(library: Library) -> None:
    known = library.lexical().best(list(terms("merge")), 1)
    unknown = library.lexical().best(list(terms("merge zeppelin")), 1)
    assert list(known) == list(unknown)
    assert next(iter(unknown.values())) < next(iter(known.values()))


def test_topic_that_holds_another_form_has_the_share_of_one_that_holds_the_word(
    tmp_path: Path, library_of: Callable[..., Library]
) -> None:
    (tmp_path / "shed.md").write_text(
        "# Shed\n## X1\nKarte hier.\n## X2\nKarten hier.\n## X3\nHeft hier.\n", encoding="utf-8"
    )
    lexical = library_of(tmp_path / "shed.md").lexical()
    assert len(lexical.best(["kart"], 10)) == 1
    shares = lexical.best(["kart"], 10, forms={"kart": frozenset({"karten"})})
    assert len(shares) == 2
    assert len(set(shares.values())) == 1


def test_question_without_words_finds_nothing(library: Library) -> None:
    assert library.lexical().best([], 10) == {}


def test_catching_up_writes_only_what_is_new_and_leaves_the_files_before_as_they_are(
    library: Library, notes: Path
) -> None:
    before = {path.name: path.stat().st_ino for path in words_folder(library).iterdir()}
    add_compost(library, notes)
    after = {path.name: path.stat().st_ino for path in words_folder(library).iterdir()}
    store = [name for name in before if name.endswith(".store")]
    assert store
    assert all(after[name] == before[name] for name in store)
    assert len(library.lexical()) == 4


def test_disk_without_hard_links_has_its_files_copied(
    library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    add_compost(library, notes)
    assert library.storage.damaged_indexes() == ()
    assert rank_by_words(library.reader, "compost heap", 1) == [4]


def test_reader_that_is_open_keeps_its_revision_when_another_takes_its_place(library: Library, notes: Path) -> None:
    held = library.lexical()
    add_compost(library, notes)
    assert (held.best(["compost"], 1), len(held)) == ({}, 3)


def test_index_whose_files_go_while_a_reader_opens_it_is_not_searched(
    library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest_of, before = derived_index.sound_manifest, words_folder(library)

    def replaced(parent: Path, words: DerivedIndex, catalog: Catalog) -> Manifest | None:
        manifest = manifest_of(parent, words, catalog)
        if not (notes / "garden.md").exists():
            kept = shutil.copytree(before, notes / "kept")
            add_compost(library, notes)
            shutil.move(kept, before)
            next(before.glob("*.pos")).unlink()  # tantivy takes it for empty, and fails at the first question
        return manifest

    with closing(Catalog(library.folder)) as catalog:
        monkeypatch.setattr(derived_index, "sound_manifest", replaced)
        assert LexicalIndex.open(library.folder, catalog).best(["compost"], 1)


def test_index_that_is_torn_is_made_in_memory_by_a_reader_and_on_disk_by_a_writer(library: Library) -> None:
    for path in words_folder(library).iterdir():
        path.write_bytes(b"")
    with closing(Catalog(library.folder)) as catalog:
        assert len(LexicalIndex.open(library.folder, catalog)) == 3
        LexicalIndex.catch_up(library.folder, catalog)
    assert library.storage.damaged_indexes() == ()


def test_index_made_in_memory_while_a_sync_lands_is_of_the_revision_before(
    library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_while_a_sync_lands(last: int) -> Iterator[tuple[int, Topic]]:
        yield from topics_after(last)
        add_compost(library, notes)

    before = library.snapshot().revision
    WORDS.manifest_path(library.folder).unlink()
    with closing(Catalog(library.folder)) as catalog:
        topics_after = catalog.topics_after
        monkeypatch.setattr(catalog, "topics_after", read_while_a_sync_lands)
        assert LexicalIndex.open(library.folder, catalog).revision == before


def test_topic_that_goes_from_a_larger_library_is_neither_found_nor_counted(
    library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault that was: tantivy's Python package deletes no topic by its number, and says nothing."""
    monkeypatch.setattr(lexical, "REMADE_UP_TO", 1)
    monkeypatch.setattr(lexical, "COMPACTED_UP_TO", 1)
    (notes / "more.md").write_text("# More\n\n## More\nMore of it.\n")
    text = (notes / "topics.md").read_text(encoding="utf-8")
    library.sync()
    assert library.lexical().best(["decor"], 5)
    (notes / "topics.md").write_text(text.split("# Python")[0], encoding="utf-8")
    library.sync()
    assert library.lexical().best(["decor"], 5) == {}
    assert len(library.lexical()) == 3
