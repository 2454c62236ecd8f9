"""A word is found in the spelling of the other English, and words that only look alike stay apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.library import Library
from index.text.regional_spelling import RULES, SpellingRule, regional_spellings, spelling_forms


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.example[0])
def test_each_rule_reads_its_example_both_ways(rule: SpellingRule) -> None:
    british, american = rule.example
    assert [*regional_spellings(british)] == [american]
    assert [*regional_spellings(american)] == [british]


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("odor", "odour"),
        ("synchronization", "synchronisation"),
        ("analyser", "analyzer"),
        ("labeling", "labelling"),
        ("centres", "centers"),
        ("kilometers", "kilometres"),
        ("grayscale", "greyscale"),
        ("fulfilment", "fulfillment"),
    ],
)
def test_word_has_one_other_spelling(word: str, other: str) -> None:
    assert [*regional_spellings(word)] == [other]
    assert [*regional_spellings(other)] == [word]


@pytest.mark.parametrize("word", ["filling", "filing", "tour", "four", "metre", "cheque", "size", "story"])
def test_word_of_one_syllable_or_two_meanings_has_none(word: str) -> None:
    assert [*regional_spellings(word)] == []


def test_both_spellings_in_a_library_are_forms_of_a_word() -> None:
    assert spelling_forms("labor laws", {"labor", "labour", "law"}.__contains__) == {"labor": frozenset({"labour"})}


def test_word_of_another_language_keeps_its_spelling() -> None:
    assert spelling_forms("wo ist das Labor und wer hat den Schlüssel?", {"labor", "labour"}.__contains__) == {}


@pytest.mark.parametrize("also", ["", "## Paint\n\nThe color of the door came from a tin.\n"], ids=["one", "both"])
def test_question_finds_a_note_in_the_other_spelling(
    library_of: Callable[[Path], Library], tmp_path: Path, also: str
) -> None:
    """Whether the library holds one spelling or both."""
    note = tmp_path / "hall.md"
    note.write_text(f"# Hall\n\n## Wires\n\nThe earth wire has two colours.\n\n{also}", encoding="utf-8")
    results = library_of(note).find("which color has the earth wire?", 2)
    assert results.hits[0].topic.title == "Wires"
    assert results.terms_alone.are_in({"colour", "earth", "wire"}).all()
