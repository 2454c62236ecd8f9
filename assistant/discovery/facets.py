"""what can a search be narrowed to? folders, tags, kinds of document and days, each with how many topics it leaves"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from assistant.discovery.overview import Contents, Listed
from index.records import NoteFilter
from index.retrieval import NoteIndex, filter_text, parse_filters

MAX_CHOICES: Final = 5
"""Folders, tags or kinds that are offered at once: those of the topics found, the largest first."""

PERIODS: Final[Mapping[str, str]] = {"past week": "Last 7 days", "past month": "Last 30 days", "this year": "This year"}
"""How the days are called that are offered."""


class Facet(NamedTuple):
    """What a search can be narrowed to."""

    label: str
    filter: str
    """As it is typed."""
    topics: int
    """How many it leaves to be searched."""


def offered_facets(index: NoteIndex, contents: Contents, topics: Sequence[Listed], today: date) -> list[Facet]:
    """Return what a search that found some topics can be narrowed to.

    What leaves all topics, or none, is not offered, nor are folders where subjects sort the topics.
    """
    numbers = [topic.number for topic in topics]
    offered = [*_folders(contents, topics), *_named(index, "tag", numbers), *_named(index, "kind", numbers)]
    offered += _periods(index, today)
    return [facet for facet in offered if 0 < facet.topics < len(contents.topics)]


def _folders(contents: Contents, topics: Sequence[Listed]) -> Iterator[Facet]:
    if contents.grouping.by == "folder":
        near = set(map(contents.grouping.group_of, topics))
        for name in _nearest_first(contents.groups, near):
            yield Facet(name, filter_text("folder", name), contents.groups[name])


def _named(index: NoteIndex, facet: str, topic_ids: Sequence[int]) -> Iterator[Facet]:
    counts = index.counts(facet)
    for name in _nearest_first(counts, index.values_of(facet, topic_ids)):
        yield Facet(f"#{name}" if facet == "tag" else name, filter_text(facet, name), counts[name])


def _nearest_first(counts: Mapping[str, int], near: set[str]) -> list[str]:
    """Return the names that topics found have; all where there are few."""
    return [name for name in counts if name in near or len(counts) <= MAX_CHOICES][:MAX_CHOICES]


def _periods(index: NoteIndex, today: date) -> Iterator[Facet]:
    before = 0
    for period, label in PERIODS.items():
        typed = filter_text("date", period)
        left = len(index.topics(parse_filters(typed, today) or NoteFilter()))
        if left > before:  # a longer time that holds no more says nothing new
            yield Facet(label, typed, left)
        before = left
