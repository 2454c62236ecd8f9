"""what a text says, item by item: its words and amounts, each with its clause, and whether it is denied there"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from assistant.grounding.amounts import Amount, amounts
from index.records import Span
from index.text import STOP_WORDS, compared, stem, stemmed_words

_CLAUSE_PUNCTUATION: Final = r"[,;:()—–]|[.!?]+(?=\s|$)|\n"
_CONDITIONS: Final = (
    r"but|because|since|if|when|while|whereas|unless|although|though|"
    r"aber|weil|wenn|während|obwohl"
)
_ORDER: Final = r"until|before|after|bis|bevor|nachdem"
CLAUSE_END: Final = re.compile(
    rf"{_CLAUSE_PUNCTUATION}|\b(?:{_CONDITIONS}|{_ORDER}|and|or|so|than|instead|rather|compared|whatever|however|hence|therefore|"
    r"unlike|und|oder|als|statt)\b",
    re.IGNORECASE,
)
"""Where a clause ends: what stands on both sides of it is said of different things more often than not."""
PART_END: Final = re.compile(rf"{_CLAUSE_PUNCTUATION}|\b(?:{_CONDITIONS}|than|instead)\b", re.IGNORECASE)
"""Where a run of clauses ends that "and" and "or" join."""
SENTENCE_END: Final = re.compile(r"[.!?]+(?=\s|$)|;|\n")
_DENIAL_END: Final = re.compile(rf"{_CLAUSE_PUNCTUATION}|\b(?:{_CONDITIONS}|{_ORDER}|and|so|und)\b", re.IGNORECASE)
""""Not A or B" denies both, "not A and B" may not."""
_DENIES: Final = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|nowhere|neither|nor|cannot|without|hardly|barely|seldom|rarely|unlike|"
    r"instead of|rather than|no longer|nicht|nie|niemals|keine?[nmrs]?|ohne|kaum|niemand|nichts)\b"
    r"|n['’]t\b"
    r"|\b(?:stop|keep|prevent|save|hinder|protect)(?:s|p?ed|p?ing|kept)?\b[^.,;:]{1,50}?\bfrom\b(?=\s\w+ing\b)",
    re.IGNORECASE,
)
_IS_NO_DENIAL: Final = re.compile(r"\b(?:not only|no matter|no doubt|nothing but|nicht nur)\b", re.IGNORECASE)
_JUDGES: Final = re.compile(r"\b(?:best|better|good|well)\b", re.IGNORECASE)
"""Words that say how good a thing is: stop words in a question, not in a statement."""
_WORD_WITH_APOSTROPHE: Final = re.compile(r"\w+(?:['’]\w+)?")
STOP_STEMS: Final = frozenset(map(stem, STOP_WORDS))
"""The stems of words that say nothing by themselves."""


class Item(NamedTuple):
    """A word that says something, or an amount."""

    key: str
    """A word's stem, or the character `#` and an amount's value: equal where the same is said."""
    start: int
    end: int
    clause: int
    """Which clause of the text it stands in, counted from 0."""
    is_denied: bool


class PlainWord(NamedTuple):
    """A word of a text, whether it says something or not."""

    stem: str
    is_denied: bool


def items_of(text: str) -> tuple[Item, ...]:
    """Return what a text says in order: its words without stop words, and its amounts however they are written.

    >>> [(item.key, item.clause, item.is_denied) for item in items_of("Wait ten minutes, but never stir.")]
    [('wait', 0, False), ('#10', 0, False), ('minut', 0, False), ('stir', 2, True)]
    """
    return tuple(_items(text))


def plain_words(text: str) -> tuple[PlainWord, ...]:
    """Return every word of a text in order, stop words as well.

    >>> [word.stem for word in plain_words("Never stir it") if word.is_denied]
    ['stir', 'it']
    """
    denials = _denials(text)
    return tuple(
        PlainWord(stem(compared(match[0])), _is_in(match.start(), denials))
        for match in _WORD_WITH_APOSTROPHE.finditer(text)
    )


def places(ends: re.Pattern[str], text: str, items: Sequence[Item]) -> list[int]:
    """Return which stretch of a text each of its items stands in, counted from 0, where a pattern ends stretches."""
    marks = [match.start() for match in ends.finditer(text)]
    return [bisect_right(marks, item.start) for item in items]


def _items(text: str) -> Iterator[Item]:
    clause_ends = [match.start() for match in CLAUSE_END.finditer(text)]
    denials = _denials(text)
    for key, (start, end) in sorted(_keys(text), key=lambda each: each[1]):
        yield Item(key, start, end, bisect_right(clause_ends, start), _is_in(start, denials))


def _keys(text: str) -> Iterator[tuple[str, Span]]:
    counted = amounts(text)
    taken = [amount.span for amount in counted] + [match.span() for match in _DENIES.finditer(text)]
    yield from map(_amount_item, counted)
    yield from ((match[0].casefold(), match.span()) for match in _JUDGES.finditer(text))
    yield from ((key, (start, end)) for key, start, end in stemmed_words(text) if not _is_in(start, taken))


def _amount_item(amount: Amount) -> tuple[str, Span]:
    return f"#{amount.value}", amount.span


def _denials(text: str) -> list[Span]:
    """Return the stretches that are denied: each from the word that denies to the end of its clause."""
    apart = [match.span() for match in _IS_NO_DENIAL.finditer(text)]
    denying = [match.end() for match in _DENIES.finditer(text) if not _is_in(match.start(), apart)]
    ends = [_DENIAL_END.search(text, start) for start in denying]
    return [(start, end.start() if end else len(text)) for start, end in zip(denying, ends, strict=True)]


def _is_in(place: int, stretches: Sequence[Span]) -> bool:
    return any(first <= place < last for first, last in stretches)
