"""one revision of the library, ready to be searched: a checkpoint and what came after it"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from index.catalog import Catalog
from index.checkpoint import checkpoint_stamp, open_checkpoint
from index.columns import ASKED, ENTRY, TOPIC, Columns, Ids, slot_bit, title_hash
from index.dense import DenseIndex
from index.fuse import fuse
from index.records import Slot, Vectors
from index.shadow import Stamp

CANDIDATES_PER_HIT: Final = 12
"""Nearest passages looked at for each topic wanted: a topic has about ten, and may hold several of the nearest."""

ASKED_WEIGHT: Final = 0.5
"""How far a matching way to ask lifts a topic above what its text scores. On the tuning half of
`tests/cases/questions.jsonl`, success@1 is .865 with 1, .897 with 0.5 and .845 with 0."""

EXACT_TITLE: Final = 1.0
"""The score of a topic whose title is the question, or that was marked as answering it."""

NOT_MATCHED: Final = -1.0
"""The score of what was not searched: the lowest cosine there is."""

SETTLING: Final = 1_000
"""Topics whose mean stands for that of all: it is off by a thirtieth of a unit vector, 1 / sqrt(1000)."""

SETTLING_TITLE: Final = 30
"""Topics of one title whose mean stands for that of all of them."""

PRIOR_TOPICS: Final = 10
"""How many topics it takes until half of what all have in common is taken off: two topics are no library yet."""


class Asked(NamedTuple):
    """A question in all the forms it is searched in."""

    question: str
    query: Vectors
    """Its vector, shape (dimension,)."""
    shares: Mapping[int, float]
    """The topics found by words, with the share of the words that they hold."""
    learned: Sequence[int] = ()
    """The topics that were marked as answering this very question."""
    literal: Sequence[int] = ()
    """The topics that hold what the question puts in quotes or backticks; they come first."""
    subject: str | None = None
    slot: Slot | None = None


class ScoredTopic(NamedTuple):
    """A topic's place in a ranking."""

    topic_id: int
    score: float
    likeness: float
    """By meaning alone."""
    entry_scores: tuple[float, ...]
    entry_spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Part:
    """Some of the library's topics; immutable, so that any number of questions may share it."""

    columns: Columns
    dense: DenseIndex
    gone: Ids
    """The positions of topics that are no longer there."""

    @cached_property
    def gone_rows(self) -> Ids:
        """The rows that must not be found."""
        return self.columns.rows_of(self.gone)

    @cached_property
    def present(self) -> npt.NDArray[np.bool_]:
        """Whether each topic is still there."""
        present = np.ones(len(self.columns.topic_ids), dtype=bool)
        present[self.gone] = False
        return present

    def nearest_topics(self, asked: Asked, count: int) -> list[ScoredTopic]:
        """Return up to `count` topics, best first, that have the subject and the slot asked for."""
        allowed = self._allowed(asked.subject, asked.slot)
        permitted = self.present if allowed is None else allowed
        exact = self._exact(asked)
        exact = exact[permitted[exact]]
        by_words = self.columns.positions(np.array(sorted({*asked.shares, *asked.literal}), dtype=np.int64))
        topics = np.unique(
            np.concatenate([exact, by_words[permitted[by_words]], self._by_meaning(asked.query, count, allowed)])
        )
        if not len(topics):
            return []
        shares = [asked.shares.get(id_, 0.0) for id_ in self.columns.topic_ids[topics].tolist()]
        likeness = self._likeness(topics, asked.query, asked.slot)
        scores = fuse(likeness, np.array(shares, dtype=np.float32))
        scores[np.isin(topics, exact)] = EXACT_TITLE
        if asked.literal:
            scores = _first(scores, np.isin(self.columns.topic_ids[topics], asked.literal))
        best = np.argsort(-scores, kind="stable")[:count]
        return [self._scored(int(topics[i]), float(scores[i]), float(likeness[i]), asked) for i in best]

    def _exact(self, asked: Asked) -> Ids:
        """Return the positions of the topics whose title is the question, or that it was marked for."""
        titled = np.flatnonzero(self.columns.titles == np.uint64(title_hash(asked.question)))
        return np.union1d(titled, self.columns.positions(np.array(asked.learned, dtype=np.int64)))

    def _by_meaning(self, query: Vectors, count: int, allowed: npt.NDArray[np.bool_] | None) -> Ids:
        """Return the positions of at least `count` topics whose passages are nearest to a vector, if there are."""
        within = None if allowed is None else self.columns.rows_of(np.flatnonzero(allowed))
        available = len(self.columns) - len(self.gone_rows) if within is None else len(within)
        topics = np.empty(0, dtype=np.int64)
        wanted = count * CANDIDATES_PER_HIT
        while available and len(topics) < count:
            rows = self.dense.nearest(query, min(wanted, available), within, self.gone_rows)
            topics = np.unique(self.columns.topic_of_row[rows])
            if wanted >= available:
                break
            wanted *= 4
        return topics

    def _allowed(self, subject: str | None, slot: Slot | None) -> npt.NDArray[np.bool_] | None:
        """Say which topics a filter lets through; None where there is no filter."""
        if subject is None and slot is None:
            return None
        allowed = self.present.copy()
        if subject is not None:
            allowed &= self.columns.subject_names[self.columns.subjects] == subject
        if slot is not None:
            allowed &= (self.columns.slot_bits & slot_bit(slot)) > 0
        return allowed

    def _likeness(self, topics: Ids, query: Vectors, slot: Slot | None) -> Vectors:
        """Score topics by the best entry and by the whole together, or by a way they are also asked for."""
        rows = self.columns.rows_of(topics)
        places = np.searchsorted(topics, self.columns.topic_of_row[rows])
        scores = self._cosines(rows, query, slot)
        best = np.full((3, len(topics)), NOT_MATCHED, dtype=np.float32)
        np.maximum.at(best, (self.columns.kinds[rows], places), scores)
        whole = np.where(best[TOPIC] > NOT_MATCHED, best[TOPIC], best[ENTRY])
        score = (best[ENTRY] + whole) / 2
        return np.asarray(score + np.maximum(best[ASKED] - score, 0) * ASKED_WEIGHT)

    def _cosines(self, rows: Ids, query: Vectors, slot: Slot | None) -> Vectors:
        scores = np.asarray(self.columns.vectors[rows].astype(np.float32) @ query)
        if slot is not None:
            others = (self.columns.kinds[rows] == ENTRY) & (self.columns.row_slots[rows] != slot_bit(slot))
            scores[others] = NOT_MATCHED
        return scores

    def _scored(self, topic: int, score: float, likeness: float, asked: Asked) -> ScoredTopic:
        rows = np.arange(*self.columns.starts[topic : topic + 2])
        rows = rows[self.columns.kinds[rows] == ENTRY]
        scores = self._cosines(rows, asked.query, asked.slot)
        entries = self.columns.entries[rows]
        best = [int(np.argmax(np.where(entries == entry, scores, -np.inf))) for entry in range(entries.max() + 1)]
        spans = tuple((int(start), int(end)) for start, end in self.columns.spans[rows[best]])
        entry_scores = tuple(float(scores[row]) for row in best)
        return ScoredTopic(int(self.columns.topic_ids[topic]), score, likeness, entry_scores, spans)


