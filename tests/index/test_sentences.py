"""Sentences: spans that point at them, whatever stands around them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings

from index.plain import visible_text
from index.sentences import INTRODUCED, sentence_spans, with_introduced
from tests.index.hostile import texts

CASES = (Path(__file__).parents[1] / "cases" / "sentences.txt").read_text(encoding="utf-8").split("\n=====\n")
"""Texts with each sentence between brackets."""


@pytest.mark.parametrize("case", CASES)
def test_sentences_are_those_between_the_brackets(case: str) -> None:
    text = re.sub("[⟦⟧]", "", case)
    assert [text[start:end] for start, end in sentence_spans(text)] == re.findall("⟦(.*?)⟧", case, re.DOTALL)


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_text_without_words_has_no_sentence(text: str) -> None:
    assert sentence_spans(text) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Who pays:\n\n- Ann\n- Bob\n\nNobody else.", "Who pays:\n\n- Ann\n- Bob"),
        ("*Who pays:*\n```sql\nSELECT 1\n\nFROM x\n```\nThat.", "*Who pays:*\n```sql\nSELECT 1\n\nFROM x\n```"),
        ("Who pays：\n| a | b |\n|---|---|\n| 1 | 2 |", "Who pays：\n| a | b |\n|---|---|\n| 1 | 2 |"),
        ("1. Who pays:\n   - Ann\n2. Who asks", "Who pays:\n   - Ann"),
        ("Who pays:\n\nAnn.\n\n- Bob", "Who pays:"),
        ("Who pays\n\n- Ann", "Who pays"),
        ("Who pays\n```sql\nSELECT 1\n```", "Who pays\n```sql\nSELECT 1\n```"),
        ("They pay.\n```sql\nSELECT 1\n```", "They pay."),
    ],
)
def test_a_sentence_is_shown_with_what_it_introduces(text: str, shown: str) -> None:
    assert text[slice(*with_introduced(text, sentence_spans(text)[0]))] == shown


def test_of_a_long_list_the_lines_that_fit_are_shown_and_of_a_long_line_all() -> None:
    line = "- " + "x" * (INTRODUCED // 2 - 12)  # two of them and their line ends fit, three don't
    text = "Such:\n" + "\n".join([line] * 4)
    assert text[slice(*with_introduced(text, (0, 5)))] == f"Such:\n{line}\n{line}"
    long = "- " + "x" * INTRODUCED
    assert with_introduced(f"Such:\n{long}\n- y", (0, 5)) == (0, 6 + len(long))
    assert with_introduced(f"Such:\n{long}", (0, 5)) == (0, 6 + len(long))


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
