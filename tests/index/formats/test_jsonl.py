"""Lines of JSON: what makes a topic, and what is said of the lines that do not."""

from __future__ import annotations

import json
from io import BufferedReader, BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats.jsonl import MAX_LINE, read_jsonl
from index.records import Entry, Topic
from index.text.encodings import LATIN_1


def read(content: bytes | str) -> tuple[tuple[Topic, ...], str]:
    raw = content.encode() if isinstance(content, str) else content
    return read_jsonl(BufferedReader(BytesIO(raw)), "corpus")


def test_a_line_is_a_topic_with_its_id_title_and_text() -> None:
    topics, problem = read('{"_id": "d1", "title": "Rebase", "text": "Replays commits.", "url": "x", "tags": []}\n')
    assert topics == (Topic("corpus", "Rebase", (Entry(None, "Replays commits.", 1),), 1, id="d1"),)
    assert problem == ""


@pytest.mark.parametrize(
    ("id_", "kept"),
    [("7", "7"), ('"7"', "7"), ("7.5", "7.5"), ("null", ""), ("true", ""), ("[1]", ""), ('"\\ud800"', "?")],
)
def test_an_id_is_a_text_or_a_number(id_: str, kept: str) -> None:
    [topic], _ = read(f'{{"_id": {id_}, "text": "Text."}}')
    assert topic.id == kept


def test_a_text_without_a_title_gives_its_beginning_and_a_title_without_a_text_is_its_own() -> None:
    topics, problem = read(
        '{"text": "**Replays** commits.\\nOne by one."}\n{"title": "Re\\nbase"}\n{"title": "A", "text": null}'
    )
    assert [(topic.title, topic.entries[0].text) for topic in topics] == [
        ("Replays commits.", "**Replays** commits.\nOne by one."),
        ("Re base", "Re base"),
        ("A", "A"),
    ]
    assert problem == ""


def test_lines_that_are_no_documents_are_passed_over_and_told() -> None:
    lines = [
        '{"text": "One."}',
        "{broken",
        "[1, 2]",
        "",
        '{"title": "", "text": " "}',
        '{"text": ["no"]}',
        "[" * 100_000,
    ]
    topics, problem = read("\n".join(lines))
    assert [topic.title for topic in topics] == ["One."]
    assert problem == (
        "3 of its lines: not a JSON object, passed over (lines 2, 3, 7); "
        "2 of its lines: without a text, passed over (lines 5, 6)"
    )


def test_ids_that_repeat_are_told_apart() -> None:
    topics, problem = read("\n".join(f'{{"_id": "{id_}", "text": "T"}}' for id_ in ("a", "a", "a-2", "a", "b")))
    assert [topic.id for topic in topics] == ["a", "a-2", "a-2-2", "a-3", "b"]
    assert problem == "3 of its lines: with an _id that came before, told apart by a number (lines 2, 3, 4)"


def test_only_a_few_lines_with_the_same_problem_are_named() -> None:
    assert read("x\n" * 5)[1] == "5 of its lines: not a JSON object, passed over (lines 1, 2, 3, …)"


def test_a_line_that_is_too_long_is_passed_over_and_the_next_one_read() -> None:
    long = json.dumps({"text": "x" * (2 * MAX_LINE)})
    topics, problem = read(f'{long}\n{{"text": "Two."}}\n')
    assert [(topic.title, topic.line) for topic in topics] == [("Two.", 2)]
    assert problem == "1 of its lines: longer than 4 MiB, passed over (line 1)"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_lines_are_read_in_the_encodings_that_notes_come_in(encoding: str) -> None:
    topics, problem = read('{"text": "café"}\r\n{"text": "naïve"}\r\n'.encode(encoding))
    assert [topic.title for topic in topics] == ["café", "naïve"]
    assert problem == ""


def test_a_line_that_is_not_utf8_is_read_as_latin_1_and_told() -> None:
    topics, problem = read(b'{"text": "caf\xc3\xa9"}\n{"text": "caf\xe9"}\n')
    assert [topic.title for topic in topics] == ["café", "café"]
    assert problem == f"1 of its lines: {LATIN_1} (line 2)"


@given(
    st.binary()
    | st.lists(st.text() | st.from_type(dict).map(repr)).map("\n".join).map(lambda t: t.encode("utf-8", "replace"))
)
def test_no_bytes_make_it_fail(content: bytes) -> None:
    topics, _ = read(content)
    assert all(topic.title and topic.entries[0].text for topic in topics)
