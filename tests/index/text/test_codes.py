"""Numbers, codes and days: held, not held, or another in their place."""

from __future__ import annotations

import pytest

from index.text.codes import number_matches
from tests.cases_of import rows


@pytest.mark.parametrize(("question", "text", "expected"), rows("codes.tsv"))
def test_number_is_held_or_not_and_never_nearly(question: str, text: str, expected: str) -> None:
    held = ", ".join(f"{number} {how.name}" for number, how in number_matches(question, text).items())
    assert held == expected


def test_question_without_a_number_asks_for_none() -> None:
    assert number_matches("ways to knead bread", "Knead it 3 times, on 4 May 2026") == {}
