"""Words: which carry meaning, and what their forms share."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from index.text.words import (
    STOP_WORDS,
    asked_terms,
    asked_words,
    joined_parts,
    plain_words,
    said_stems,
    spelled_words,
    stem,
    stemmed_words,
    stems,
    terms,
)
from tests.cases_of import rows
from tests.index.hostile import texts


@pytest.mark.parametrize("forms", [("merge", "merges", "merged", "merging"), ("cache", "cached", "caches", "caching")])
def test_forms_of_a_word_share_a_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


def test_different_words_do_not() -> None:
    assert stem("merge") != stem("branch")
    assert not stems("merge") & stems("rebase")


def test_case_possessives_and_curly_apostrophes_make_no_difference() -> None:
    assert stems("Git's GIT git\u2019s") == {"git"}


def test_how_a_question_is_put_carries_no_meaning() -> None:
    assert stems("How do I, please? What's that, and why can't it?") == frozenset()


def test_every_stop_word_is_left_out() -> None:
    assert stems(" ".join(STOP_WORDS)) == frozenset()


def test_words_of_other_scripts_and_numbers_are_words() -> None:
    assert stems("Python 3 \u043f\u0440\u0438\u0432\u0435\u0442") == {
        "python",
        "3",
        "\u043f\u0440\u0438\u0432\u0435\u0442",
    }


def test_a_code_name_keeps_its_underscores_and_parts_at_other_signs() -> None:
    assert stems("`__iter__` gitlab-backup st.cache") == {"__iter__", "gitlab", "backup", "st", "cach"}


def test_words_come_in_order_with_their_spans() -> None:
    text = "The merges, and Rebases!"
    assert [(found, text[start:end]) for found, start, end in stemmed_words(text)] == [
        ("merg", "merges"),
        ("rebas", "Rebases"),
    ]


@settings(deadline=None, max_examples=200)
@given(texts())
def test_spans_of_any_text_are_in_order_and_each_holds_one_word(text: str) -> None:
    """Only pairs of signs of scripts without spaces overlap, by one sign."""
    end_before = start_before = 0
    for found, start, end in stemmed_words(text):
        assert (end_before if text.isascii() else start_before) <= start < end <= len(text)
        assert found
        assert not any(character.isspace() for character in text[start:end])
        end_before, start_before = end, start + 1


@pytest.mark.parametrize(("question", "note", "missing"), rows("held.tsv"))
def test_note_holds_a_word_however_it_writes_it(question: str, note: str, missing: str) -> None:
    """What a note does not say is not found either: index and coverage read words alike."""
    found_by, said = set(terms(note)), said_stems(note)
    said |= joined_parts(question, said)
    asked = stemmed_words(question)
    assert [word.stem for word in asked if word.stem not in said] == missing.split()
    assert bool(found_by.intersection(terms(question))) == (
        missing.split() != [w.stem for w in stemmed_words(question)]
    )


def test_where_only_stop_words_are_left_those_count_that_are_names() -> None:
    assert [word.stem for word in asked_words("how is the who?", {"who"}.__contains__)] == ["who"]
    assert [word.stem for word in asked_words("how is the band?", {"who"}.__contains__)] == ["band"]
    assert asked_terms("how is the who?", {"who"}.__contains__) == ["who"]


@pytest.mark.parametrize("text", ["MAKE", "we MAKE it", "use Make", "in May"])
def test_stop_word_written_as_a_name_is_a_word(text: str) -> None:
    assert stems(text) & {"make", "may"}


@pytest.mark.parametrize("text", ["Make tea", "I may", "may I", "Cats And Dogs", "and so I'm", "a. May I"])
def test_capital_at_the_start_or_in_a_title_makes_no_name(text: str) -> None:
    assert not stems(text) & {"make", "may", "and", "i", "i'm"}


def test_single_signs_find_runs_but_are_no_words_of_their_own() -> None:
    assert list(terms("暗証番号")) == ["暗証", "証番", "番号", "暗", "証", "番", "号"]
    assert stems("暗証番号") == {"暗証", "証番", "番号"}


def test_word_with_accents_is_found_with_and_without_them() -> None:
    assert list(terms("Crème")) == ["creme", "crème"]
    assert set(terms("Creme")) < set(terms("Crème"))


def test_runs_are_neither_spelled_nor_offered_for_spelling() -> None:
    assert list(plain_words("iPhone 暗証番号 Höhe")) == ["iphone", "höhe"]
    assert [word for word, *_ in spelled_words("暗証番号 Höhe up-dated")] == ["höhe", "dated"]
