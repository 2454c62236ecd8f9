"""What is said of an answer."""

from __future__ import annotations

import pytest

from assistant.answer import Stand, TopicResult, confidence_words, passage_of

ENTRY = "Oil the gate.\n\nClean the pump,\nthen grease it."
THIRD_LINE = ENTRY.index("Clean")


def card(path: str, *stands: Stand) -> TopicResult:
    """Return a topic whose entry begins in line 5 of its file."""
    return TopicResult("id", "House", "Care", "How", 0.5, ENTRY, (), (), path, 5, {"How": ENTRY}, stands=stands)


def test_passage_begins_in_the_line_of_the_note_where_its_text_does() -> None:
    passages = [passage_of(card("house.md"), (start, len(ENTRY)), ENTRY[start:]) for start in (0, THIRD_LINE)]
    assert [passage.location for passage in passages] == ["house.md:5", "house.md:7"]


def test_passage_of_a_file_of_lines_is_in_the_line_of_its_topic() -> None:
    assert passage_of(card("house.jsonl"), (THIRD_LINE, len(ENTRY)), "Clean the pump").line == 5


def test_passage_of_a_document_is_on_the_page_where_it_begins() -> None:
    document = card("house.pdf", Stand(0, 5, {"page": 2}), Stand(THIRD_LINE, 9, {"page": 3}))
    spans = [(0, 13), (THIRD_LINE, len(ENTRY)), (ENTRY.index("then"), len(ENTRY))]
    passages = [passage_of(document, span, "") for span in spans]
    assert [(passage.line, passage.anchor) for passage in passages] == [
        (5, {"page": 2}),
        (9, {"page": 3}),
        (10, {"page": 3}),
    ]


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (1.0, ("very likely", "99\u00a0%")),
        (0.72, ("likely", "72\u00a0%")),
        (0.5, ("possibly", "50\u00a0%")),
    ],
)
def test_confidence_is_told_in_words_and_as_a_number(confidence: float, words: tuple[str, str]) -> None:
    assert confidence_words(confidence) == words