@dataclass(frozen=True)
class Snapshot:
    """The topics of one revision: those of a checkpoint, and those that came after it."""

    revision: int
    parts: tuple[Part, ...]
    base_revision: int
    """The revision of the checkpoint, the first part; 0 where there is none."""

    @classmethod
    def load(cls, catalog: Catalog, folder: Path, before: Snapshot | None = None) -> Snapshot:
        """Return the catalog's present revision, going on from a checkpoint, at best the one already open."""
        stamp = checkpoint_stamp(folder, catalog)
        opened = _open_base(folder, stamp, before) if stamp else None
        if not (stamp and opened):
            return cls(catalog.revision(), (_later_part(catalog, 0),), 0)
        gone = opened[0].positions(catalog.topics_gone_since(stamp.revision))
        base, later = Part(*opened, gone), _later_part(catalog, stamp.last_topic)
        return cls(catalog.revision(), (base, later) if len(later.columns) else (base,), stamp.revision)

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

    def nearest_topics(self, asked: Asked, count: int) -> list[ScoredTopic]:
        """Return up to `count` topics, best first; one whose title is the question comes first."""
        found = [topic for part in self.parts for topic in part.nearest_topics(asked, count)]
        return sorted(found, key=lambda topic: -topic.score)[:count]

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


def _first(scores: Vectors, first: npt.NDArray[np.bool_]) -> Vectors:
    """Put some scores into the upper half and the others into the lower one, each half in its order."""
    return np.where(first, (1 + np.maximum(scores, 0)) / 2, scores / 2)


def _open_base(folder: Path, stamp: Stamp, before: Snapshot | None) -> tuple[Columns, DenseIndex] | None:
    if before and before.base_revision == stamp.revision:
        return before.parts[0].columns, before.parts[0].dense
    return open_checkpoint(folder, stamp)


def _later_part(catalog: Catalog, last_topic: int) -> Part:
    columns = Columns.gather(catalog.passage_rows(after_topic=last_topic))
    return Part(columns, DenseIndex(columns.vectors), np.empty(0, dtype=np.int64))
