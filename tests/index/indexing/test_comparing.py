"""By what a file is known again, and when it is read anew."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest

from index.catalog.tables import Catalog
from index.indexing import comparing
from index.library import Library
from index.records import Document
from tests.index.indexing.heap import COMPOST, titles


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
