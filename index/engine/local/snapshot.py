"""one revision of the library, ready to be searched: a checkpoint and what came after it"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np

from index.catalog import Catalog
from index.engine.columns import ENTRY, Columns
from index.engine.local.checkpoint import CHECKPOINT, open_checkpoint
from index.engine.local.dense import DenseIndex
from index.engine.local.segment import Segment
from index.engine.scoring import (
    CANDIDATES_PER_HIT,
    SETTLING,
    SETTLING_TITLE,
    common_to_title,
    common_view,
    entry_matches,
    rest_of_title,
)
from index.records import SLOTS, Ids, Slot, Vectors, slot_bit
from index.storage import Candidates, EntryMatch, Filters, Manifest, TopicViews, known_manifest
from index.text import title_hash

VIEWS_AT_ONCE: Final = 2_000
"""Topics whose views are given at a time: 12 megabytes."""


@dataclass(frozen=True)
class Snapshot:
    """The topics of one revision: those of a checkpoint, and those that came after it."""

    revision: int
    segments: tuple[Segment, ...]
    base_token: str
    """The token of the checkpoint's revision, which is the first segment; empty where there is none."""

    @classmethod
    def load(cls, catalog: Catalog, folder: Path, before: Snapshot | None = None) -> Snapshot:
        """Load the catalog's present revision on top of a checkpoint; one that is open in `before` is reused."""
        opened = _open_base(folder, catalog, before)
        if not opened:
            return cls(catalog.revision(), (_later_segment(catalog, 0),), "")
        manifest, (columns, dense) = opened
        deleted = columns.positions(catalog.topics_deleted_since(manifest.revision))
        base, later = Segment(columns, dense, deleted), _later_segment(catalog, manifest.last_topic)
        if not base.alive.any():  # by another model, its vectors may even have another length
            return cls(catalog.revision(), (later,), "")
        return cls(catalog.revision(), (base, later) if len(later.columns) else (base,), manifest.token)

    @cached_property
    def subjects(self) -> dict[str, int]:
        """Every subject with the number of its topics."""
        counts: dict[str, int] = {}
        for segment in self.segments:
            names = segment.columns.subject_names
            numbers = np.bincount(segment.columns.subjects[segment.alive], minlength=len(names))
            for name, number in zip(names.tolist(), numbers.tolist(), strict=True):
                if number:
                    counts[name] = counts.get(name, 0) + number
        return counts

    def candidates(
        self, question: str, vector: Vectors, count: int, named: Iterable[int], learned: Sequence[int], filters: Filters
    ) -> Candidates:
        """Return at least `count` topics nearest to a vector, if there are, and those that are named or exact.

        A topic is exact whose title is the question, or that has learned it.
        """
        candidates = [
            segment.candidates(vector, count, named, segment.exact(question, learned), filters)
            for segment in self.segments
        ]
        return Candidates.merge(candidates)

    def entry_matches(
        self, row_ids: Sequence[int], vector: Vectors, slot: Slot | None
    ) -> dict[int, tuple[EntryMatch, ...]]:
        """Return how each entry of topics matches a vector."""
        matches = [entry_matches(segment.columns, row_ids, vector, slot) for segment in self.segments]
        return {row_id: entries for of_segment in matches for row_id, entries in of_segment.items()}

    def nearest_passages(self, query: Vectors, count: int) -> list[int]:
        """Return up to `count` topics by their nearest passage alone, ways to ask left out."""
        best: dict[int, float] = {}
        for segment in self.segments:
            entries = np.flatnonzero((segment.columns.kinds == ENTRY) & segment.alive[segment.columns.topic_of_row])
            rows = segment.dense.nearest(query, min(count * CANDIDATES_PER_HIT, len(entries)), entries)
            scores = segment.columns.vectors[rows].astype(np.float32, copy=False) @ query
            for topic, score in zip(segment.columns.topic_of_row[rows].tolist(), scores.tolist(), strict=True):
                best.setdefault(int(segment.columns.row_ids[topic]), score)
        return sorted(best, key=lambda id_: -best[id_])[:count]

    def has_title(self, title: str) -> bool:
        """Return whether a topic has this title, as `title_key` compares them."""
        hash_ = np.uint64(title_hash(title))
        return any(bool(((segment.columns.titles == hash_) & segment.alive).any()) for segment in self.segments)

    def slot_counts(self) -> dict[Slot, int]:
        """Return how many topics have each slot."""
        bits = [segment.columns.slot_bits[segment.alive] for segment in self.segments]
        return {slot: int(sum(np.count_nonzero(some & slot_bit(slot)) for some in bits)) for slot in SLOTS}

    def around(self, query: Vectors, count: int) -> Ids:
        """Return the ids of the topics of the passages nearest to a vector, `count` passages of each segment."""
        return np.concatenate([segment.around(query, count) for segment in self.segments])

    def views(self, row_ids: Iterable[int]) -> TopicViews:
        """Return the views of those topics that are alive."""
        named = np.unique(np.fromiter(row_ids, dtype=np.int64))
        several = [segment.views(segment.alive_positions(named)) for segment in self.segments]
        return TopicViews(*(np.concatenate(column) for column in zip(*_of_one_length(several), strict=True)))

    def all_views(self) -> Iterator[TopicViews]:
        """Yield the views of all topics, some topics at a time."""
        for segment in self.segments:
            topics = np.flatnonzero(segment.alive)
            yield from (
                segment.views(topics[start : start + VIEWS_AT_ONCE]) for start in range(0, len(topics), VIEWS_AT_ONCE)
            )

    @cached_property
    def common(self) -> Vectors:
        """The mean of all views, which is subtracted before two topics are compared: shape (1 + slots, dimension).

        It is taken over an even sample of the topics, large enough for the mean to be stable.
        """
        step = max(1, sum(int(segment.alive.sum()) for segment in self.segments) // SETTLING)
        views = [segment.columns.views(np.flatnonzero(segment.alive)[::step]) for segment in self.segments]
        return common_view(np.concatenate([some for some in views if len(some)] or views[:1]))

    @cached_property
    def _recurring_titles(self) -> dict[int, int]:
        """The `title_hash` of each title that several topics have, with the number of them."""
        titles, counts = np.unique(
            np.concatenate([segment.columns.titles[segment.alive] for segment in self.segments]), return_counts=True
        )
        return dict(zip(titles[counts > 1].tolist(), counts[counts > 1].tolist(), strict=True))

    def common_to_titles(self, titles: Iterable[int]) -> Mapping[int, Vectors]:
        """Return what the topics of each recurring title have in common beyond `common`, by its `title_hash`."""
        return {title: self._common_to_title(title) for title in {*titles} & self._recurring_titles.keys()}

    def _common_to_title(self, title: int) -> Vectors:
        if title not in self._common_to_titles:
            topics = [np.flatnonzero((segment.columns.titles == title) & segment.alive) for segment in self.segments]
            count = self._recurring_titles[title]
            step = 1 + count // SETTLING_TITLE
            views = [segment.columns.views(some[::step]) for segment, some in zip(self.segments, topics, strict=True)]
            self._common_to_titles[title] = common_to_title(np.concatenate(views), self.common, count)
        return self._common_to_titles[title]

    def rest_of_title(self, title: int) -> float:
        """Return how much of what topics of one title share is not due to a template: 1 for a single topic."""
        return rest_of_title(self._recurring_titles.get(title, 0))

    @cached_property
    def _common_to_titles(self) -> dict[int, Vectors]:
        return {}


def _of_one_length(several: Sequence[TopicViews]) -> Sequence[TopicViews]:
    """Leave out views without topics, whose vectors have no dimension, unless there are no others."""
    return [some for some in several if len(some.row_ids)] or several[:1]


def _open_base(
    folder: Path, catalog: Catalog, before: Snapshot | None
) -> tuple[Manifest, tuple[Columns, DenseIndex]] | None:
    manifest = known_manifest(folder, CHECKPOINT, catalog)
    if manifest and before and before.base_token == manifest.token:
        return manifest, (before.segments[0].columns, before.segments[0].dense)
    return open_checkpoint(folder, catalog)


def _later_segment(catalog: Catalog, last_topic: int) -> Segment:
    columns = Columns.gather(catalog.passage_rows(after_topic=last_topic))
    dense = DenseIndex(columns.vectors)
    return Segment(replace(columns, vectors=dense.vectors), dense, np.empty(0, dtype=np.int64))
