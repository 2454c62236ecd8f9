"""a stretch of days as people say it -> its first day, and the day after its last one"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

from index.text.calendar_days import dates, month_of
from index.text.normal_form import compared

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(weeks=1)

SAID: Final = (
    r"(?:today|yesterday|(?:this|last|past|the\s+last|the\s+past)\s+(?:week|month|year)"
    r"|(?:the\s+)?(?:last|past)\s+\d{1,3}\s+(?:days?|weeks?|months?|years?))"
)
"""What a period is called that depends on the present day, as a part of a regular expression."""

_AGO: Final = re.compile(
    r"(?:(?:the )?(?:last|past) )?(?P<count>\d{1,3}) ?(?P<unit>d|w|m|y|days?|weeks?|months?|years?)"
)
_LENGTHS: Final = {"d": 1, "w": 7, "m": 30, "y": 365}
"""Days of what is counted back from today: a month ago is four weeks and a little."""


class Period(NamedTuple):
    """A stretch of days."""

    first: date
    end: date
    """The day after the last one."""


def period(words: str, today: date) -> Period | None:
    """Return the days that a text names and nothing else; None where it names none.

    >>> [str(day) for day in period("last week", date(2026, 11, 26))], [str(day) for day in period("2026-09", date.max)]
    (['2026-11-16', '2026-11-23'], ['2026-09-01', '2026-10-01'])
    >>> str(period("yesterday", date(2026, 3, 1)).first), period("lunch", date(2026, 3, 1))
    ('2026-02-28', None)
    """
    text = " ".join(compared(words).split()).removeprefix("the ")
    try:
        if text in _NAMED:
            return _NAMED[text](today)
        if ago := _AGO.fullmatch(text):
            return Period(today - DAY * int(ago["count"]) * _LENGTHS[ago["unit"][0]], today + DAY)
        return _written(text)
    except (ValueError, OverflowError):  # beyond the years that there are
        return None


def _written(text: str) -> Period | None:
    """Return the year, month or day that a text is."""
    if re.fullmatch(r"(?:19|20)\d\d", text):
        return Period(date(int(text), 1, 1), date(int(text) + 1, 1, 1))
    if (month := month_of(text)) and month[1] == (0, len(text)):
        return _month(date.fromisoformat(f"{month[0]}-01"))
    day = next(dates(text), None)
    return Period(day.day, day.day + DAY) if day and day.has_year and day.span == (0, len(text)) else None


def _month(day: date) -> Period:
    first = day.replace(day=1)
    return Period(first, (first + 31 * DAY).replace(day=1))


def _week(day: date) -> Period:
    monday = day - DAY * day.weekday()
    return Period(monday, monday + WEEK)


def _year(day: date) -> Period:
    return Period(date(day.year, 1, 1), date(day.year + 1, 1, 1))


_NAMED: Final[Mapping[str, Callable[[date], Period]]] = {
    "today": lambda today: Period(today, today + DAY),
    "yesterday": lambda today: Period(today - DAY, today),
    "this week": _week,
    "last week": lambda today: _week(today - WEEK),
    "past week": lambda today: Period(today - WEEK, today + DAY),
    "this month": _month,
    "last month": lambda today: _month(today.replace(day=1) - DAY),
    "past month": lambda today: Period(today - 30 * DAY, today + DAY),
    "this year": _year,
    "last year": lambda today: _year(today.replace(month=1, day=1) - DAY),
    "past year": lambda today: Period(today - 365 * DAY, today + DAY),
}
