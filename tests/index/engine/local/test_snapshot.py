from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from assistant.answering.answering import ask
from index.catalog.tables import Catalog
from index.engine.local.checkpoint import write_checkpoint
from index.engine.local.snapshot import Snapshot
from index.library import Library
from tests.fakes import WordCountEncoder


def load(library: Library, before: Snapshot | None = None) -> Snapshot:
    with closing(Catalog(library.folder)) as catalog:
        return Snapshot.load(catalog, library.folder, before)


def checkpoint(library: Library) -> None:
    with closing(Catalog(library.folder)) as catalog:
        write_checkpoint(library.folder, catalog)


def add_note(library: Library, notes: Path) -> None:
    (notes / "more.md").write_text("# Bread\n\n## Sourdough\nFlour and water ferment.\n")
    library.sync()


def test_a_library_without_a_checkpoint_is_read_from_the_catalog(library: Library) -> None:
    snapshot = load(library)
    assert (len(snapshot.segments), snapshot.base_token) == (1, "")
    assert snapshot.subjects == {"DevOps": 2, "Python": 1}


def test_a_checkpoint_holds_the_same_topics(library: Library) -> None:
    read = load(library)
    checkpoint(library)
    mapped = load(library)
    assert mapped.base_token
    assert mapped.revision == read.revision
    assert mapped.subjects == read.subjects
    assert mapped.common == pytest.approx(read.common, abs=1e-3)


def test_what_came_after_a_checkpoint_is_read_beside_it(library: Library, notes: Path) -> None:
    checkpoint(library)
    add_note(library, notes)
    snapshot = load(library)
    assert len(snapshot.segments) == 2
    assert snapshot.subjects == {"DevOps": 2, "Python": 1, "Bread": 1}


def test_what_went_after_a_checkpoint_is_not_found_in_it(library: Library, notes: Path) -> None:
    add_note(library, notes)
    checkpoint(library)
    (notes / "more.md").unlink()
    library.sync()
    assert load(library).subjects == {"DevOps": 2, "Python": 1}
    assert not load(library).has_title("Sourdough")


def test_an_open_checkpoint_is_not_opened_again(library: Library, notes: Path) -> None:
    checkpoint(library)
    before = load(library)
    add_note(library, notes)
    assert load(library, before).segments[0].columns is before.segments[0].columns


def test_library_with_a_checkpoint_can_be_asked_once_another_model_with_longer_vectors_has_read_it(
    library: Library, encoder: WordCountEncoder
) -> None:
    checkpoint(library)
    with closing(Library(library.folder, WordCountEncoder("longer", dimension=384))) as again:
        again.sync(reembed=True)
        assert ask(again, "merge conflicts").hits[0].topic == "Merge conflicts"
        assert again.snapshot().subjects == {"DevOps": 2, "Python": 1}
