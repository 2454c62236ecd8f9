"""how the pages write dates and numbers: in English, or as the chosen language does (home of babel)"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from assistant.amounts import counted as counted_in_english

if TYPE_CHECKING:
    from babel import Locale

OF_BROWSER: Final = "browser"
"""The choice that stands for the language of whoever looks at the page."""

_locale: ContextVar[Locale | None] = ContextVar("locale", default=None)
"""That of the page which is being made; None for English, which loads nothing."""


def use_language(chosen: str, of_browser: str | None = None) -> None:
    """Write dates and numbers of the page that is being made as a language does; one that nobody knows is English."""
    code = of_browser or "" if chosen == OF_BROWSER else chosen
    _locale.set(_known(code) if code else None)


@lru_cache(maxsize=64)
def _known(code: str) -> Locale | None:
    from babel import Locale, UnknownLocaleError  # half a second, which nobody needs who has chosen nothing

    try:
        return Locale.parse(code.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return None


@lru_cache(maxsize=1)
def languages() -> Mapping[str, str]:
    """Return the languages that there are by their codes, in the order of their names in English."""
    from babel import Locale
    from babel.localedata import locale_identifiers

    english = Locale("en")
    named = {}
    for code in locale_identifiers():
        language, _, territory = code.partition("_")
        if not territory or territory in english.territories:  # others differ by script only
            place = f" ({english.territories[territory]})" if territory else ""
            named[code] = f"{english.languages.get(language, language)}{place}"
    return dict(sorted(named.items(), key=lambda pair: pair[1]))


def number(value: int) -> str:
    """Return a number with its thousands told apart.

    >>> number(12500)
    '12,500'
    """
    if locale := _locale.get():
        from babel.numbers import format_decimal

        return format_decimal(value, locale=locale)
    return f"{value:,}"


def counted(value: int, noun: str) -> str:
    """Return how many there are of something.

    >>> counted(1, "topic"), counted(1200, "topic")
    ('1 topic', '1,200 topics')
    """
    return counted_in_english(value, noun).replace(f"{value:,}", number(value), 1)


def percent(share: float) -> str:
    r"""Return a share from 0 to 1 in percent.

    >>> percent(0.6)
    '60\xa0%'
    """
    if locale := _locale.get():
        from babel.numbers import format_percent

        return format_percent(share, locale=locale)
    return f"{share * 100:.0f}\u00a0%"  # both on one line


def percent_format() -> str:
    r"""Return how a slider over whole percents writes one, as a format of printf.

    >>> percent_format()
    '%d\xa0%%'
    """
    return percent(0.27).replace("%", "%%").replace("27", "%d")


def day(at: date) -> str:
    """Return a day as it is written out.

    >>> day(date(2026, 11, 2))
    '2 November 2026'
    """
    if locale := _locale.get():
        from babel.dates import format_date

        return format_date(at, "long", locale)
    return f"{at.day} {at:%B %Y}"


def month(at: date) -> str:
    """Return a month with its year.

    >>> month(date(2026, 11, 2))
    'November 2026'
    """
    if locale := _locale.get():
        from babel.dates import format_skeleton

        return format_skeleton("yMMMM", datetime(at.year, at.month, at.day), locale=locale)
    return f"{at:%B %Y}"


def moment(at: datetime) -> str:
    """Return a time as a person says it: with its day, where that is not today."""
    time = _time(at)
    return time if at.date() == datetime.now().astimezone().date() else f"{time} on {day(at.date())}"


def _time(at: datetime) -> str:
    if locale := _locale.get():
        from babel.dates import format_time

        return format_time(at.timetz(), "short", locale=locale)
    return f"{at:%H:%M}"
