"""the amounts of a text, however they are written: 5, five, 1,200, half, twice, a minute"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from index.records import Span
from index.text import dates

_ONES: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_GERMAN: Final = "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split()
_OTHERS: Final = {
    "half": "0.5", "halves": "0.5", "halve": "0.5", "halved": "0.5", "halving": "0.5", "twice": "2", "double": "2",
    "doubles": "2", "doubled": "2", "thrice": "3", "dozen": "12", "hundred": "100", "thousand": "1000",
    "million": "1000000", "third": "third", "quarter": "quarter", "fourth": "fourth", "fifth": "fifth",
    "tenth": "tenth", "halb": "0.5", "halbe": "0.5", "doppelt": "2", "dutzend": "12", "hundert": "100",
    "tausend": "1000",
}  # fmt: skip
_IN_WORDS: Final = (
    {word: str(value) for words in (_GERMAN, _ONES) for value, word in enumerate(words) if value != 1}
    | {word: str(10 * (place + 2)) for place, word in enumerate(_TENS)}
    | _OTHERS
)
"""What each word says; "one" says how many only before a unit."""

_UNITS: Final = {
    form: unit
    for unit, forms in {
        "s": "s sec secs second seconds sekunde sekunden",
        "min": "min mins minute minutes minuten",
        "h": "h hr hrs hour hours stunde stunden",
        "d": "d day days night nights tag tage tagen nacht nächte",
        "w": "week weeks woche wochen",
        "mo": "month months monat monate monaten",
        "y": "y yr year years jahr jahre jahren",
        "ms": "ms millisecond milliseconds",
        "mm": "mm millimetre millimetres millimeter millimeters",
        "cm": "cm centimetre centimetres centimeter centimeters zentimeter",
        "m": "m metre metres meter meters",
        "km": "km kilometre kilometres kilometer kilometers",
        "in": "inch inches",
        "ft": "ft foot feet",
        "mi": "mile miles",
        "mg": "mg",
        "g": "g gram grams gramm",
        "kg": "kg kilo kilos kilogram kilograms kilogramm",
        "ml": "ml millilitre millilitres milliliter milliliters",
        "l": "l litre litres liter liters",
        "%": "% percent",
        "°": "° °c c celsius degree degrees grad",
        "bar": "bar",
        "nm": "nm",
        "kb": "kb", "mb": "mb", "gb": "gb", "tb": "tb",
        "€": "€ euro euros", "$": "$ dollar dollars", "£": "£ pound pounds", "cent": "cent cents",
        "w/": "w watt watts", "v": "v volt volts", "hz": "hz", "kw": "kw", "px": "px",
    }.items()
    for form in forms.split()
}  # fmt: skip
"""Units by what they are written as."""

_FIGURE: Final = r"\d+(?:[.,:/]\d+)*"
_AMOUNT: Final = re.compile(
    rf"(?<![\w.])(?:(?P<money>[€$£])\s?)?(?P<digits>{_FIGURE})(?:[\s-]?(?P<glued>%|°\s?[CF]?|€|[a-zA-Z]{{1,3}}\b))?"
    rf"|(?<![\w-])(?P<tens>{'|'.join(_TENS)})-(?P<ones>{'|'.join(_ONES[1:10])})\b"
    r"|(?<![^\W_])(?P<word>[^\W\d_]+)\b",
    re.IGNORECASE,
)
_NEXT: Final = re.compile(r"[\s-]{0,2}(per cent|[^\W\d_]+|%|°\s?[CF]?|€)")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:,\d{3})+")


class Amount(NamedTuple):
    """A number, and what it is the number of."""

    value: str
    unit: str
    """A unit of measure, however it was written; empty where another word follows."""
    span: Span


def amounts(text: str) -> tuple[Amount, ...]:
    """Return the amounts of a text; a day of the calendar is none.

    >>> [(amount.value, amount.unit) for amount in amounts("Add 1,200 g, wait half an hour, then one more minute.")]
    [('1200', 'g'), ('0.5', 'h')]
    >>> [(amount.value, amount.unit) for amount in amounts("It takes one minute on 3 May 2031, at 0.5 %.")]
    [('1', 'min'), ('0.5', '%')]
    """
    days = [dated.span for dated in dates(text)]
    amounts = (_amount(text, match) for match in _AMOUNT.finditer(text))
    return tuple(
        amount for amount in amounts if amount and not any(first <= amount.span[0] < last for first, last in days)
    )


def _amount(text: str, match: re.Match[str]) -> Amount | None:
    if match["digits"]:
        unit = _canonical_unit(match["money"] or "") or _canonical_unit(match["glued"] or "")
        end = match.end("digits")
        return Amount(_value(match["digits"]), unit or _unit_after(text, end), (match.start(), end))
    if match["tens"]:
        value = 10 * (_TENS.index(match["tens"].casefold()) + 2) + _ONES.index(match["ones"].casefold())
        return Amount(str(value), _unit_after(text, match.end()), match.span())
    word = match["word"].casefold()
    unit = _unit_after(text, match.end())
    if word in _IN_WORDS:
        return Amount(_IN_WORDS[word], unit, match.span())
    return Amount("1", unit, match.span()) if word in {"one", "eine", "einen", "einer", "ein"} and unit else None


def _value(digits: str) -> str:
    return digits.replace(",", "") if _THOUSANDS.fullmatch(digits) else digits.replace(",", ".").rstrip(".:/")


def _canonical_unit(written: str) -> str:
    return _UNITS.get("".join(written.casefold().split()), "")


def _unit_after(text: str, end: int) -> str:
    """Return the unit that follows, over "a", "an" or "of a": half an hour."""
    follows = _NEXT.match(re.sub(r"^[\s-]+(?:an?|of an?|of)\b", "", text[end : end + 40]))
    word = " ".join(follows[1].casefold().split()) if follows else ""
    return "%" if word == "per cent" else _UNITS.get(word, "")
