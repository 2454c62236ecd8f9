"""numbers and codes, however they are written -> whether a text holds the one that is asked for, or another instead

What tells things apart is one of them or not: a day, a year, a version, a room, an invoice, a model, an error code is
never nearly another. What only says how much is wanted ("5 tips", "in 10 minutes") need not stand in an answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from index.records import Span
from index.text.calendar_days import Dated, dates, days, without_year
from index.text.languages import stemmed_language
from index.text.letters import has_run
from index.text.normal_form import compared
from index.text.words import STOP_WORDS, Word, digit_words, said_stems, stem, stemmed_words


class NumberMatch(Enum):
    """How a text holds a number, a code or a day that is asked for."""

    SAME = "it stands there"
    NONE = "it does not, nor does another in its place"
    OTHER = "another stands in its place, or nothing but this very one would do"
    AMOUNT = "it does not, and need not: it says how much"


NUMBERED: Final = frozenset(
    stem(word)
    for word in """
    version release build update chapter section page part volume article paragraph lesson episode season exercise room
    floor apartment gate platform terminal track line bus tram train flight route highway exit seat row table locker key
    error code status exit invoice order ticket issue bug case bill contract account customer number no nr form model
    type series rfc iso din pep port channel level step phase sprint day week quarter
    kapitel seite abschnitt band absatz artikel lektion folge staffel aufgabe zimmer raum stock etage gleis linie zug
    flug ausfahrt platz reihe tisch fehler rechnung auftrag konto kunde nummer formular modell typ stufe schritt tag
    woche
    """.split()
)
"""What has numbers for names: "room 12" is no other room, and "error 404" no other error."""

NUMBERED_AFTER: Final = frozenset(stem(word) for word in "error code status form model type fehler".split())
"""What has its number before it, of three digits or more: 404 errors."""

COUNTING: Final = frozenset(
    "top best first last next past previous within under over about around least nearly".split()
)
"""What stands before an amount."""

_COUNTED: Final = frozenset("way ways thing things kind kinds".split())
"""Words without a meaning of their own that are counted nevertheless."""
_ALSO: Final = {"v": "version", "ver": "version", "nr": "number", "no": "number"}

UNITS: Final = frozenset(
    """
    g kg mg l ml m km cm mm s ms sec h hr hrs min mins gb mb kb tb hz mhz ghz w kw v a x k c f am pm st nd rd th px pt
    in ft lb lbs oz mph kmh cal kcal
    """.split()
)
"""What is joined to an amount; so is any word of a script that has no spaces."""

_WRITTEN_NUMBER: Final = re.compile(r"\d+(?:[.,:]\d+)*")
_GAP: Final = r"[^\S\n]?[-_#:.*`\"(\[/–]{0,3}[^\S\n]?"
"""What may stand between a name and its number."""
_BEFORE: Final = re.compile(rf"(?:(?P<second>[^\W\d_]+)[^\S\n]+)?(?P<first>[^\W\d_]+)(?P<gap>{_GAP})$")
_BEHIND: Final = re.compile(r"(?P<unit>[^\W\d_]*|[^\S\n]?[%€$£°])(?:[^\S\n-]?[-\s](?P<next>[^\W\d_]+))?")
_MEASURE: Final = re.compile(
    r"(?P<bound>(?:\b(?:max(?:imum)?|min(?:imum)?|to|until|under|over|below|above|least|most|than|bis|ab|unter|über)\b"
    r"|[<>≤≥~±]|\d[^\S\n]?[-–/])[.\s]*)?(?<!\w)"
    r"(?P<measure>(?P<number>\d+(?:[.,]\d+)?)(?P<unit>[^\W\d_]+|[^\S\n][^\W\d_]{2,}))\b"
    r"(?P<thing>[^\S\n-]*-?[^\W\d_]{3,})?"
)
"""A number with a unit, the word behind it, which it measures, and what makes it a bound before it."""
_LISTED: Final = re.compile(r"\s?(?:[,/&+–-]|,?\s(?:and|or|to|und|oder|bis|y|et|ou)\b)\s?", re.IGNORECASE)
"""What stands between the numbers of one name: PostgreSQL 14, 15 and 16."""
TWO: Final = 2
"""Digits up to which a number that stands alone may be anything: longer ones are names."""
NAME_LENGTH: Final = 60
"""Characters before a number in which its name is looked for."""
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:[,.]\d{3})+")
_DECIMAL: Final = re.compile(r"\d+\.\d+")
"""Behind the name of a thing it is a version of that: "python 2.7 support"."""
_DOTTED: Final = re.compile(r"\d+(?:\.\d+)+")
_RELEASE: Final = re.compile(r"\d+(?:\.\d+){2,}")
"""A number with two dots is a version, whatever stands beside it."""
_SUBJECT_OF: Final = frozenset("was were did does has had".split())
"""Behind these, a number with a dot is a version that something is asked about: "when was 1.6 released?"."""
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_ORDINAL: Final = frozenset({"st", "nd", "rd", "th"})
_WITHIN: Final = "-_"
"""What separates a name from its number within one word: XR-250."""
_SIMPLE: Final = re.compile(r"[^\W\d_]*[-_]?\d+(?:[.,:]\d+)*[^\W\d_]*")
"""A word that is one number, perhaps with a name before it or a unit behind it; any other is a code."""

_WRITTEN: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve".split(),
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(),
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split(),
)
NUMBER_WORDS_FILE: Final = Path(__file__).with_name("number_words.txt")


def _number_words() -> dict[str, dict[str, str]]:
    """Return, by language, the value of each word for a number."""
    lines = NUMBER_WORDS_FILE.read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines if line[0] != "#")
    return {language: dict(zip(names[1::2], names[::2], strict=True)) for language, *names in rows}


NUMBER_WORDS: Final[Mapping[str, Mapping[str, str]]] = _number_words()
"""They count in questions of their language only: "once" is eleven in Spanish, and "due" two in Italian."""
_IN_WORDS: Final = {stem(word): str(value) for words in _WRITTEN for value, word in enumerate(words)}
_AMOUNTS: Final = frozenset(
    stem(word)
    for word in """
    two three four five six seven eight nine ten eleven twelve zwei drei vier fünf sechs sieben acht neun zehn zwölf
    """.split()
)
"""Those of them that say how many and nothing else: "second" is a time, "null" a value, "zero" often part of a name."""


class _Number(NamedTuple):
    """A number, and what it is the number of."""

    number: str
    start: int
    names: tuple[str, ...]
    """The stems of the words right before it, the nearest first; none where a stop word or nothing is there."""
    is_glued: bool
    """Whether it is joined to a name: B304, XR-250."""
    unit: str
    """What is joined to its end."""
    following: str
    """The word behind it, as it is compared; empty for a stop word."""

    @property
    def is_amount(self) -> bool:
        """Whether it says how much: so it does in front of a word, where nothing before it is known by numbers."""
        is_name = self.is_glued or _YEAR.fullmatch(self.number) or _RELEASE.fullmatch(self.number)
        if is_name or NUMBERED.intersection(self.names):
            return False
        return self.unit in UNITS or not self.unit.isascii() or bool(self.following and not self.unit)


class _Stated(NamedTuple):
    """What a text says of numbers."""

    numbers: frozenset[str]
    named: frozenset[tuple[str, str]]
    """Each name with each of its numbers."""
    words: frozenset[str]
    """The stems of the words that have no digit."""
    codes: frozenset[str]
    """The words that have one."""
    days: frozenset[str]
    versions: frozenset[str]
    """The numbers with a dot that say of nothing how much."""

    @property
    def all(self) -> frozenset[str]:
        """The numbers, and the words without a digit."""
        return self.numbers | self.words


def number_matches(question: str, text: str) -> dict[str, NumberMatch]:
    """Return how a text holds each number, code and day that a question asks for, by the stem of each.

    What has a single digit among letters (k8s, s3) and is not held is a word like any other, and left out.

    >>> held = number_matches("top 5 tips to upgrade PostgreSQL 16?", "PostgreSQL 14: use pg_upgrade")
    >>> {number: how.name for number, how in held.items()}
    {'5': 'AMOUNT', '16': 'OTHER'}
    """
    query = _query_numbers(question)
    if not (query.words or query.amounts):
        return {}
    stated, in_words = _stated_in(text, query.language), _in_words(query.language)
    amounts = {
        word: NumberMatch.SAME if {word, in_words[word]} & stated.all else NumberMatch.AMOUNT for word in query.amounts
    }

    def match_of(start: int, end: int) -> NumberMatch:
        if (start, end) in query.dates:
            return _day_match(query.dates[start, end], stated)
        return _word_match(
            question[start:end], [number for number in query.numbers if start <= number.start < end], stated
        )

    every = {stem_: match_of(start, end) for stem_, start, end in query.words}
    return amounts | {
        stem_: how for stem_, how in every.items() if how is not NumberMatch.NONE or not _is_like_a_word(stem_)
    }


def other_measures(question: str, text: str) -> frozenset[str]:
    """Return the words of a question that measure a thing where a text has one other measure in that unit.

    >>> other_measures("settings for 8mm cork", "| Cork - 5mm |"), other_measures("settings for 8mm cork", "max 10mm")
    (frozenset({'8mm'}), frozenset())
    """
    wanted = [
        match for match in _MEASURE.finditer(compared(question)) if match["unit"].strip() in UNITS and match["thing"]
    ]
    if not wanted:
        return frozenset()
    stated = list(_MEASURE.finditer(compared(text)))
    return frozenset(
        stem(word)
        for match in wanted
        if len(same := [other for other in stated if other["unit"].strip() == match["unit"].strip()]) == 1
        and not same[0]["bound"]
        and same[0]["number"] != match["number"]
        for word in match["measure"].split()
    )


class _QueryNumbers(NamedTuple):
    """What a question asks of numbers."""

    words: Sequence[Word]
    """Those that have a digit."""
    amounts: Sequence[str]
    """The stems of the words that say how many."""
    dates: Mapping[Span, Dated]
    numbers: Sequence[_Number]
    language: str
    """In which numbers are written in words, beside English and German."""


@lru_cache(maxsize=32)
def _query_numbers(question: str) -> _QueryNumbers:
    """Return what a question asks of numbers; it is compared with the text of one topic after the other."""
    words, language = digit_words(question), stemmed_language(question)
    days_asked = {day.span: day for day in dates(question)} if words else {}
    numbers = _numbers(question) if words else []
    return _QueryNumbers(words, _written_amounts(question, language), days_asked, numbers, language)


@lru_cache(maxsize=len(NUMBER_WORDS) + 1)
def _in_words(language: str) -> Mapping[str, str]:
    """Return the value of each word for a number, by its stem: those of a language beside English and German ones."""
    return _IN_WORDS | {stem(compared(word)): value for word, value in NUMBER_WORDS.get(language, {}).items()}


def _written_amounts(question: str, language: str = "") -> list[str]:
    """Return the stems of the words of a question that say how many; in "chapter four", the number is a name.

    >>> _written_amounts("the four steps of phase two")
    ['four']
    """
    words = [Word("", 0, 0), *stemmed_words(question)]
    amounts = _AMOUNTS.union(map(stem, map(compared, NUMBER_WORDS.get(language, ()))))
    return [word.stem for before, word in pairwise(words) if word.stem in amounts and before.stem not in NUMBERED]


def _is_like_a_word(code: str) -> bool:
    return any(map(str.isalpha, code)) and sum(map(str.isdigit, code)) == 1


def _day_match(day: Dated, stated: _Stated) -> NumberMatch:
    return NumberMatch.SAME if stated.days & {day.key, without_year(day.key)} else NumberMatch.OTHER


def _word_match(word: str, numbers: Sequence[_Number], stated: _Stated) -> NumberMatch:
    if _code(word) in stated.codes and not (numbers and numbers[0].names):
        return NumberMatch.SAME
    if len(numbers) == 1 and _SIMPLE.fullmatch(word):
        return _number_match(numbers[0], stated)
    return NumberMatch.OTHER if sum(map(str.isdigit, word)) > 1 else NumberMatch.NONE


def _number_match(wanted: _Number, stated: _Stated) -> NumberMatch:
    if _YEAR.fullmatch(wanted.number):
        years = filter(_YEAR.fullmatch, stated.numbers)
        return (
            NumberMatch.SAME
            if wanted.number in stated.numbers
            else NumberMatch.OTHER
            if any(years)
            else NumberMatch.NONE
        )
    if of_name := {number for name, number in stated.named if name in wanted.names}:
        return NumberMatch.SAME if _is_among(wanted.number, of_name) else NumberMatch.OTHER
    if _is_among(wanted.number, stated.numbers):
        return NumberMatch.SAME
    is_named = stated.words.intersection(wanted.names)
    if wanted.is_amount and not (is_named and _DECIMAL.fullmatch(wanted.number) and not wanted.unit):
        return NumberMatch.AMOUNT
    is_code = len(wanted.number) > (1 if wanted.is_glued else TWO) and not is_named
    is_other = is_code or (NUMBERED | NUMBERED_AFTER).intersection(wanted.names)
    is_other_version = _DOTTED.fullmatch(wanted.number) and stated.versions
    return NumberMatch.OTHER if is_other or is_other_version else NumberMatch.NONE


def _is_among(number: str, numbers: AbstractSet[str]) -> bool:
    """Say whether a number is among others, or is the beginning of one: 3 of 3.11, but no 3.1."""
    return any(
        form in numbers or any(other.startswith(f"{form}.") for other in numbers) for form in _written_forms(number)
    )


def _written_forms(number: str) -> set[str]:
    """Return a number in the ways it may be written.

    >>> sorted(_written_forms("1,200")), sorted(_written_forms("007"))
    (['1,200', '1200'], ['007', '7'])
    """
    bare = re.sub(r"[,.]", "", number) if _THOUSANDS.fullmatch(number) else number
    return {number, bare, bare.lstrip("0") or "0"}


@lru_cache(maxsize=200)
def _stated_in(text: str, language: str) -> _Stated:
    stated = _numbers(text)
    written = [(number.names, _written_forms(number.number)) for number in stated]
    named = frozenset((name, form) for names, forms in written for name in names for form in forms)
    words, in_words = said_stems(text), _in_words(language)
    codes = {_code(word) for word in words if any(map(str.isdigit, word))}
    numbers = {form for _, forms in written for form in forms}
    return _Stated(
        frozenset(numbers | {in_words[word] for word in words if word in in_words} | (words & codes)),
        named,
        words - codes,
        frozenset(codes),
        frozenset(days(text)),
        frozenset(each.number for each in stated if _DOTTED.fullmatch(each.number) and not each.is_amount),
    )


def _code(word: str) -> str:
    return compared(word).replace("_", "").replace("-", "")


def _numbers(text: str) -> list[_Number]:
    """Return the numbers of a text; those of its dates name a day together and are left out."""
    numbers: list[_Number] = []
    end = 0
    for match in _WRITTEN_NUMBER.finditer(_dateless(text)):
        is_listed = numbers and _LISTED.fullmatch(text, end, match.start())
        names, is_glued = (numbers[-1].names, False) if is_listed else _counted_nouns(text, match.start())
        unit, following = _behind(text, match.end())
        if stem(following) in (NUMBERED if unit in _ORDINAL else NUMBERED_AFTER if len(match[0]) > TWO else ()):
            names = (stem(following),)
        numbers.append(_Number(match[0], match.start(), names, is_glued, unit, following))
        end = match.end()
    return numbers


def _dateless(text: str) -> str:
    for _, _, (start, end) in dates(text):
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _counted_nouns(text: str, end: int) -> tuple[tuple[str, ...], bool]:
    """Return the stems of what a number that begins there is the number of, and whether it is joined to it."""
    match = _BEFORE.search(text[max(0, end - NAME_LENGTH) : end])
    first = compared(match["first"]) if match else ""
    first = first[-1:] if has_run(first) else first
    first, is_version = _ALSO.get(first, first), first == "v"
    if first in _SUBJECT_OF and _DOTTED.match(text, end):
        return (stem("version"),), False
    if not match or (first in STOP_WORDS and not match["first"].isupper()) or first in COUNTING:
        return (), False
    names = [stem(first)]
    if match["second"] and names[0] in NUMBERED and compared(match["second"]) not in STOP_WORDS:
        names.append(stem(compared(match["second"])))
    return tuple(names), not is_version and not match["gap"].strip(_WITHIN)


def _behind(text: str, start: int) -> tuple[str, str]:
    """Return the unit and the word behind a number that ends there."""
    match = _BEHIND.match(text, start)
    following = compared(match["next"] or "") if match else ""
    unit = compared(match["unit"]).strip() if match else ""
    return unit[:1] if has_run(unit) else unit, "" if following in STOP_WORDS - _COUNTED else following
