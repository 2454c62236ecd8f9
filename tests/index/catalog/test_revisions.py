"""A catalog that is put back from a copy is never searched with what was made from another past."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from index.catalog.tables import Catalog
from index.engine.local.maintenance import DERIVED_INDEXES
from index.library import Library
from index.retrieval import rank_by_words
from index.storage.database import FILE_NAME
from tests.fakes import WordCountEncoder
from tests.index.syncing import shrink


def write(notes: Path, what: str) -> None:
    for number in range(20):
        (notes / f"{number}.md").write_text(f"# Shed\n## {what} {number}\nThe {what} number {number} hangs there.\n")


def synced(folder: Path) -> int:
    """Sync a library as a process of its own would, and return its revision."""
    with closing(Library(folder, WordCountEncoder())) as library:
        library.sync()
        return library.snapshot().revision


@pytest.fixture
def pasts(library: Library, notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Return a library that knows of rakes, and the catalog of the same one, which has gone on to know of hoses.

    Both are at the same revision, and the library's folder holds the derived indexes of the rakes.
    """
    shrink(monkeypatch)
    write(notes, "bolt")
    library.sync()
    library.close()
    catalog, kept, other = library.folder / FILE_NAME, tmp_path / "kept", tmp_path / "other"
    shutil.copy(catalog, kept)
    write(notes, "hose")
    revision = synced(library.folder)
    shutil.copy(catalog, other)
    shutil.copy(kept, catalog)
    write(notes, "rake")
    assert synced(library.folder) == revision
    return library.folder, other


def test_shadows_of_another_past_are_not_trusted_though_the_revision_is_the_same(pasts: tuple[Path, Path]) -> None:
    folder, other = pasts
    shutil.copy(other, folder / FILE_NAME)
    with closing(Library(folder, WordCountEncoder())) as library:
        assert library.search("hose number 7", 1)[0].topic.title == "hose 7"
        assert library.search("rake number 7", 1)[0].topic.title.startswith("hose"), "no rake is known in this past"
        assert [library.topics([id_])[id_].topic.title for id_ in rank_by_words(library.reader, "hose 7", 1)] == [
            "hose 7"
        ]
        assert rank_by_words(library.reader, "rake", 1) == []
        assert set(library.storage.damaged_indexes()) == {derived.name for derived in DERIVED_INDEXES}
        library.repair()
        assert library.storage.damaged_indexes() == ()


def test_shadows_are_trusted_by_the_past_they_were_made_from(pasts: tuple[Path, Path]) -> None:
    folder, _ = pasts
    with closing(Library(folder, WordCountEncoder())) as library:
        assert library.storage.damaged_indexes() == ()
        assert rank_by_words(library.reader, "hose", 1) == []
    with closing(Catalog(folder)) as catalog:
        assert not catalog.remembers(catalog.revision() - 1, catalog.token())


def test_each_library_has_a_name_of_its_own_that_stays(library: Library, tmp_path: Path) -> None:
    with closing(Library(tmp_path / "other", WordCountEncoder())) as other:
        assert other.reader.id
        assert other.reader.id != library.reader.id
    with closing(Library(library.folder, WordCountEncoder())) as again:
        assert again.reader.id == library.reader.id
