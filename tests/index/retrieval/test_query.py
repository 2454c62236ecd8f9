"""A question is taken apart: filters, quoted phrases, code; what is not clearly one of these is text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import QuestionError
from index.library import Library
from index.records import Entry, Topic
from index.retrieval.query import Query, count_contained, parse_query
from tests.index.hostile import texts


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("how do I rebase?", Query("how do I rebase?")),
        ("subject:python how do I rebase?", Query("how do I rebase?", subject="python")),
        ('why  rebase SUBJECT:"Machine Learning"', Query("why rebase", subject="Machine Learning")),
        ("rebase slot:EXAMPLE subject:Git", Query("rebase", subject="Git", slot="Example")),
        ('what is "source  of\ttruth"?', Query('what is "source  of\ttruth"?', phrases=("source of truth",))),
        ("what is “source of truth”?", Query("what is “source of truth”?", phrases=("source of truth",))),
        ("is `==` or `is` right?", Query("is `==` or `is` right?", code=("==", "is"))),
    ],
)
def test_parts_of_a_question_are_told_apart(question: str, expected: Query) -> None:
    assert parse_query(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "the dog's bowl isn't full",
        'what is "this',
        "a `b",
        "``",
        'an "" empty one',
        'a 5" and a 6" disk',
        "say 'single quotes'",
        "error: no such file",
        "which subject: mine or yours?",
        "http://subject:80/",
        'subject:"Machine Learning"x',
    ],
)
def test_what_only_looks_like_a_part_is_text(question: str) -> None:
    assert parse_query(question) == Query(question)


def test_unknown_slot_names_the_three() -> None:
    with pytest.raises(QuestionError, match=r"no slot 'when'. Ask with slot:what, slot:how or slot:example"):
        parse_query("slot:when rebase")


def test_filter_without_a_question_says_what_is_missing() -> None:
    with pytest.raises(QuestionError, match="There is a filter and no question"):
        parse_query("subject:python")


@given(texts())
def test_any_text_without_filters_is_kept_as_it_is(text: str) -> None:
    if ":" not in text:
        assert parse_query(text).text == text.strip()


@given(st.text(alphabet='a"` :“”', max_size=30))
def test_no_literal_is_empty_or_has_white_space_around_it(text: str) -> None:
    query = parse_query(text)
    assert all(literal.strip() == literal != "" for literal in query.literals)


def test_topic_holds_a_phrase_in_any_case_and_over_a_line_break() -> None:
    topic = Topic("Git", "Rebase", (Entry("How", "Rewrite the\n  History.", 2), Entry("What", "Use `--onto`.", 4)), 1)
    assert count_contained(topic, ("the history", "--ONTO", "git > rebase", "history. use")) == 3


@pytest.mark.parametrize(
    "question",
    ["why „the traffic“", "why “the traffic”", "why «the traffic»", "why »the traffic«", "why 「the traffic」"],
)
def test_quotes_of_any_language_quote(question: str) -> None:
    assert parse_query(question).phrases == ("the traffic",)


@pytest.mark.parametrize(
    "literal",
    [
        "we never asked for it",  # across emphasis
        "asked for it, and you",  # across a line of a quote
        "see the manual first",  # across a link
        "the town's own bell - cast",  # typographic signs
        "Ctrl+K opens",  # keys
        "über die brücke",  # another form of Unicode
    ],
)
def test_phrase_is_held_as_a_person_sees_it(literal: str) -> None:
    text = (
        "> We **never** asked\n> for it, _and_ you\n\nSee [the manual](https://example.org/a) *first*.\n"
        "The town’s own bell — cast here. <kbd>Ctrl</kbd>+<kbd>K</kbd> opens. U\u0308ber die Bru\u0308cke."
    )
    topic = Topic("Talk", "Start", (Entry(None, text, 2),), 1)
    assert count_contained(topic, (literal, "example.org/a", "nowhere")) == 2


# in a library


def found(library: Library, question: str) -> list[str]:
    return [hit.topic.title for hit in library.search(question, 5)]


def test_filters_in_the_question_are_those_of_the_search(library: Library) -> None:
    assert found(library, "subject:python merge conflicts") == ["Decorators"]
    [hit] = library.search("slot:how merge conflicts", 1)
    assert max(hit.entry_scores) == hit.entry_scores[1]
    assert min(hit.entry_scores) == -1.0


def test_unknown_subject_in_the_question_names_the_known_ones(library: Library) -> None:
    with pytest.raises(QuestionError, match=r"no subject 'cooking' .* Its subjects: DevOps, Python\."):
        library.search("subject:cooking merge conflicts")


def test_topic_that_holds_the_phrase_comes_before_those_that_hold_its_words(library: Library) -> None:
    assert found(library, "merge conflicts and the users first")[0] == "Merge conflicts"
    assert found(library, 'merge conflicts and "the traffic"')[0] == "Canary releases"
    scores = [hit.score for hit in library.search('merge conflicts and "the traffic"', 5)]
    assert scores == sorted(scores, reverse=True)
    assert (scores[0] > 0.5, scores[1] <= 0.5) == (True, True)


def test_phrase_that_no_topic_holds_changes_nothing(library: Library) -> None:
    plain = [(hit.id, hit.score) for hit in library.search("merge conflicts of releases", 5)]
    quoted = [(hit.id, hit.score) for hit in library.search('merge "conflicts of releases"', 5)]
    assert quoted == plain


def test_code_without_a_letter_is_looked_for_in_the_topics_found_by_words(library: Library, notes: Path) -> None:
    (notes / "compare.md").write_text(
        "# Python\n## Equality\nUse == to compare values.\n## Identity\nUse is to compare objects.\n"
    )
    library.sync()
    assert found(library, "compare objects with ==")[0] == "Identity"
    assert found(library, "compare objects with `==`")[0] == "Equality"
