"""texts as they are compared: one normal form of Unicode, no case, and without the accents that people leave out"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

PLAIN_WORD: Final = re.compile(r"\w+")
"""A word of a text whose words are only compared: letters, digits and underscores, whatever they mean."""

_INVISIBLE_CHARACTERS: Final = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFE0F))
"""Characters within a word that nobody sees, and those that only choose how another is drawn."""

_ACCENTED_UP_TO: Final = "\u0400"
"""Letters before this one (Latin and Greek) are often written without their accents."""
_WITHOUT_ACCENT: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ё": "е", "’": "'"}
)
_POINTS: Final = re.compile("[\u0591-\u05bd\u05bf-\u05c7\u064b-\u0652\u0670]")
"""Vowels of Hebrew and Arabic, which are mostly left out."""


def single_spaced(text: str) -> str:
    r"""Return a text in which each run of white space is one space, and none stands at either end.

    >>> single_spaced(" two\n  words\t")
    'two words'
    """
    return " ".join(text.split())


def compared(text: str) -> str:
    """Return a text as it is compared with another: NFKC normal form, and no case (casefold).

    >>> compared("Stra\u00dfe"), compared("U\u0308bung") == compared("\u00fcbung"), compared("\uff37i\uff0dFi")
    ('strasse', True, 'wi-fi')
    """
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return folded.translate(_INVISIBLE_CHARACTERS)


def composed(text: str) -> str:
    """Return a text with each letter in one character with its accents (NFC), as paths and links are compared.

    >>> composed("Mu\u0308ll.md") == "M\u00fcll.md"
    True
    """
    return text if text.isascii() else unicodedata.normalize("NFC", text)


@lru_cache(maxsize=100_000)
def unaccented(word: str) -> str:
    """Return a word, as `compared` gives it, without what people leave out: accents, points that stand for vowels.

    The characters of other scripts stay: without them, it would be another word.

    >>> unaccented("crème"), unaccented("smørrebrød"), unaccented("หน้า") == "หน้า"
    ('creme', 'smorrebrod', True)
    """
    if word.isascii():
        return word
    names: list[str] = []
    for character in unicodedata.normalize("NFD", _POINTS.sub("", word.translate(_WITHOUT_ACCENT))):
        if not (unicodedata.category(character) == "Mn" and names and names[-1] < _ACCENTED_UP_TO):
            names.append(character)
    return unicodedata.normalize("NFC", "".join(names))


def is_accented(word: str) -> bool:
    """Say whether a word, as `compared` gives it, has accents that people leave out."""
    return not word.isascii() and unaccented(word) != word
