"""one revision of the library, ready to be searched: a checkpoint and what came after it"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np

from index.catalog import Catalog
from index.engine.local.checkpoint import CHECKPOINT, open_checkpoint
from index.engine.local.columns import ENTRY, Columns
from index.engine.local.dense import DenseIndex
from index.engine.local.segment import CANDIDATES_PER_HIT, Candidates, EntryMatch, Filters, Part
from index.records import Slot, Vectors
from index.storage import Manifest, known_manifest
from index.text import title_hash

SETTLING: Final = 1_000
"""Topics whose mean stands for that of all: it is off by a thirtieth of a unit vector, 1 / sqrt(1000)."""

SETTLING_TITLE: Final = 30
"""Topics of one title whose mean stands for that of all of them."""

PRIOR_TOPICS: Final = 10
"""How many topics it takes until half of what all have in common is taken off: two topics are no library yet."""


@dataclass(frozen=True)
class Snapshot:
    """The topics of one revision: those of a checkpoint, and those that came after it."""

    revision: int
    parts: tuple[Part, ...]
    base_token: str
    """The token of the checkpoint's revision, the first part; empty where there is none."""

    @classmethod
    def load(cls, catalog: Catalog, folder: Path, before: Snapshot | None = None) -> Snapshot:
        """Return the catalog's present revision, going on from a checkpoint, at best the one already open."""
        found = _open_base(folder, catalog, before)
        if not found:
            return cls(catalog.revision(), (_later_part(catalog, 0),), "")
        stamp, (columns, dense) = found
        gone = columns.positions(catalog.topics_gone_since(stamp.revision))
        base, later = Part(columns, dense, gone), _later_part(catalog, stamp.last_topic)
        if not base.present.any():  # by another model, its vectors may even have another length
            return cls(catalog.revision(), (later,), "")
        return cls(catalog.revision(), (base, later) if len(later.columns) else (base,), stamp.token)

    @cached_property
    def subjects(self) -> dict[str, int]:
        """Every subject with the number of its topics."""
        counts: dict[str, int] = {}
        for part in self.parts:
            names = part.columns.subject_names
            numbers = np.bincount(part.columns.subjects[part.present], minlength=len(names))
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
        found = [part.candidates(vector, count, named, part.exact(question, learned), filters) for part in self.parts]
        return Candidates.merge(found)

    def entry_matches(self, topic_id: int, vector: Vectors, slot: Slot | None) -> tuple[EntryMatch, ...]:
        """Return how each entry of a topic matches a vector."""
        return next(filter(None, (part.entry_matches(topic_id, vector, slot) for part in self.parts)), ())

    def nearest_passages(self, query: Vectors, count: int) -> list[int]:
        """Return up to `count` topics by their nearest passage alone, ways to ask left out."""
        best: dict[int, float] = {}
        for part in self.parts:
            entries = np.flatnonzero((part.columns.kinds == ENTRY) & part.present[part.columns.topic_of_row])
            rows = part.dense.nearest(query, min(count * CANDIDATES_PER_HIT, len(entries)), entries)
            scores = part.columns.vectors[rows].astype(np.float32) @ query
            for topic, score in zip(part.columns.topic_of_row[rows].tolist(), scores.tolist(), strict=True):
                best.setdefault(int(part.columns.topic_ids[topic]), score)
        return sorted(best, key=lambda id_: -best[id_])[:count]

    def has_title(self, title: str) -> bool:
        """Say whether a topic has this title, as `title_key` compares them."""
        hash_ = np.uint64(title_hash(title))
        return any(bool(((part.columns.titles == hash_) & part.present).any()) for part in self.parts)

    @cached_property
    def common(self) -> Vectors:
        """What all topics have in common, to be taken off before two are compared: shape (1 + slots, dimension).

        It is the mean of their views, learnt from so many topics, evenly spread, as settle it.
        """
        step = max(1, sum(int(part.present.sum()) for part in self.parts) // SETTLING)
        views = [part.columns.views(np.flatnonzero(part.present)[::step]) for part in self.parts]
        filled = np.concatenate([one for one in views if len(one)] or views[:1])
        counts = filled.any(axis=2).sum(axis=0)[:, None]
        return np.asarray(filled.sum(axis=0) / (counts + PRIOR_TOPICS))

    @cached_property
    def recurring_titles(self) -> dict[int, int]:
        """The `title_hash` of each title that several topics have, with the number of them."""
        titles, counts = np.unique(
            np.concatenate([part.columns.titles[part.present] for part in self.parts]), return_counts=True
        )
        return dict(zip(titles[counts > 1].tolist(), counts[counts > 1].tolist(), strict=True))

    def common_to_title(self, title: int) -> Vectors:
        """Return what the topics of a recurring title have in common beyond `common`, in the same shape.

        "Requirements" or "Log" says what form a note has, not what it is about.
        """
        if title not in self._common_to_titles:
            topics = [np.flatnonzero((part.columns.titles == title) & part.present) for part in self.parts]
            step = 1 + self.recurring_titles[title] // SETTLING_TITLE
            views = np.concatenate(
                [part.columns.views(some[::step]) for part, some in zip(self.parts, topics, strict=True)]
            )
            is_filled = views.any(axis=2, keepdims=True)
            mean = np.where(is_filled, views - self.common, 0).sum(axis=0) / np.maximum(is_filled.sum(axis=0), 1)
            self._common_to_titles[title] = mean * (1 - self.rest_of_title(title))
        return self._common_to_titles[title]

    def rest_of_title(self, title: int) -> float:
        """Return how far what topics of a title share is their own and not the form's: 1 for a title of one topic."""
        count = self.recurring_titles.get(title, 0)
        return PRIOR_TOPICS / (count + PRIOR_TOPICS)

    def titled(self, title: int) -> list[int]:
        """Return the topics that have a title, given by its `title_hash`."""
        return [
            id_
            for part in self.parts
            for id_ in part.columns.topic_ids[(part.columns.titles == title) & part.present].tolist()
        ]

    @cached_property
    def _common_to_titles(self) -> dict[int, Vectors]:
        return {}


def _open_base(
    folder: Path, catalog: Catalog, before: Snapshot | None
) -> tuple[Manifest, tuple[Columns, DenseIndex]] | None:
    stamp = known_manifest(folder, CHECKPOINT, catalog)
    if stamp and before and before.base_token == stamp.token:
        return stamp, (before.parts[0].columns, before.parts[0].dense)
    return open_checkpoint(folder, catalog)


def _later_part(catalog: Catalog, last_topic: int) -> Part:
    columns = Columns.gather(catalog.passage_rows(after_topic=last_topic))
    return Part(columns, DenseIndex(columns.vectors), np.empty(0, dtype=np.int64))
