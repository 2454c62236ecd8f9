"""Amounts are the same however they are written."""

from __future__ import annotations

import pytest

from assistant.grounding.amounts import amounts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("five minutes", [("5", "min")]),
        ("5 min", [("5", "min")]),
        ("a forty-minute walk", [("40", "min")]),
        ("twenty-five euros", [("25", "€")]),
        ("1,200 g and 1.5 kg", [("1200", "g"), ("1.5", "kg")]),
        ("12 to 14 hours", [("12", ""), ("14", "h")]),
        ("3 per cent of 9 %", [("3", "%"), ("9", "%")]),
        ("half a millimetre", [("0.5", "mm")]),
        ("twice a day", [("2", "d")]),
        ("one of them", []),
        ("one hour", [("1", "h")]),
        ("$20 and 30 °C", [("20", "$"), ("30", "°")]),
        ("on 3 May 2031", []),
        ("Python 3.13 from S3", [("3.13", "")]),
        ("zwei Wochen", [("2", "w")]),
    ],
)
def test_amounts(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(amount.value, amount.unit) for amount in amounts(text)] == expected
