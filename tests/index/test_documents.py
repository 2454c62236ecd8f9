"""Documents in a library: kept with their places, read once, and never in the way of a note."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from index.formats import documents, registry
from index.formats.documents.reader import DocumentReader
from index.indexing import FirstWords
from index.library import Library
from tests.index.formats.documents.making import pages

MANUAL = pages(
    ("Oil", ["The oil of the pump is changed each spring, while the motor is still warm."]),
    ("Chain", ["The chain is cleaned with a brush and dry cloth before it is greased."]),
)


@pytest.fixture
def manuals(tmp_path: Path) -> Path:
    """Return a folder with a note and a document."""
    folder = tmp_path / "manuals"
    folder.mkdir()
    (folder / "pump.pdf").write_bytes(MANUAL)
    (folder / "garden.md").write_text("# Garden\n## Compost\nTurn the heap every month.\n", encoding="utf-8")
    return folder


def statuses(library: Library) -> dict[str, tuple[str, str]]:
    return {document.path: (document.status, document.reason) for document in library.documents()}


def test_a_document_is_found_and_knows_its_page(library_of: Callable[[Path], Library], manuals: Path) -> None:
    [hit, *_] = library_of(manuals).search("clean the chain with a brush")
    assert hit.topic.heading_path == "pump > Chain"
    assert hit.path == "pump.pdf"
    assert hit.topic.anchor == (("page", 2),)
    assert hit.topic.entries[0].location(10).anchor == (("page", 2),)


def test_what_is_kept_of_a_document_names_its_page_in_lists(
    library_of: Callable[[Path], Library], manuals: Path
) -> None:
    headings = library_of(manuals).reader.headings().values()
    assert {heading.title: heading.anchor for heading in headings} == {
        "Oil": (("page", 1),),
        "Chain": (("page", 2),),
        "Compost": (),
    }


def test_a_damaged_document_is_told_once_and_keeps_no_other_from_being_read(
    library_of: Callable[[Path], Library], manuals: Path
) -> None:
    (manuals / "broken.pdf").write_bytes(MANUAL[:300])
    library = library_of(manuals)
    assert statuses(library)["broken.pdf"] == ("skipped", "damaged: no PDF, or not all of one")
    assert statuses(library)["pump.pdf"] == ("indexed", "")
    assert library.sync().read == []


def test_a_document_that_only_changed_its_name_is_not_read_again(
    library_of: Callable[[Path], Library], manuals: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = library_of(manuals)
    before = {heading.title: heading.topic_id for heading in library.reader.headings().values()}
    monkeypatch.setattr(DocumentReader, "read", lambda *_: pytest.fail("it was read"))
    (manuals / "pump.pdf").rename(manuals / "well.pdf")
    shutil.copy(manuals / "well.pdf", manuals / "copy.pdf")
    report = library.sync()
    assert report.embedded == 4  # its headings begin with its name, twice
    found = {(heading.path, heading.subject, heading.title) for heading in library.reader.headings().values()}
    assert found >= {("well.pdf", "well", "Oil"), ("copy.pdf", "copy", "Chain")}
    assert before["Oil"] in {heading.topic_id for heading in library.reader.headings().values()}


def test_without_the_extra_a_document_is_told_with_what_brings_it_and_read_once_that_is_there(
    library_of: Callable[[Path], Library], manuals: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without:
        without.setattr(registry, "_is_installed", lambda _: False)
        library = library_of(manuals)
        status, reason = statuses(library)["pump.pdf"]
        assert status == "skipped"
        assert reason == "needs `pip install 'topic-assistant[documents]'`, which brings what reads PDF"
        assert library.sync().read == []
    assert [change.document.path for change in library.sync().changed] == ["pump.pdf"]
    assert statuses(library)["pump.pdf"] == ("indexed", "")


def test_many_documents_are_read_in_their_order(library_of: Callable[[Path], Library], tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number:02}.pdf").write_bytes(pages((f"Room {number}", [f"Key {number} opens it."])))
    library = library_of(folder)
    assert [heading.title for heading in library.reader.headings().values()] == [
        f"Room {number}" for number in range(12)
    ]


def test_first_words_are_those_of_notes(library_of: Callable[[Path], Library], manuals: Path) -> None:
    words = FirstWords()
    words.read_all(library_of(manuals).compared())
    assert words.files == 1


def test_reading_a_note_loads_nothing_that_reads_documents() -> None:
    import subprocess
    import sys

    script = (
        "import sys; from index.formats import read_note, SUFFIXES; read_note('# A\\nb', 'n');"
        "print([name for name in ('pypdfium2', 'subprocess', 'selectolax') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert documents.__doc__
