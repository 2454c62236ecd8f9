"""Dates: the same day, however it is written."""

from __future__ import annotations

import pytest

from index.text.calendar_days import dates, day_of_path, days, spelled_out
from tests.cases_of import rows


@pytest.mark.parametrize(("text", "expected"), rows("days.tsv"))
def test_day_is_the_same_however_it_is_written(text: str, expected: str) -> None:
    assert " ".join(day.key for day in dates(text)) == expected


def test_day_is_found_by_its_year_and_by_itself_and_says_whether_it_has_one() -> None:
    assert list(days("2026-03-20")) == ["2026-03-20", "03-20"]
    assert list(days("20 March")) == ["0000-03-20", "03-20"]


def test_date_is_said_with_its_year_where_it_has_one() -> None:
    assert spelled_out("2026-05-04, then on Dec 24") == "4 May 2026 24 December"


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("2031/11/02.md", "2031-11-02"),
        ("log/2031/11-November/2.md", "2031-11-02"),
        ("2031/13/02.md", ""),
        ("2031/11/02 visit.md", ""),
        ("11/02.md", ""),
    ],
)
def test_folders_of_year_and_month_name_the_day_of_a_note(path: str, day: str) -> None:
    assert day_of_path(path) == day
