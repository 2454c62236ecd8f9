"""Sentences: spans that point at them, whatever stands around them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings

from index.markdown.plain import visible_text
from index.markdown.sentences import sentence_spans
from tests.index.hostile import texts

CASES = (Path(__file__).parents[2] / "cases" / "sentences.txt").read_text(encoding="utf-8").split("\n=====\n")
"""Texts with each sentence between brackets."""


@pytest.mark.parametrize("case", CASES)
def test_sentences_are_those_between_the_brackets(case: str) -> None:
    text = re.sub("[⟦⟧]", "", case)
    assert [text[start:end] for start, end in sentence_spans(text)] == re.findall("⟦(.*?)⟧", case, re.DOTALL)


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_text_without_words_has_no_sentence(text: str) -> None:
    assert sentence_spans(text) == []


@settings(deadline=None, max_examples=200)
@given(texts())
def test_spans_of_any_text_follow_one_another_and_leave_out_only_marks_and_what_is_not_seen(text: str) -> None:
    left_out = re.compile(
        r"""(?:[\s>#*+=|:_~-]|\d+[.)]
        |\[![^\n]*?\][-+]?  # the mark of a callout
        |\#[^\W\d][\w/-]*   # a tag
        |^[^\n]*\n[ \t>]*[|:]*-[ \t|:-]*$)*  # the head of a table and what is below it
        """,
        re.VERBOSE | re.MULTILINE,
    )
    end_before = 0
    for start, end in [*sentence_spans(text), (len(text), len(text))]:
        between = text[end_before:start]
        assert left_out.fullmatch(between) or left_out.fullmatch(visible_text(between))
        assert text[start:end] == text[start:end].strip()
        assert start < end or end == len(text)
        end_before = end


def test_space_of_several_bytes_is_space_like_any_other() -> None:
    text = "\xa0.K\t\xa0.K\xa0.K"  # sentencex takes it for one byte, and panics
    assert "".join(text[start:end] for start, end in sentence_spans(text)).count("K") == 3


def test_body_of_an_admonition_is_sentences() -> None:
    text = '!!! warning "Not dry"\n\n    Seals burn. Stop it.\n\n??? tip\n    Oil it.'
    assert [text[slice(*span)] for span in sentence_spans(text)] == ["Not dry", "Seals burn.", "Stop it.", "Oil it."]


@pytest.mark.parametrize("after", ["", "\nThat is all."])
def test_no_sentence_begins_or_ends_within_a_formula(after: str) -> None:
    text = "$$\n\\begin{align}\n&Area(circle) = x. \\\\\n&Then(x) = y.\n\\end{align}\n$$" + after
    assert sentence_spans(text) == [(0, len(text))]
