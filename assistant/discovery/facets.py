"""what can a search be narrowed to? folders, tags, sources, kinds and days, each with the number of topics left"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import PurePath
from typing import Any, Final, NamedTuple

import numpy as np

from assistant.discovery.overview import Contents, Listed
from index.records import ALL_NOTES, NoteFilter
from index.retrieval import NoteIndex, filter_text, parse_filters
from index.sources import BUILTIN

MAX_CHOICES: Final = 5
"""Folders, tags, sources or kinds that are offered at once: those of the topics found, the largest first."""

PERIODS: Final[Mapping[str, str]] = {"past week": "Last 7 days", "past month": "Last 30 days", "this year": "This year"}
"""The labels of the periods that are offered."""

REPLACED: Final[Mapping[str, Mapping[str, Any]]] = {
    "folder": {"folders": ()},
    "source": {"sources": ()},
    "kind": {"kinds": ()},
    "date": {"after": None, "before": None},
}
"""The fields of the filter that are ignored when a facet's values are counted: two folders mean either, two tags
both."""


class Facet(NamedTuple):
    """What a search can be narrowed to."""

    label: str
    filter: str
    """The filter as it is typed."""
    topics: int
    """The number of topics that it leaves, within the other chosen filters."""


class Narrowing(NamedTuple):
    """The filters that a search has already."""

    chosen: NoteFilter = ALL_NOTES
    """The clicked filters; another value of the same facet replaces one."""
    from_question: NoteFilter = ALL_NOTES
    """The filters that are written in the question."""


NOT_NARROWED: Final = Narrowing()


def offered_facets(
    index: NoteIndex, contents: Contents, topics: Sequence[Listed], today: date, within: Narrowing = NOT_NARROWED
) -> list[Facet]:
    """Return the facets that narrow a search with these topics.

    A value that leaves all topics or none, or changes nothing, is not offered, nor are folders if topics are grouped by
    subject.
    """
    numbers = [topic.number for topic in topics]
    offered = [
        *_folders(contents, topics),
        *_tag_facets(index, numbers),
        *_sources(index, numbers),
        *_facets_of(index, "kind", numbers),
    ]
    offered = [facet for facet in offered if facet.topics < len(contents.topics)]
    if any(within):
        offered = [_counted_within(index, facet, within, today) for facet in offered]
    offered += _periods(index, today, within)
    return [facet for facet in offered if 0 < facet.topics < len(contents.topics)]


def _counted_within(index: NoteIndex, facet: Facet, within: Narrowing, today: date) -> Facet:
    """Return a facet with the number of topics that it and the filters of the other facets leave.

    It is 0 if the facet is not chosen and leaves the same topics as are searched already.
    """
    wanted = parse_filters(facet.filter, today)
    others = replace(within.chosen, **REPLACED.get(facet.filter.partition(":")[0], {}))
    left = index.topics(within.from_question & others & wanted)
    changes = not np.array_equal(left, index.topics(within.from_question & within.chosen))
    return facet._replace(topics=len(left) if changes or _asks_for(within.chosen, wanted) else 0)


def _asks_for(notes: NoteFilter, part: NoteFilter) -> bool:
    """Return whether a filter includes all values of another one."""
    pairs = [(getattr(notes, name), getattr(part, name)) for name in ("folders", "tags", "sources", "kinds")]
    days = part.after in {None, notes.after} and part.before in {None, notes.before}
    return days and all(set(values) >= set(wanted) for values, wanted in pairs)


def _folders(contents: Contents, topics: Sequence[Listed]) -> Iterator[Facet]:
    if contents.grouping.by == "folder":
        near = set(map(contents.grouping.group_of, topics))
        for name in _nearest_first(contents.groups, near):
            yield Facet(name, filter_text("folder", name), contents.groups[name])


def _tag_facets(index: NoteIndex, row_ids: Sequence[int]) -> list[Facet]:
    """Return the tags; of nested tags with the same notes, only the innermost."""
    offered = list(_facets_of(index, "tag", row_ids))
    below = {(parent, facet.topics) for facet in offered for parent in _parents(facet.label)}
    return [facet for facet in offered if (facet.label, facet.topics) not in below]


def _parents(tag: str) -> Iterator[str]:
    """Yield the tags that a tag is nested in.

    >>> list(_parents("#house/heating/boiler"))
    ['#house', '#house/heating']
    """
    parts = tag.split("/")
    return ("/".join(parts[:end]) for end in range(1, len(parts)))


def _sources(index: NoteIndex, row_ids: Sequence[int]) -> Iterator[Facet]:
    """Yield the sources, each by the last part of its path if that is unique."""
    counts = index.counts("source")
    short = Counter(PurePath(name).name for name in counts if PurePath(name).name != name)
    whole = {name: number for name, number in counts.items() if name not in short}
    for name in _nearest_first(whole, index.values_of("source", row_ids)):
        called = PurePath(name).name if short[PurePath(name).name] == 1 else name
        label = "From the samples" if name == BUILTIN else f"From {called}"
        yield Facet(label, filter_text("source", called), counts[name])


def _facets_of(index: NoteIndex, facet: str, row_ids: Sequence[int]) -> Iterator[Facet]:
    counts = index.counts(facet)
    for name in _nearest_first(counts, index.values_of(facet, row_ids)):
        yield Facet(f"#{name}" if facet == "tag" else name, filter_text(facet, name), counts[name])


def _nearest_first(counts: Mapping[str, int], near: set[str]) -> list[str]:
    """Return the values that the given topics have, then others if these are few."""
    names = [name for name in counts if name in near or len(counts) <= MAX_CHOICES]
    return sorted(names, key=lambda name: name not in near)[:MAX_CHOICES]


def _periods(index: NoteIndex, today: date, within: Narrowing) -> Iterator[Facet]:
    before = 0
    for period, label in PERIODS.items():
        facet = _counted_within(index, Facet(label, filter_text("date", period), 0), within, today)
        if facet.topics > before:  # a longer period with no more topics is not offered
            yield facet
        before = facet.topics
