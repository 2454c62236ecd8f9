"""the hard facts of a sentence: each number, day, name, code span, path and address, which its source has to hold"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from assistant.grounding.amounts import Amount, amounts
from index.markdown import visible_text
from index.text import STOP_WORDS, compared, days, said_stems, single_spaced, stem, without_year

_CODE_SPAN: Final = re.compile(r"(`+)(?P<code>(?:(?!\1).)+)\1", re.DOTALL)
_EXACT_TOKEN: Final = re.compile(
    r"\b[a-z][a-z0-9+.-]*://[^\s<>)\]]+|\b[\w.+-]+@[\w-]+\.[\w.]+"  # addresses
    r"|(?<![\w/])(?:~|\.{1,2})?/[\w.~-]+(?:/[\w.~-]*)*|\b[A-Z]:\\[^\s]+"  # paths
    r"|\b\w+(?:[\w-]*\.)+(?!\d)[a-z]\w{0,7}\b(?!\.\w)"  # files, domains, dotted names
    r"|(?<![\w-])--?[a-zA-Z][\w-]*|\b\w*[^\W_]_+\w+\b|\b\w+\(\)"  # options, names of code
    r"|\b[a-z]+[A-Z]\w*|\b[A-Z][a-z]+[A-Z]\w*"  # names with capitals within
)
"""What is written in one way only."""
_CODED: Final = re.compile(r"\b(?=\w*\d)(?=\w*[^\W\d_])\w+(?:[.-]\w+)*\b")
"""Letters and digits in one word: B304, S3."""
_WITH_UNIT: Final = re.compile(r"\d+(?:st|nd|rd|th|[a-zA-Z]{1,3})")
_CAPITALISED_WORD: Final = re.compile(r"(?<=[\w,;)\"'’”] )[A-Z][\w’'-]*\b")
_ACRONYM: Final = re.compile(r"\b[A-Z]{2,}s?\b")
_VERSION_STEP: Final = "."
NOUNS_HAVE_CAPITALS: Final = 0.2
"""The share of words with a capital from which a text is taken to be in a language that gives it to nouns: English
prose with many names has .1 to .15, German .3."""


def missing_facts(sentence: str, source: str) -> tuple[str, ...]:
    """Return the hard facts of a sentence that its source does not hold, as the sentence writes them.

    >>> missing_facts("Wait 10 minutes, says Ada, then run `make all` on B305.", "Wait ten hours, said Ada; `make`.")
    ('make all', 'B305', '10')
    """
    plain = visible_text(sentence)
    return tuple(
        dict.fromkeys((*_literals(sentence, source), *_numbers(plain, source), *_unsupported_names(plain, source)))
    )


def _literals(sentence: str, source: str) -> Iterator[str]:
    known = single_spaced(source)
    without_code = _CODE_SPAN.sub(" ", sentence)
    for match in _CODE_SPAN.finditer(sentence):
        if not _stands_in(single_spaced(match["code"]), known):
            yield match["code"]
    for match in _EXACT_TOKEN.finditer(without_code):
        if not _stands_in(literal := match[0].rstrip(".,;:"), known):
            yield literal
    words = {compared(word) for word in re.findall(r"\w+(?:[.-]\w+)*", source)}
    for match in _CODED.finditer(without_code):
        if not _WITH_UNIT.fullmatch(match[0]) and compared(match[0]) not in words:
            yield match[0]


def _stands_in(literal: str, text: str) -> bool:
    """Return whether a literal stands in a text as a whole, not as a part of a longer word."""
    return bool(re.search(rf"(?<![\w-]){re.escape(literal)}(?![\w-])", text)) if literal else True


def _numbers(sentence: str, source: str) -> Iterator[str]:
    wanted = amounts(sentence)
    if wanted:
        known = amounts(source)
        yield from (sentence[slice(*each.span)] for each in wanted if not _is_contained(each, known, source))
    dated = set(days(source))
    dated |= {without_year(day) for day in dated}
    yield from (day for day in days(sentence) if day not in dated)


def _is_contained(wanted: Amount, known: tuple[Amount, ...], source: str) -> bool:
    """Return whether a source holds an amount: the same number, and no other unit of measure with it."""
    if wanted.value == "1" and re.search(r"\b(?:an?|each|every|per|ein\w*)\b", source, re.IGNORECASE):
        return True
    same = [each for each in known if each.value == wanted.value or _is_version_of(wanted.value, each.value)]
    return any(not (wanted.unit and each.unit) or wanted.unit == each.unit for each in same)


def _is_version_of(short: str, long: str) -> bool:
    return short.isdigit() and len(short) > 1 and long.startswith(f"{short}{_VERSION_STEP}") and long.count(".") > 1


def _unsupported_names(sentence: str, source: str) -> Iterator[str]:
    stated = said_stems(source)
    if _capitals(source) >= NOUNS_HAVE_CAPITALS or _capitals(sentence) >= 2 * NOUNS_HAVE_CAPITALS:
        return
    for pattern in (_CAPITALISED_WORD, _ACRONYM):
        for match in pattern.finditer(sentence):
            word = compared(match[0]).removesuffix("'s").removesuffix("’s")
            if word not in STOP_WORDS and not said_stems(word) <= stated and stem(word) not in stated:
                yield match[0]


def _capitals(text: str) -> float:
    """Return the share of the words of a text that have a capital though no sentence begins with them."""
    words = re.findall(r"(?<=[\w,;)] )[^\W\d_][\w-]+", text)
    return len([word for word in words if word[0].isupper() and not word.isupper()]) / max(len(words), 1)
