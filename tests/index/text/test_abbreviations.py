"""Abbreviations that texts explain, and questions with the other name."""

from __future__ import annotations

import pytest

from index.text.abbreviations import abbreviations, renamed

EXPLAINED = ["The **Very Large Queue** (VLQ) is full.", "Ask the NRB (Night Repair Bench)."]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Head of the Order of Old Bells (OOB)", [("Order of Old Bells", "OOB")]),
        ("OOB (Order of Old Bells)", [("Order of Old Bells", "OOB")]),
        ("Heating Circuit Pump (HeCiP)", [("Heating Circuit Pump", "HeCiP")]),
        ("Heating Circuit Pump (HePuC)", []),
        ("a bell (OOB)", []),
        ("very much (see OOB) or (A)", []),
        ("Red Oak Room (RX)", []),
    ],
)
def test_abbreviation_is_explained_by_the_words_it_is_made_of(text: str, found: list[tuple[str, str]]) -> None:
    assert [tuple(known) for known in abbreviations(text)] == found


@pytest.mark.parametrize(
    ("question", "renamed_to"),
    [
        ("how full is the very  large queue?", "how full is the VLQ?"),
        ("how full is the vlq?", "how full is the Very Large Queue?"),
        ("is the Very Large Queue (VLQ) full?", None),
        ("how large is the queue?", None),
        ("where is the night repair bench", "where is the NRB"),
    ],
)
def test_question_is_asked_by_the_other_name(question: str, renamed_to: str | None) -> None:
    other = renamed(question, [text.replace("*", "") for text in EXPLAINED])
    assert (other and other.text) == renamed_to
