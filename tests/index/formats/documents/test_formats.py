"""Every format: thirty documents with every heading in its place, as `tests/cases/documents.json` has them.

A heading is written with its place (a page, a slide, a time; a line where the file has lines) and how its text begins.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from index.formats import DocumentReader, Format, document_topics, format_of
from index.formats.registry import FORMATS
from index.sources import name_of
from tests.cases_of import CASES
from tests.index.formats.documents.folder import FILES
from tests.index.formats.documents.making import extract

EXPECTED: dict[str, list[list[Any]]] = json.loads((CASES / "documents.json").read_text(encoding="utf-8"))


def told(name: str, reader: DocumentReader) -> list[list[Any]]:
    """Return the topics of a document: headings, place, and each entry's beginning with its slot."""
    topics = document_topics(extract(FILES[name](), name, reader), name_of(name))
    return [
        [topic.heading_path, dict(topic.anchor) or topic.line, *(entry.text[:120] for entry in topic.entries)]
        for topic in topics
    ]


def test_there_are_thirty_documents_and_some_of_every_format() -> None:
    assert len(FILES) == len(EXPECTED) == 30
    assert {format_of(name) for name in FILES} == set(FORMATS)


@pytest.mark.parametrize("name", FILES)
def test_every_heading_is_in_its_place(name: str, reader: DocumentReader) -> None:
    assert told(name, reader) == EXPECTED[name]


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.module)
def test_a_process_that_has_read_nothing_else_has_all_it_needs(kind: Format) -> None:
    name = next(name for name in FILES if format_of(name) == kind)
    with DocumentReader() as fresh:
        assert extract(FILES[name](), name, fresh).blocks


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.module)
def test_every_format_has_a_module_with_a_reader(kind: Format) -> None:
    from importlib import import_module

    assert callable(import_module(f"index.formats.documents.{kind.module}").read)
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in kind.suffixes)


@pytest.mark.parametrize("name", ["a.html", "a.org", "a.rst", "a.adoc", "a.csv"])
@pytest.mark.parametrize("content", [b"", b"\n", b"One line without a heading.\n"])
def test_text_without_a_heading_is_read_and_an_empty_file_is_no_failure(
    name: str, content: bytes, reader: DocumentReader
) -> None:
    texts = " ".join(block.text for block in extract(content, name, reader).blocks)
    assert ("One line without a heading." in texts) == bool(content.strip())
