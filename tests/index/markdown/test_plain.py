"""What a person sees: each sign of Markdown and its kin, and what no text may do."""

from __future__ import annotations

import json
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.markdown.plain import visible, visible_text, visible_title
from tests.index.hostile import FRAGMENTS, texts

CASES = json.loads((Path(__file__).parents[2] / "cases" / "plain.json").read_text(encoding="utf-8"))
"""What is written and what is seen of it; white space in a row counts as one space."""


@pytest.mark.parametrize(("written", "seen"), CASES, ids=[written for written, _ in CASES])
def test_a_sign_is_read_as_a_person_sees_it(written: str, seen: str) -> None:
    assert " ".join(visible_text(written).split()) == seen


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("The `is` operator", "The `is` operator"),
        ("[**Rebase**](rebase.md) &amp; merge", "Rebase & merge"),
        ("[[Git|Version control]] ^v1", "Version control"),
        ('Set-up <a name="setup"></a>', "Set-up"),
        ("<img src=logo.png> Topics {#topics}", "Topics"),
    ],
)
def test_a_title_is_what_is_seen_with_its_code_marked(heading: str, title: str) -> None:
    assert visible_title(heading) == title


def test_code_and_tables_are_blocks() -> None:
    seen = visible("Text.\n\n```sh\na **b**\n```\n\n| *c* | `d|e` |\n|---|---|\n| f | g |\n\nMore.")
    assert [seen.text[start:end].split() for start, end in seen.blocks] == [["a", "**b**"], ["c", "d|e", "f", "g"]]


def test_a_span_of_what_is_seen_comes_from_the_stretch_around_it() -> None:
    written = "**Bold** [link](https://example.org) &lt;end."
    seen = visible(written)
    assert seen.text == "Bold link <end."
    assert seen.source_span(0, 15) == (0, len(written))
    start, end = seen.source_span(5, 9)
    assert written[start:end] == "[link"
    start, end = seen.source_span(9, 15)
    assert written[start:end] == "](https://example.org) &lt;end."


@settings(deadline=None, max_examples=300)
@given(texts())
def test_spans_that_touch_come_from_spans_that_do_whatever_the_text_holds(text: str) -> None:
    seen = visible(text)
    assert seen.text == visible_text(text)
    length = len(seen.text)
    spans = [seen.source_span(start, start + 1) for start in range(length)] or [seen.source_span(0, 0)]
    assert spans[0][0] == 0
    assert spans[-1][1] == len(text)
    assert all(start <= end for start, end in spans)
    assert all(end == start for (_, end), (start, _) in pairwise(spans))


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters(categories=["L", "N", "Zs"], include_characters=".,;?\n")))
def test_prose_without_signs_is_seen_as_it_is(text: str) -> None:
    prose = "\n".join(line.lstrip() if line.lstrip()[:1].isdigit() else line for line in text.split("\n"))
    prose = "".join(char for char in prose if not char.isdigit())
    assert visible_text(prose) == prose


SIGNS = [
    *FRAGMENTS,
    "<!--",
    "<% ",
    "<script>",
    "%%",
    " %%",
    "[[",
    "[[a|",
    "![",
    "[a](",
    "[a](<",
    "<a =",
    "{#",
    "{{<",
    " ^a",
    "a|b\n",
    "&",
]


@pytest.mark.parametrize("sign", SIGNS)
def test_the_time_grows_with_the_text_whatever_it_repeats(sign: str) -> None:
    text = sign * (200_000 // len(sign))
    started = time.process_time()
    visible(text)
    assert time.process_time() - started < 10  # a second at most here; what grows with its square takes minutes


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ('!!! warning "Not dry"\n\n    Seals burn.', '"Not dry" Seals burn.'),
        ("??? tip\n    Oil it.", "tip Oil it."),
        (r"It is \(a+b\), \(see below\).", r"It is \(a+b\), (see below)."),
        ("- [-] paint\n- [!] renew", "paint renew"),
        ("<!-- a <!-- b -->c", "c"),
        ('[a](https://example.org/x "it\'s (new)")', "a"),
    ],
)
def test_what_other_programs_write_is_read_as_it_is_shown(written: str, seen: str) -> None:
    assert " ".join(visible_text(written).split()) == seen
