"""Documents that are broken, hostile or odd: each is told or read, and none ends anything but itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.formats import DocumentReader, Limits, Unreadable, document_topics
from index.sources import find_files, read_document
from tests.index.formats.documents.hostile import ODD, Odd
from tests.index.formats.documents.making import extract, pages


def test_there_are_more_than_thirty() -> None:
    assert len(ODD) > 30
    assert len({odd.name for odd in ODD}) == len(ODD)


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.name)
def test_a_document_that_is_not_as_others_are_is_told_or_read(odd: Odd, reader: DocumentReader) -> None:
    content = odd.made()
    if odd.told:
        with pytest.raises(Unreadable) as raised:
            extract(content, odd.name, reader)
        assert str(raised.value).startswith(odd.told)
        return
    read = extract(content, odd.name, reader)
    text = "\n".join(entry.text for topic in document_topics(read, "odd") for entry in topic.entries)
    assert odd.text in text
    assert odd.unread not in text
    assert read.problem == odd.problem


def test_pages_beyond_the_limit_are_not_read_and_that_is_told() -> None:
    content = pages(*((f"Room {number}", [f"Key {number} opens it."]) for number in range(1, 6)))
    with DocumentReader(Limits(pages=3)) as narrow:
        read = extract(content, "rooms.pdf", narrow)
    assert read.problem == "read in part: the first 3 of 5 pages"
    assert [block.text for block in read.blocks if block.level] == ["Room 1", "Room 2", "Room 3"]


def test_a_file_that_is_too_large_is_not_even_opened(reader: DocumentReader, tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    with file.open("wb") as opened:
        opened.truncate(51 * 2**20)
    [found] = find_files(file)
    document = read_document(found, reader)
    assert (document.status, document.reason) == ("skipped", "too large: 51.0 MiB, of at most 50.0 MiB")
