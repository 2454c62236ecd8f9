"""the headings of a note together: which numbers only count them, and which name a slot of the topic above"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from index.text import days

ROOT: Final = -1
"""Stands for the parent of a heading above which there is none."""

CHAPTERS: Final = 100
"""Numbers from here on count rooms, years or error codes: a note that begins in the middle of a book is still below."""

_HEADING_NUMBER: Final = re.compile(r"\(?(?P<number>\d{1,9}(?:\.\d{1,9})*)(?P<end>[.):]*)\s+(?=\S)")
_OF_A_YEAR: Final = re.compile(r"\w+\.?\s+\d{4}\b")
"""What follows the number of a day, in whatever language the month is called."""


class WrittenHeading(NamedTuple):
    """A heading as it is written."""

    level: int
    title: str
    """What a person sees of it."""


class Named(NamedTuple):
    """What a heading is called."""

    title: str
    also: str = ""
    """The heading with the number that `title` leaves out, or without the one that it keeps; empty for a heading
    without number."""


class _Number(NamedTuple):
    place: int
    """The position of its heading."""
    parts: tuple[int, ...]
    end: str
    rest: str


def named(headings: Sequence[WrittenHeading], has_slots: Callable[[int], bool] = lambda _: False) -> list[Named]:
    """Return what each heading is called: without its number where that only counts it among its siblings.

    A running number is `1.`, `2)`, `(3)` and so on, or a bare `4.2` below or after a chapter 4; one alone is where a
    part of it is numbered, too, or it is a topic with slots, as `has_slots` says of a position. Any other number tells
    something: a day, a year, a version, an error code, a room.

    >>> headings = [WrittenHeading(2, title) for title in ("1. Rebase", "2. Merge", "404: no route")]
    >>> [heading.title for heading in named(headings)]
    ['Rebase', 'Merge', '404: no route']
    """
    numbers = [_number(place, heading.title) for place, heading in enumerate(headings)]
    groups: dict[tuple[int, int], list[_Number]] = defaultdict(list)
    parents = parents_of(headings)
    for number in filter(None, numbers):
        groups[parents[number.place], headings[number.place].level].append(number)
    parts = {number.parts[:-1] for number in numbers if number}
    known: set[int] = set()
    for (parent, _), group in groups.items():
        above = numbers[parent] if parent != ROOT else None
        known |= _running(
            group, above.parts if above else (), lambda number: number.parts in parts or has_slots(number.place)
        )
    repeated = Counter(number.rest.casefold() for number in numbers if number)
    return [
        _named_heading(heading.title, number, known, repeated)
        for heading, number in zip(headings, numbers, strict=True)
    ]


def parents_of(headings: Sequence[WrittenHeading]) -> list[int]:
    """Return the position of the heading above each one, or ROOT."""
    parents: list[int] = []
    is_open: list[int] = []
    for place, heading in enumerate(headings):
        while is_open and headings[is_open[-1]].level >= heading.level:
            is_open.pop()
        parents.append(is_open[-1] if is_open else ROOT)
        is_open.append(place)
    return parents


def _number(place: int, title: str) -> _Number | None:
    match = _HEADING_NUMBER.match(title)
    if not match:
        return None
    rest = title[match.end() :]
    is_day = _OF_A_YEAR.fullmatch(rest) or list(days(title)) != list(days(rest))
    parts = tuple(map(int, match["number"].split(".")))
    return None if is_day else _Number(place, parts, match["end"], rest)


def _running(siblings: Sequence[_Number], above: tuple[int, ...], is_chapter: Callable[[_Number], bool]) -> set[int]:
    """Return the positions of the siblings whose numbers only count them."""
    chapters = [number for number in siblings if len(number.parts) == 1 and number.end]
    small = [number for number in chapters if _is_small(number)]
    counting = next((numbers for numbers in (chapters, small) if _counts(numbers)), [])
    counters = {number.place for number in (*counting, *filter(is_chapter, small))}
    below = {above, *(number.parts for number in siblings if len(number.parts) == 1)} - {()}
    for prefix in dict.fromkeys(number.parts[:-1] for number in siblings if len(number.parts) > 1):
        parts = [number for number in siblings if number.parts[:-1] == prefix]
        if prefix in below and parts[0].parts[-1] <= 1 and _increases(parts):
            counters |= {number.place for number in parts}
            below |= {number.parts for number in parts}
    return counters


def _counts(chapters: Sequence[_Number]) -> bool:
    first, last = (chapters[at].parts[0] for at in (0, -1)) if chapters else (0, 0)
    is_close = last - first < 2 * (len(chapters) - 1)
    is_distinct = len({number.rest.casefold() for number in chapters}) == len(chapters)
    return is_close and is_distinct and _increases(chapters) and (first <= 1 or all(map(_is_small, chapters)))


def _is_small(number: _Number) -> bool:
    return number.parts[0] < CHAPTERS and ":" not in number.end


def _increases(numbers: Sequence[_Number]) -> bool:
    return all(earlier.parts < later.parts for earlier, later in pairwise(numbers))


def _named_heading(title: str, number: _Number | None, known: set[int], repeated: Counter[str]) -> Named:
    if number and number.place in known:
        return Named(number.rest, title)
    is_own_name = number and number.end and repeated[number.rest.casefold()] == 1
    return Named(title, number.rest if number and is_own_name else "")


def slots(
    headings: Sequence[WrittenHeading],
    is_label: Callable[[int], bool],
    has_text: Callable[[int], bool],
    has_slots: Callable[[int], bool],
) -> list[bool]:
    """Return for each heading whether it names a slot of the topic above it.

    `is_label` says of a position whether that heading has the name of a slot, `has_text` whether text of its own stands
    right below it, `has_slots` whether slots stand in that text. A heading is one like any other where it stands higher
    than the last topic, or as high as one without slots; with headings below, unless it has text of its own and another
    slot beside it; and alone where no topic is above.
    """
    parents = parents_of(headings)
    company = Counter(parent for place, parent in enumerate(parents) if is_label(place))
    is_slot: list[bool] = []
    topic = ROOT
    for place, (heading, parent) in enumerate(zip(headings, parents, strict=True)):
        is_slot.append(False)
        if is_label(place):
            has_company = company[parent] > 1
            has_below = place + 1 < len(headings) and headings[place + 1].level > heading.level
            may_be = has_company and has_text(place) if has_below else has_company or parent != ROOT
            is_beside = topic != ROOT and heading.level == headings[topic].level and has_slots(topic)
            is_slot[place] = is_beside or (parent == topic and may_be)
        if not is_slot[place] and not _is_within_slot(place, parents, is_slot):
            topic = place
    return is_slot


def _is_within_slot(place: int, parents: Sequence[int], is_slot: Sequence[bool]) -> bool:
    while place != ROOT:
        if is_slot[place]:
            return True
        place = parents[place]
    return False
