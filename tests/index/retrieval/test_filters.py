"""What a question says of where to look, and the question without it."""

from __future__ import annotations

from datetime import date

import pytest

from index.errors import QuestionError
from index.formats import SUFFIXES
from index.records import NoteFilter
from index.retrieval import parse_query
from index.retrieval.filters import filter_text, filter_tokens, narrowed, parse_filters

TODAY = date(2026, 11, 29)
"""A Sunday."""


def days(text: str) -> tuple[str, str]:
    notes = narrowed(text, TODAY, lambda _: False).notes
    return tuple(day.isoformat() if day else "" for day in (notes.after, notes.before))  # type: ignore[return-value]


def test_filters_are_taken_out_of_a_question_wherever_they_stand() -> None:
    found = narrowed('Folder:recipes/bread how do I tag:"sour dough" knead tag:rye? kind:PDF', TODAY, lambda _: False)
    assert found.text == "how do I knead"
    assert found.notes == NoteFilter(("recipes/bread",), ("sour dough", "rye"), kinds=("pdf",))
    assert narrowed("source:work slot:how subject:Git rebase", TODAY, lambda _: False).notes.sources == ("work",)


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_whatever_is_read_is_searched_by_its_suffix_and_by_its_kind(suffix: str) -> None:
    by_suffix, notes = narrowed(f"what is due? kind:{suffix}", TODAY, lambda _: False)[::3]
    assert by_suffix == "what is due?"
    assert narrowed(f"what is due? kind:{notes.kinds[0]}", TODAY, lambda _: False).notes == notes


def test_formats_of_one_kind_are_found_together() -> None:
    assert narrowed("what is due? kind:mbox", TODAY, lambda _: False).notes == NoteFilter(kinds=("mail",))


@pytest.mark.parametrize(
    ("text", "after", "before"),
    [
        ("x after:2026-09", "2026-09-01", ""),
        ("x before:2026-10", "", "2026-10-01"),
        ("x after:2025 before:2026-02-03", "2025-01-01", "2026-02-03"),
        ("x date:2026-09-14", "2026-09-14", "2026-09-15"),
        ('x after:"last week"', "2026-11-16", ""),
        ("x since:yesterday", "2026-11-28", ""),
        ('x date:"september 2026"', "2026-09-01", "2026-10-01"),
        ("last week's note on rye", "2026-11-16", "2026-11-23"),
        ("what did I do last week?", "2026-11-16", "2026-11-23"),
        ("What happened in the last 3 days?", "2026-11-26", "2026-11-30"),
        ("which notes from last month speak of rye?", "2026-10-01", "2026-11-01"),
        ("notes I wrote this week about rye", "2026-11-23", "2026-11-30"),
        ("notes edited in the last 3 days on rye", "2026-11-26", "2026-11-30"),
        ("x after:2026-09 after:2026-11", "2026-11-01", ""),
    ],
)
def test_days_are_understood_as_people_write_them(text: str, after: str, before: str) -> None:
    assert days(text) == (after, before)


@pytest.mark.parametrize(
    "text",
    [
        "what does kind:Deployment mean?",
        "what comes after:lunch",
        "in the last week of pregnancy, what do I pack?",
        "what did I eat last week?",
        "how do I run tar -xz on Linux?",
        "why does git commit --amend fail?",
        'what is "tag -name"?',
        "a-b or c - d",
    ],
)
def test_what_no_filter_can_mean_stays_text(text: str) -> None:
    assert narrowed(text, TODAY, lambda _: False).text == text


def test_word_is_left_out_unless_the_notes_write_it_with_its_hyphen() -> None:
    found = narrowed("bread -sourdough", TODAY, {"-name"}.__contains__)
    assert (found.text, found.notes.without) == ("bread", ("sourdough",))
    assert narrowed("find -name", TODAY, {"-name"}.__contains__).text == "find -name"


def test_filter_without_a_question_is_refused_with_an_example() -> None:
    with pytest.raises(QuestionError, match="add one, as in  tag:bread what is it"):
        parse_query("tag:bread", today=TODAY)
    with pytest.raises(QuestionError, match="add one, as in  slot:how what is it"):
        narrowed("slot:how", TODAY, lambda _: False)
    assert narrowed("last week's notes", TODAY, lambda _: False).text == ""


def test_filters_alone_are_read_as_they_are_written_and_nothing_else_is() -> None:
    text = " ".join((filter_text("folder", "my notes"), filter_text("tag", "rye"), "-wheat", 'after:"last week"'))
    found = parse_filters(text, TODAY)
    assert found == NoteFilter(("my notes",), ("rye",), after=date(2026, 11, 16), without=("wheat",))
    assert filter_tokens(text) == ['folder:"my notes"', "tag:rye", 'after:"last week"', "-wheat"]
    assert not parse_filters("", TODAY)
    with pytest.raises(QuestionError, match="'bread' is no filter"):
        parse_filters("tag:rye bread", TODAY)


def test_two_filters_together_ask_for_both() -> None:
    both = NoteFilter(tags=("rye",), after=date(2026, 1, 1)) & NoteFilter(tags=("wheat",), after=date(2026, 2, 1))
    assert both == NoteFilter(tags=("rye", "wheat"), after=date(2026, 2, 1))
