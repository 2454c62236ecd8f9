"""Words: which carry meaning, and what their forms share."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from index.words import STOP_WORDS, stem, stemmed_words, stems
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
    end_before = 0
    for found, start, end in stemmed_words(text):
        assert end_before <= start < end <= len(text)
        assert found
        assert not any(character.isspace() for character in text[start:end])
        end_before = end
