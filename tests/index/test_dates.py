"""Dates: the same day, however it is written."""

from __future__ import annotations

import pytest

from index.dates import days, spelled_out


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-20",
        "20.3.2026",
        "20.03.2026",
        "20 March",
        "the 20th of March, 2026",
        "20. März 2026",
        "March 20th",
        "Mar. 20, 2026",
        "on 20 mar",
    ],
)
def test_day_is_the_same_however_it_is_written(text: str) -> None:
    assert list(days(text)) == ["03-20"]


@pytest.mark.parametrize(
    "text",
    ["2026-13-01", "31.2.2026", "March 2026", "market 20", "v1.2.3", "120 March", "10.0.4.11", "in 20 ms"],
)
def test_what_is_no_date_names_no_day(text: str) -> None:
    assert list(days(text)) == []


def test_leap_day_needs_no_year() -> None:
    assert list(days("29 February, but 29.2.2026 is none")) == ["02-29"]


def test_date_is_said_with_its_year_where_it_has_one() -> None:
    assert spelled_out("2026-05-04, then on Dec 24") == "4 May 2026 24 December"
