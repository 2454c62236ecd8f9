"""dates, however they are written -> the days they name"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from index.records import Span
from index.text.letters import LETTER
from index.text.normal_form import compared, unaccented

ENGLISH: Final = tuple("January February March April May June July August September October November December".split())
GERMAN: Final = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()


def _months() -> dict[str, int]:
    """Return the number of each month by its names, as `_month` compares them: in full, of two languages in short."""
    lines = Path(__file__).with_name("months.txt").read_text(encoding="utf-8").splitlines()
    full = {name: int(line.split()[0]) for line in lines if line[0] != "#" for name in line.split()[1:]}
    short = {
        unaccented(compared(name[:3])): number
        for names in (ENGLISH, GERMAN)
        for number, name in enumerate(names, start=1)
    }
    return full | short | {"sept": 9}


_NUMBER_OF: Final = _months()
_YEAR: Final = r"(?:,?\s+(?:de\s+)?(?P<{}>\d{{4}}\b|'?\d\d(?=\s*(?:$|[\n,;.:!?)\]](?!\d)))))?"
_TIME: Final = r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?"
_DATE: Final = re.compile(
    rf"""
      (?<!\d)(?<!\d[.])(?P<iso>\d{{4}})(?P<sign>[-_./])(?P<iso_month>\d\d?)(?P=sign)(?P<iso_day>\d\d?)(?!\d|[.-]\d)
    | (?<!\d)(?<!\d[.])(?P<solid>(?:19|20)\d\d)(?P<solid_month>\d\d)(?P<solid_day>\d\d)(?:{_TIME})?(?!\d|\.\d)
    | (?<!\d)(?:(?P<signs>\d{{4}})\s?[年년]\s?)?(?P<signs_month>\d\d?)\s?[月월]\s?(?P<signs_day>\d\d?)\s?[日일号]
    | (?<![\w.])(?P<dotted_day>\d\d?)\.\s?(?P<dotted_month>\d\d?)\.\s?(?P<dotted>\d{{4}})(?!\d|\.\d)
    | (?<![\w.])(?P<short_day>\d\d)\.(?P<short_month>\d\d)\.(?P<short>\d\d)(?!\w|\.\d)
    | \b(?P<day>\d\d?)(?:st|nd|rd|th|er|\.|º)?\s+(?:(?:of|de)\s+)?(?P<month>[^\W\d_]{LETTER}{{2,11}})(?!{LETTER})\.?
      {_YEAR.format("year")}
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""A date that begins with a digit."""
_DIGITS: Final = re.compile(r"\d+")
_MONTH_BEFORE: Final = re.compile(rf"(?<!{LETTER})(?P<month>[^\W\d_]{LETTER}{{2,11}})\.?\s+$")
_MONTH_LENGTH: Final = 16
"""Characters before a day in which the name of its month stands."""
_DAY_AFTER: Final = re.compile(rf"(?P<day>\d\d?)(?:st|nd|rd|th)?\b{_YEAR.format('year')}")
_DATED_FOLDERS: Final = re.compile(r"(?:^|/)(\d{4})/(\d\d?)(?:[-_ .][^/]*)?/(\d\d?)\.[^./]*$")
_MONTH_OF_YEAR: Final = re.compile(
    rf"(?<![\w-])(?:(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)|"
    rf"(?P<month>[^\W\d_]{LETTER}{{2,11}})\.?\s+(?:(?:of|de)\s+)?(?P<year_after>(?:19|20)\d\d))(?![\w-]|\.\d)",
    re.IGNORECASE,
)
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORTEST_NAME: Final = 3
"""Letters of a month or a weekday in short: "Jul", "Sat"."""
_ALSO_WORDS: Final = frozenset({"march", "mars"})
_LETTERS: Final = re.compile(r"[^\W\d_]+")
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
    for dated in dates(text):
        any_year = f"{dated.day:%m-%d}"
        yield from (dated.key if dated.has_year else f"{_NO_YEAR}-{any_year}", any_year)


def month_of(text: str) -> tuple[str, Span] | None:
    """Return the first month of a year that a text names, and where it stands.

    >>> month_of("in March 2024"), month_of("2024-03"), month_of("on 3 March 2024"), month_of("room 2024")
    (('2024-03', (3, 13)), ('2024-03', (0, 7)), ('2024-03', (5, 15)), None)
    """
    for match in _MONTH_OF_YEAR.finditer(text):
        number = int(match["number"]) if match["number"] else _month(match["month"])
        if 1 <= number <= len(ENGLISH):
            return f"{match['year'] or match['year_after']}-{number:02}", match.span()
    return None


def calendar_name(word: str) -> str:
    """Return one name for a month or a weekday, in full or in short; nothing for any other word.

    >>> calendar_name("Jul"), calendar_name("Juli"), calendar_name("tues."), calendar_name("Jule")
    ('month 7', 'month 7', 'tuesday', '')
    """
    key = compared(word.rstrip("."))
    month = _month(key)
    weekday = next((day for day in _WEEKDAYS if len(key) >= _SHORTEST_NAME and f"{day}s".startswith(key)), "")
    return f"month {month}" if month else weekday


def calendar_names(text: str) -> set[str]:
    """Return the months and weekdays that a text names in full; "may" and "march" are names with a capital.

    >>> sorted(calendar_names("who waters on Saturdays in july?")), calendar_names("what may I march to?")
    (['month 7', 'saturday'], set())
    """
    words = [word for word in _LETTERS.findall(text) if len(word) > _SHORTEST_NAME or word == "May"]
    return {name for word in words if word not in _ALSO_WORDS and (name := calendar_name(word))}


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
    """Yield each date of a text.

    >>> [day.key for day in dates("3 mars 2031, 4 de abril, May 5 and 6 eggs")]
    ['2031-03-03', '04-04', '05-05']
    """
    end = 0
    for digits in _DIGITS.finditer(text):
        if digits.start() >= end and (
            dated := _from_digit(text, digits.start()) or _after_month(text, digits.start(), end)
        ):
            yield dated
            end = dated.span[1]


def _from_digit(text: str, start: int) -> Dated | None:
    """Return the date that begins with a digit there."""
    match = _DATE.match(text, start)
    if not match:
        return None
    groups = match.groupdict()
    year = _first(groups, "iso", "solid", "signs", "dotted", "short", "year")
    month = _first(groups, "iso_month", "solid_month", "signs_month", "dotted_month", "short_month")
    day = _first(groups, "iso_day", "solid_day", "signs_day", "dotted_day", "short_day", "day")
    return _dated(year, int(month) if month else _month(match["month"]), int(day), match.span())


def _after_month(text: str, start: int, end: int) -> Dated | None:
    """Return the date whose day begins there, behind the name of its month, which begins where another one ends."""
    first = max(end, start - _MONTH_LENGTH)
    before = _MONTH_BEFORE.search(text[first:start])
    match = _DAY_AFTER.match(text, start) if before and (before.start() or first == end) else None
    if not (before and match):
        return None
    span = first + before.start(), match.end()
    return _dated(match["year"] or "", _month(before["month"]), int(match["day"]), span)


def _month(name: str) -> int:
    """Return the number of the month of a name, in full or in short; 0 where it is none."""
    return _NUMBER_OF.get(unaccented(compared(name)), 0)


def _dated(year: str, month: int, day: int, span: Span) -> Dated | None:
    try:
        return Dated(date(_full_year(year), month, day), bool(year), span)
    except ValueError:  # there is no such day
        return None


def day_of_path(path: str) -> str:
    """Return the day that a note is named by whose folders are a year and a month; nothing where they are none.

    >>> day_of_path("daily/2024/03-March/09.md"), day_of_path("09.md")
    ('2024-03-09', '')
    """
    match = _DATED_FOLDERS.search(path)
    dated = next(dates("-".join(match.groups())), None) if match else None
    return dated.key if dated else ""


def _first(groups: dict[str, str | None], *names: str) -> str:
    return next((value for name in names if (value := groups[name])), "")


def _full_year(digits: str) -> int:
    """Return the year of what was said, of two digits or of four; `_LEAP_YEAR` of nothing.

    >>> _full_year("24"), _full_year("1999"), _full_year("")
    (2024, 1999, 2000)
    """
    if not digits:
        return _LEAP_YEAR
    year = int(digits.lstrip("'"))
    if len(digits) > 3:
        return year
    return year + (1900 if year >= _TURN else 2000)
