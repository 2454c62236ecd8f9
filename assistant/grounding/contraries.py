"""the words of a statement that say the contrary of its source: before where the source says after"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from index.text import STOP_WORDS, compared, opposite_words, stem

CONTRARY_WORDS: Final = 5
"""Words, in the mean, between a contrary in the source and what stands beside the word in the statement."""
NEARER: Final = 2
"""How many words nearer than the word itself its contrary must stand to be what the source says there."""
NEIGHBOURS: Final = 2
WITHIN: Final = 3
"""How many neighbours of a word say where it belongs in the source, and how far away in the statement they stand."""
_FAR: Final = 99.0
_STOP_STEMS: Final = frozenset(map(stem, STOP_WORDS))


class Family(NamedTuple):
    """What a word is called otherwise, and what means the contrary."""

    same: frozenset[str]
    contrary: frozenset[str]


def contraries_of(statement: Sequence[str], source: Sequence[str], headings: Set[str]) -> tuple[str, ...]:
    """Return the stems of a statement for which its source has a contrary in the same place: both given as stems.

    >>> contraries_of(["warm", "the", "milk"], ["cool", "the", "milk"], set())
    ('warm',)
    """
    return tuple(dict.fromkeys(_contraries(statement, source, headings)))


def _contraries(statement: Sequence[str], source: Sequence[str], headings: Set[str]) -> Iterator[str]:
    where: dict[str, list[int]] = {}
    for place, word in enumerate(source):
        where.setdefault(word, []).append(place)
    for place, word in enumerate(statement):
        family = families().get(word)
        if family and not family.same & headings and _is_contrary(family, _beside(statement, place, where), where):
            yield word


def _beside(statement: Sequence[str], place: int, where: Mapping[str, list[int]]) -> list[str]:
    """Return the words beside one of a statement, the nearest first, that the source has as well."""
    near = sorted(range(len(statement)), key=lambda other: abs(other - place))
    words = [statement[other] for other in near if other != place and abs(other - place) <= WITHIN]
    return [word for word in words if word in where and word not in _STOP_STEMS and word not in families()][:NEIGHBOURS]


def _is_contrary(family: Family, beside: Sequence[str], where: Mapping[str, list[int]]) -> bool:
    to_contrary = _distance(family.contrary, beside, where)
    to_same = _distance(family.same, beside, where)
    return to_contrary <= CONTRARY_WORDS and (to_same == _FAR or to_contrary + NEARER <= to_same)


def _distance(words: Set[str], beside: Sequence[str], where: Mapping[str, list[int]]) -> float:
    """Return how far, in the mean, some words stand in a source from what stands beside them in a statement."""
    here = [place for word in words for place in where.get(word, ())]
    if not (here and beside):
        return _FAR
    return sum(min(abs(a - b) for a in here for b in where[word]) for word in beside) / len(beside)


@lru_cache(maxsize=1)
def families() -> Mapping[str, Family]:
    """Return the family of each word by its stem: what undoes a thing is its contrary, too."""
    text = Path(__file__).with_name("contraries.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    families = {word: Family(family.same, family.opposite) for word, family in opposite_words().items()}
    for line in lines:
        sides = [frozenset(stem(compared(word)) for word in side.split()) for side in line.split("|")]
        for own, other in zip(sides, reversed(sides), strict=True):
            for word in own:
                known = families.get(word, Family(frozenset(), frozenset()))
                families[word] = Family(known.same | own, known.contrary | other)
    return {word: Family(family.same, family.contrary - family.same) for word, family in families.items()}
