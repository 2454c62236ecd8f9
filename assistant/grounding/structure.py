"""which words belong together in a statement, and whether the same ones do in its source

A statement may be made of nothing but words of its source and still say another thing: two of them exchanged, what
comes first told as what comes later, a number given to another case. What tells is which words stand in one clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from difflib import SequenceMatcher
from itertools import combinations
from typing import Final, NamedTuple, TypeAlias

from assistant.grounding.amounts import amounts
from assistant.grounding.items import CLAUSE_END, PART_END, SENTENCE_END, STOP_STEMS, Item, PlainWord, places
from index.text import stems

Pair: TypeAlias = frozenset[str]
"""The keys of two items that stand in one clause."""

_COMPARES: Final = re.compile(
    r"\b(?:than|instead of|rather than|compared (?:with|to)|beats?|exceeds?|over|als|statt)\b", re.IGNORECASE
)
_FOLLOWS: Final = re.compile(r"\b(?:before|until|then|afterwards|later|bevor|bis|dann|danach)\b", re.IGNORECASE)
_PRECEDES: Final = re.compile(r"\b(?:after|once|as soon as|nachdem|sobald)\b", re.IGNORECASE)
ORDER_WORDS: Final = re.compile(r"\b(?:before|after|until|then|first|later|once|while)\b", re.IGNORECASE)
_SENTENCES: Final = re.compile(r"(?<=[.!?;])\s")


class Sides(NamedTuple):
    """What stands on each side of a word that compares or puts in order, and not on the other one."""

    first: frozenset[str]
    second: frozenset[str]


class Frame(NamedTuple):
    """How far a statement repeats its source word by word."""

    share: float
    """The share of its words that stand in runs of two and more which the source has as well, 0 to 1."""
    denied_otherwise: float
    """The share of its meaningful words that are denied in it and not in the source, or the other way round."""


def is_rearranged(text: str, items: Sequence[Item], source: str, source_items: Sequence[Item]) -> bool:
    """Return whether a statement exchanges what its source says of two things, or turns a comparison round."""
    common = {item.key for item in items} & {item.key for item in source_items}
    exchanged = any(
        _is_exchanged(_bindings(text, items, ends), _bindings(source, source_items, ends), common)
        for ends in (PART_END, CLAUSE_END)
    )
    return exchanged or _is_turned(_compared(text), _compared(source))


def is_in_other_order(text: str, source: str) -> bool:
    """Return whether a statement tells as later what its source tells as earlier.

    >>> is_in_other_order("Bake it before it has risen.", "Once the dough has risen, bake it.")
    True
    """
    return _is_turned(_ordered(text), _ordered(source))


def frame_of(words: Sequence[PlainWord], source: Sequence[PlainWord]) -> Frame:
    """Return how far a statement repeats its source word by word."""
    matcher = SequenceMatcher(None, [word.stem for word in words], [word.stem for word in source], autojunk=False)
    runs = [run for run in matcher.get_matching_blocks() if run.size > 1]
    pairs = [(words[run.a + step], source[run.b + step]) for run in runs for step in range(run.size)]
    telling = [(claimed, other) for claimed, other in pairs if claimed.stem not in STOP_STEMS]
    otherwise = sum(claimed.is_denied != other.is_denied for claimed, other in telling)
    return Frame(len(pairs) / max(len(words), 1), otherwise / max(len(telling), 1))


def denied_otherwise(items: Sequence[Item], source: Sequence[Item]) -> float:
    """Return the share of the words of both that are denied in one, wherever they stand, and not in the other."""
    denials: dict[str, set[bool]] = {}
    for item in source:
        denials.setdefault(item.key, set()).add(item.is_denied)
    common = [item for item in items if item.key in denials]
    return sum(denials[item.key] == {not item.is_denied} for item in common) / max(len(common), 1)


def scattered(items: Sequence[Item], source: Sequence[Item]) -> float:
    """Return the share of the words of both that stand in one clause of the statement and not in one of the source."""
    clauses = _clauses(source)
    known = {item.key for item in source}
    own = [keys & known for keys in _clauses(items).values()]
    together = sum(max((len(keys & clause) for clause in clauses.values()), default=0) for keys in own)
    return 1 - together / max(sum(map(len, own)), 1) if any(own) else 0.0


def in_one_sentence(text: str, items: Sequence[Item], source: Sequence[Item]) -> float:
    """Return the share of the words of both that a single sentence of the source contains; `text` is the source's."""
    sentences: dict[int, set[str]] = {}
    for place, item in zip(places(SENTENCE_END, text, source), source, strict=True):
        sentences.setdefault(place, set()).add(item.key)
    common = {item.key for item in items} & {item.key for item in source}
    return max((len(common & keys) for keys in sentences.values()), default=0) / max(len(common), 1)


def _clauses(items: Sequence[Item]) -> Mapping[int, set[str]]:
    clauses: dict[int, set[str]] = {}
    for item in items:
        clauses.setdefault(item.clause, set()).add(item.key)
    return clauses


def _bindings(text: str, items: Sequence[Item], ends: re.Pattern[str]) -> set[Pair]:
    stretches: dict[int, set[str]] = {}
    for place, item in zip(places(ends, text, items), items, strict=True):
        stretches.setdefault(place, set()).add(item.key)
    return {frozenset(pair) for keys in stretches.values() for pair in combinations(keys, 2)}


def _is_exchanged(bound: Set[Pair], bound_in_source: Set[Pair], common: Set[str]) -> bool:
    """Return whether a statement binds a to p and b to q where its source binds a to q and b to p, and only these."""
    new = [tuple(pair) for pair in bound - bound_in_source if pair <= common]
    gone = bound_in_source - bound
    both_ways = [*new, *(pair[::-1] for pair in new)]
    return any(
        len({a, p, b, q}) == len("apbq") and frozenset((a, q)) in gone and frozenset((b, p)) in gone
        for (a, p), (b, q) in combinations(both_ways, 2)
    )


def _is_turned(stated: Sequence[Sides], known: Sequence[Sides]) -> bool:
    return any(
        bool(own.first & other.second and own.second & other.first)
        and not (own.first & other.first and own.second & other.second)
        for own in stated
        for other in known
    )


def _compared(text: str) -> list[Sides]:
    return [sides for sentence in _SENTENCES.split(text) for sides in _sides(sentence, _COMPARES)]


def _ordered(text: str) -> list[Sides]:
    """Return what happens earlier and what later, for each word that puts in order."""
    sentences = _SENTENCES.split(text)
    forwards = [sides for sentence in sentences for sides in _sides(sentence, _FOLLOWS)]
    backwards = [sides for sentence in sentences for sides in _sides(sentence, _PRECEDES)]
    return [*forwards, *(Sides(sides.second, sides.first) for sides in backwards)]


def _sides(sentence: str, between: re.Pattern[str]) -> Iterator[Sides]:
    for match in between.finditer(sentence):
        before, behind = sentence[: match.start()], sentence[match.end() :]
        if not stems(before):
            behind, _, before = behind.partition(",")
        first, second = _stems_and_amounts(before), _stems_and_amounts(behind)
        yield Sides(first - second, second - first)


def _stems_and_amounts(text: str) -> frozenset[str]:
    return stems(text) | {f"#{amount.value}" for amount in amounts(text)}
