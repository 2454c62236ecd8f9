"""Sentences: spans that point at them, whatever stands around them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from index.sentences import sentence_spans
from tests.index.hostile import texts


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("It helps, e.g. here, as Dr. Gray said. Done.", ["It helps, e.g. here, as Dr. Gray said.", "Done."]),
        ("Set version 3.11.2 in `setup.cfg`. Then run it.", ["Set version 3.11.2 in `setup.cfg`.", "Then run it."]),
        ("First paragraph\n\nSecond paragraph", ["First paragraph", "Second paragraph"]),
        ("A line\nthat is wrapped. Next.", ["A line\nthat is wrapped.", "Next."]),
        (
            "Rocket \U0001f680 up. \U0001f469\u200d\U0001f4bb codes.",
            ["Rocket \U0001f680 up.", "\U0001f469\u200d\U0001f4bb codes."],
        ),
        ("这是一句话。这是另一句。", ["这是一句话。", "这是另一句。"]),
        ("  no full stop  ", ["no full stop"]),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_spans_are_those_of_the_sentences(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


@settings(deadline=None, max_examples=200)
@given(texts())
def test_spans_of_any_text_follow_one_another_and_leave_out_only_white_space(text: str) -> None:
    end_before = 0
    for start, end in sentence_spans(text):
        assert text[end_before:start].strip() == ""
        assert start < end
        assert text[start:end] == text[start:end].strip()
        end_before = end
    assert text[end_before:].strip() == ""
