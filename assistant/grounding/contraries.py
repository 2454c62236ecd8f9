"""the words of a statement that say the contrary of its source: before where the source says after"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Final

from assistant.grounding.items import STOP_STEMS
from index.text import Opposites, contrary_words

CONTRARY_WORDS: Final = 5
"""Words, in the mean, between a contrary in the source and what stands beside the word in the statement."""
NEARER: Final = 2
"""How many words nearer than the word itself its contrary must stand to be what the source says there."""
NEIGHBOURS: Final = 2
WITHIN: Final = 3
"""How many neighbours of a word say where it belongs in the source, and how far away in the statement they stand."""
_FAR: Final = 99.0


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
        family = contrary_words().get(word)
        if family and not family.same & headings and _is_contrary(family, _beside(statement, place, where), where):
            yield word


def _beside(statement: Sequence[str], place: int, where: Mapping[str, list[int]]) -> list[str]:
    """Return the words beside one of a statement, the nearest first, that the source has as well."""
    near = sorted(range(len(statement)), key=lambda other: abs(other - place))
    words = [statement[other] for other in near if other != place and abs(other - place) <= WITHIN]
    return [word for word in words if word in where and word not in STOP_STEMS and word not in contrary_words()][
        :NEIGHBOURS
    ]


def _is_contrary(family: Opposites, beside: Sequence[str], where: Mapping[str, list[int]]) -> bool:
    to_contrary = _distance(family.opposite, beside, where)
    to_same = _distance(family.same, beside, where)
    return to_contrary <= CONTRARY_WORDS and (to_same == _FAR or to_contrary + NEARER <= to_same)


def _distance(words: Set[str], beside: Sequence[str], where: Mapping[str, list[int]]) -> float:
    """Return how far, in the mean, some words stand in a source from what stands beside them in a statement."""
    here = [place for word in words for place in where.get(word, ())]
    if not (here and beside):
        return _FAR
    return sum(min(abs(a - b) for a in here for b in where[word]) for word in beside) / len(beside)
