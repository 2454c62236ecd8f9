"""dates, however they are written -> the days they name"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

ENGLISH: Final = tuple("January February March April May June July August September October November December".split())
GERMAN: Final = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()

_NUMBER_OF: Final = {
    written: number
    for names in (ENGLISH, GERMAN)
    for number, name in enumerate(names, start=1)
    for written in (name.lower(), name[:3].lower())
} | {"sept": 9}
_MONTH: Final = "|".join(sorted(_NUMBER_OF, key=len, reverse=True))
_YEAR: Final = r"(?:,?\s+(?P<{}>\d{{4}})\b)?"
_DATE: Final = re.compile(
    rf"""
      \b(?P<iso>\d{{4}})-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)\b
    | \b(?P<dotted_day>\d\d?)\.(?P<dotted_month>\d\d?)\.(?P<dotted>\d{{4}})\b
    | \b(?P<day>\d\d?)(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?P<month>{_MONTH})\b\.?{_YEAR.format("year")}
    | \b(?P<month_first>{_MONTH})\.?\s+(?P<day_second>\d\d?)(?:st|nd|rd|th)?\b{_YEAR.format("year_last")}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LEAP_YEAR: Final = 2000
"""Stands for a year that is not said: it has every day."""


def days(text: str) -> Iterator[str]:
    """Yield month and day of each date in a text, for what is written in one way to be found by another.

    >>> list(days("From 2026-03-20 to May 4th, again on 7. April 2027, not 2026-13-01"))
    ['03-20', '05-04', '04-07']
    """
    return (f"{day:%m-%d}" for day, _ in _dates(text))


def spelled_out(text: str) -> str:
    """Return the dates of a text as people say them, in a line.

    >>> spelled_out("2026-03-20: moved in. Dentist on 7.4.2026, again May 4.")
    '20 March 2026 7 April 2026 4 May'
    """
    said = (f"{day.day} {ENGLISH[day.month - 1]}{f' {day.year}' if has_year else ''}" for day, has_year in _dates(text))
    return " ".join(said)


def _dates(text: str) -> Iterator[tuple[date, bool]]:
    """Yield each date with whether it says its year."""
    for match in _DATE.finditer(text):
        found = match.groupdict()
        year = found["iso"] or found["dotted"] or found["year"] or found["year_last"]
        month = (
            found["iso_month"] or found["dotted_month"] or _NUMBER_OF[(found["month"] or found["month_first"]).lower()]
        )
        day = found["iso_day"] or found["dotted_day"] or found["day"] or found["day_second"]
        try:
            yield date(int(year or _LEAP_YEAR), int(month), int(day)), bool(year)
        except ValueError:  # there is no such day
            continue
