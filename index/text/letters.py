"""which characters make a word: letters with their marks, and scripts that put no space between words"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from index.records import Span
from index.text.normal_form import compared


def _ranges(code_points: Iterable[int]) -> str:
    """Return code points as what stands in a class of a regular expression.

    >>> _ranges([0x61, 0x62, 0x64])
    'a-bd-d'
    """
    ranges: list[list[int]] = []
    for point in code_points:
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


_MARK_BLOCKS: Final = (
    *((0x300, 0x1E00), (0x20D0, 0x2100), (0x2CE0, 0x2E00), (0x302A, 0x309B), (0xA660, 0xAC00)),
    *((0xFB1E, 0xFB1F), (0xFE20, 0xFE30)),
)
"""Where Unicode has its combining marks, up to U+FFFF: looking there takes a millisecond, everywhere a hundred."""

COMBINING_MARKS: Final = _ranges(
    point for first, end in _MARK_BLOCKS for point in range(first, end) if unicodedata.category(chr(point))[0] == "M"
)
"""Characters that belong to the letter before them: accents written apart, vowel marks of Hindi and Thai."""

JOINERS: Final = "\u00ad\u200b-\u200d\u2060"
"""Characters within a word that nobody sees: a soft hyphen, joiners of width zero."""
LETTER: Final = rf"[\w{COMBINING_MARKS}{JOINERS}]"
"""What a word is made of, as a part of a regular expression."""

UNSPACED: Final = (
    "\u1100-\u11ff\uac00-\ud7a3"  # Hangul: its particles are joined to a word
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"  # Chinese characters
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e80-\u0eff\u0f40-\u0fbc\u1000-\u109f\u1780-\u17dd"  # Thai, Lao, Tibetan ...
)
"""Scripts that put no space between words, as what stands in a class of a regular expression."""
_IDEOGRAPH: Final = rf"[\u1100-\u115f][\u1160-\u11a7]*[\u11a8-\u11ff]*|[{UNSPACED}][{COMBINING_MARKS}{JOINERS}]*"
_IDEOGRAPHS: Final = re.compile(_IDEOGRAPH)
_RUN: Final = re.compile(rf"(?:{_IDEOGRAPH})+")
_ALONE: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]")
"""Characters of which one may be a word."""
NAME_SIGNS: Final = 6
"""Characters up to which a run may be a name: of more, it is mostly a sentence."""
_KANA: Final = "\u3041-\u3096"
_QUESTION_PARTICLES: Final = re.compile(
    rf"""
      [在是有]?(?:什[么麼][时時]候|[为為]什[么麼]|什[么麼]|怎[么麼][样樣]?|[哪那][里裡儿兒]|多少|如何|几点|幾點)[是在]?|[吗嗎呢吧]$
    | (?:[はがをにでの]?(?:いくら|いつ|どこ|なに|何時|だれ|どう|なぜ|どの|どれ|どんな))?(?:です|ます|でしょう)か?$
    | [はがをにでの](?:いくら|いつ|どこ|なに|何時|だれ|どう|なぜ|どの|どれ|どんな)[かにでは]?
    | (?<=[^{_KANA}])(?:から|まで|には|では|とは|[はがをにでのともへや])(?=[^{_KANA}]|$)
    | (?<=[\uac00-\ud7a3])(?:에서|으로|에게|입니까|인가요|은|는|이|가|을|를|에|의|로|와|과|도)$
    | (?:무엇|어디|언제|얼마|어떻게|누구|왜)
    """,
    re.VERBOSE,
)
"""What stands between the words of a run and means nothing by itself: particles, words that ask."""


def has_run(text: str) -> bool:
    """Say whether a text holds characters of a script that puts no space between words.

    >>> has_run("鍵 of the house"), has_run("house")
    (True, False)
    """
    return not text.isascii() and _IDEOGRAPHS.search(text) is not None


def split_runs(text: str, start: int, end: int) -> Iterator[tuple[Span, bool]]:
    """Yield the runs in a part of a text, and what stands between them, each with whether it is a run.

    >>> list(split_runs("iPhoneの鍵", 0, 8))
    [((0, 6), False), ((6, 8), True)]
    """
    for run in _RUN.finditer(text, start, end):
        if start < run.start():
            yield (start, run.start()), False
        yield run.span(), True
        start = run.end()
    if start < end:
        yield (start, end), False


def pairs(text: str, start: int, end: int) -> Iterator[tuple[str, Span]]:
    """Yield the words of a run as pairs of neighbouring characters, one that stands alone as it is.

    Particles and words that ask are left out. Pairs find what a dictionary of words would, and need none (Nie, Gao,
    Zhang and Zhou 2000).

    >>> [pair for pair, _ in pairs("鍵の暗証番号はどこ", 0, 9)]
    ['鍵', '暗証', '証番', '番号']
    """
    for first, last in _meaningful(text, start, end):
        spans = [match.span() for match in _IDEOGRAPHS.finditer(text, first, last)]
        for (begin, alone), (_, after) in zip(spans, spans[1:] or spans[:1], strict=False):
            stop = after if len(spans) > 1 else alone
            yield compared(text[begin:stop]), (begin, stop)


def is_plain_run(word: str) -> bool:
    """Say whether a word is a short run without particles or words that ask: a name rather than a sentence.

    >>> is_plain_run("暗証番号"), is_plain_run("清水寺の拝観料"), is_plain_run("iPhone")
    (True, False, False)
    """
    is_short = len(_IDEOGRAPHS.findall(word)) <= NAME_SIGNS
    return is_short and bool(_RUN.fullmatch(word)) and list(_meaningful(word, 0, len(word))) == [(0, len(word))]


def lone_characters(run: str) -> list[str]:
    """Return the characters of a run of which one may be a word that is asked for alone.

    >>> lone_characters("暗証の番")
    ['暗', '証', '番']
    """
    return _ALONE.findall(compared(run))


def _meaningful(text: str, start: int, end: int) -> Iterator[Span]:
    for match in _QUESTION_PARTICLES.finditer(text, start, end):
        if start < match.start():
            yield start, match.start()
        start = max(start, match.end())
    if start < end:
        yield start, end
