"""dates, however they are written -> the days they name"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from index.records import Span

ENGLISH: Final = tuple("January February March April May June July August September October November December".split())
GERMAN: Final = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()

_NUMBER_OF: Final = {
    written: number
    for names in (ENGLISH, GERMAN)
    for number, name in enumerate(names, start=1)
    for written in (name.lower(), name[:3].lower())
} | {"sept": 9}
_NUMBER_OF.update({unicodedata.normalize("NFD", name): number for name, number in _NUMBER_OF.items()})
_MONTH: Final = "|".join(sorted(_NUMBER_OF, key=len, reverse=True))
_YEAR: Final = r"(?:,?\s+(?P<{}>\d{{4}}\b|'?\d\d(?=\s*(?:$|[\n,;.:!?)\]](?!\d)))))?"
_TIME: Final = r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?"
_DATE: Final = re.compile(
    rf"""
      (?<!\d)(?<!\d[.])(?P<iso>\d{{4}})(?P<sign>[-_./])(?P<iso_month>\d\d?)(?P=sign)(?P<iso_day>\d\d?)(?!\d|[.-]\d)
    | (?<!\d)(?<!\d[.])(?P<solid>(?:19|20)\d\d)(?P<solid_month>\d\d)(?P<solid_day>\d\d)(?:{_TIME})?(?!\d|\.\d)
    | (?<!\d)(?:(?P<signs>\d{{4}})\s?[年년]\s?)?(?P<signs_month>\d\d?)\s?[月월]\s?(?P<signs_day>\d\d?)\s?[日일号]
    | (?<![\w.])(?P<dotted_day>\d\d?)\.\s?(?P<dotted_month>\d\d?)\.\s?(?P<dotted>\d{{4}})(?!\d|\.\d)
    | (?<![\w.])(?P<short_day>\d\d)\.(?P<short_month>\d\d)\.(?P<short>\d\d)(?!\w|\.\d)
    | \b(?P<day>\d\d?)(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?P<month>{_MONTH})\b\.?{_YEAR.format("year")}
    | \b(?P<month_first>{_MONTH})\.?\s+(?P<day_second>\d\d?)(?:st|nd|rd|th)?\b{_YEAR.format("year_last")}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_DATED_FOLDERS: Final = re.compile(r"(?:^|/)(\d{4})/(\d\d?)(?:[-_ .][^/]*)?/(\d\d?)\.[^./]*$")
_LEAP_YEAR: Final = 2000
"""Stands for a year that is not said: it has every day."""
_NO_YEAR: Final = "0000"
_TURN: Final = 70
"""Years of two digits from which on the last century is meant, as POSIX reads them, a year off."""


class Dated(NamedTuple):
    """A date in a text."""

    day: date
    has_year: bool
    span: Span

    @property
    def key(self) -> str:
        """What the date is called: `2024-06-07`, or `06-07` where no year is said."""
        return f"{self.day:%Y-%m-%d}" if self.has_year else f"{self.day:%m-%d}"


def days(text: str) -> Iterator[str]:
    """Yield what each date in a text is found by: the day of its year, or of no year, and the day of any year.

    >>> list(days("From 2026-03-20 to May 4th, not 2026-13-01"))
    ['2026-03-20', '03-20', '0000-05-04', '05-04']
    """
    for found in dates(text):
        any_year = f"{found.day:%m-%d}"
        yield from (found.key if found.has_year else f"{_NO_YEAR}-{any_year}", any_year)


def without_year(day: str) -> str:
    """Return what a date is found by that says the day of a `Dated.key` and leaves its year open.

    >>> without_year("2026-03-20"), without_year("03-20")
    ('0000-03-20', '03-20')
    """
    return f"{_NO_YEAR}{day[4:]}" if len(day) > len("03-20") else day


def spelled_out(text: str) -> str:
    """Return the dates of a text as people say them, in a line.

    >>> spelled_out("2026-03-20: moved in. Dentist on 7.4.2026, again May 4.")
    '20 March 2026 7 April 2026 4 May'
    """
    return " ".join(
        f"{day.day} {ENGLISH[day.month - 1]}{f' {day.year}' if has_year else ''}" for day, has_year, _ in dates(text)
    )


def dates(text: str) -> Iterator[Dated]:
    """Yield each date of a text."""
    for match in _DATE.finditer(text):
        found = match.groupdict()
        year = _first(found, "iso", "solid", "signs", "dotted", "short", "year", "year_last")
        month = _first(found, "iso_month", "solid_month", "signs_month", "dotted_month", "short_month")
        name = found["month"] or found["month_first"]
        day = _first(found, "iso_day", "solid_day", "signs_day", "dotted_day", "short_day", "day", "day_second")
        number = _NUMBER_OF[name.lower()] if name else int(month)
        try:
            yield Dated(date(_full_year(year), number, int(day)), bool(year), match.span())
        except ValueError:  # there is no such day
            continue


def day_of_path(path: str) -> str:
    """Return the day that a note is named by whose folders are a year and a month; nothing where they are none.

    >>> day_of_path("daily/2024/03-March/09.md"), day_of_path("09.md")
    ('2024-03-09', '')
    """
    match = _DATED_FOLDERS.search(path)
    found = next(dates("-".join(match.groups())), None) if match else None
    return found.key if found else ""


def _first(found: dict[str, str | None], *names: str) -> str:
    return next((value for name in names if (value := found[name])), "")


def _full_year(said: str) -> int:
    """Return the year of what was said, of two digits or of four; `_LEAP_YEAR` of nothing.

    >>> _full_year("24"), _full_year("1999"), _full_year("")
    (2024, 1999, 2000)
    """
    if not said:
        return _LEAP_YEAR
    year = int(said.lstrip("'"))
    if len(said) > 3:
        return year
    return year + (1900 if year >= _TURN else 2000)
