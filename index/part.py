"""some of the library's topics, ready to be searched: which of them match a question best"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from index.columns import ASKED, ENTRY, KINDS, TOPIC, Columns, Ids, slot_bit, title_hash
from index.dense import DenseIndex
from index.fuse import fuse
from index.interaction import CLOSELY_READ
from index.records import Slot, Span, Vectors

CANDIDATES_PER_HIT: Final = 12
"""Nearest passages looked at for each topic wanted: a topic has about ten, and may hold several of the nearest."""

LEAST_HITS: Final = 10
"""Topics wanted by meaning, however few are asked for: what comes first does not depend on how many come after it."""

ASKED_WEIGHT: Final = 0.5
"""How far a matching way to ask lifts a topic above what its text scores. On the tuning half of
`tests/cases/questions.jsonl`, success@1 is .865 with 1, .897 with 0.5 and .845 with 0."""

EXACT_TITLE: Final = 1.0
"""The score of a topic whose title is the question, or that was marked as answering it."""

NOT_MATCHED: Final = -1.0
"""The score of what was not searched: the lowest cosine there is."""


class Search(NamedTuple):
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
    subjects: Sequence[str] | None = None
    """The ways in which the one that is searched is written."""
    slot: Slot | None = None
    closely: Callable[[Sequence[int], Vectors], Vectors] = lambda _, likeness: likeness
    """Gives the likeness of topics, given by id, once they are read token by token; it takes the one they had."""


class ScoredTopic(NamedTuple):
    """A topic's place in a ranking."""

    topic_id: int
    score: float
    likeness: float
    """By meaning alone."""
    entry_scores: tuple[float, ...]
    entry_spans: tuple[Span, ...]


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

    def nearest_topics(self, search: Search, count: int) -> list[ScoredTopic]:
        """Return up to `count` topics, best first, that have the subject and the slot asked for."""
        allowed = self._allowed(search.subjects, search.slot)
        permitted = self.present if allowed is None else allowed
        exact = self._exact(search)
        exact = exact[permitted[exact]]
        by_words = self.columns.positions(np.array(sorted({*search.shares, *search.literal}), dtype=np.int64))
        topics = np.unique(
            np.concatenate([exact, by_words[permitted[by_words]], self._by_meaning(search.query, count, allowed)])
        )
        if not len(topics):
            return []
        likeness, lift = self._likeness(topics, search.query, search.slot)
        scores = self._scores(topics, likeness + lift, exact, search)
        near = _best(scores, max(count, CLOSELY_READ))
        first, others = near[:CLOSELY_READ], near[CLOSELY_READ:]
        closely = search.closely(self.columns.topic_ids[topics[first]].tolist(), likeness[first])
        scores[first] = self._scores(topics[first], closely + lift[first], exact, search)
        scores[others] = np.minimum(scores[others], scores[first].min())  # whatever they score, they come after
        likeness = likeness + lift
        best = near[_best(scores[near], count)]
        return [self._scored(int(topics[i]), float(scores[i]), float(likeness[i]), search) for i in best]

    def _scores(self, topics: Ids, likeness: Vectors, exact: Ids, search: Search) -> Vectors:
        ids = self.columns.topic_ids[topics]
        scores = fuse(likeness, np.array([search.shares.get(id_, 0.0) for id_ in ids.tolist()], dtype=np.float32))
        scores[np.isin(topics, exact)] = EXACT_TITLE
        return _first(scores, np.isin(ids, search.literal)) if search.literal else scores

    def _exact(self, search: Search) -> Ids:
        """Return the positions of the topics whose title is the question, or that it was marked for."""
        titled = np.flatnonzero(self.columns.titles == np.uint64(title_hash(search.question)))
        return np.union1d(titled, self.columns.positions(np.array(search.learned, dtype=np.int64)))

    def _by_meaning(self, query: Vectors, count: int, allowed: npt.NDArray[np.bool_] | None) -> Ids:
        """Return the positions of at least `count` topics whose passages are nearest to a vector, if there are."""
        within = None if allowed is None else self.columns.rows_of(np.flatnonzero(allowed))
        available = len(self.columns) - len(self.gone_rows) if within is None else len(within)
        count = max(count, LEAST_HITS)
        topics = np.empty(0, dtype=np.int64)
        wanted = count * CANDIDATES_PER_HIT
        while available and len(topics) < count:
            rows = self.dense.nearest(query, min(wanted, available), within, self.gone_rows)
            topics = np.unique(self.columns.topic_of_row[rows])
            if wanted >= available:
                break
            wanted *= 4  # few searches, of which the last one costs most
        return topics

    def _allowed(self, subjects: Sequence[str] | None, slot: Slot | None) -> npt.NDArray[np.bool_] | None:
        """Say which topics a filter lets through; None where there is no filter."""
        if subjects is None and slot is None:
            return None
        allowed = self.present.copy()
        if subjects is not None:
            allowed &= np.isin(self.columns.subject_names, subjects)[self.columns.subjects]
        if slot is not None:
            allowed &= (self.columns.slot_bits & slot_bit(slot)) > 0
        return allowed

    def _likeness(self, topics: Ids, query: Vectors, slot: Slot | None) -> tuple[Vectors, Vectors]:
        """Score topics by the best entry and the whole together, and say how far a way to ask for them lifts that."""
        rows = self.columns.rows_of(topics)
        places = np.searchsorted(topics, self.columns.topic_of_row[rows])
        scores = self._cosines(rows, query, slot)
        best = np.full((len(KINDS), len(topics)), NOT_MATCHED, dtype=np.float32)
        np.maximum.at(best, (self.columns.kinds[rows], places), scores)
        whole = np.where(best[TOPIC] > NOT_MATCHED, best[TOPIC], best[ENTRY])
        score = (best[ENTRY] + whole) / 2
        return score, np.maximum(best[ASKED] - score, 0) * ASKED_WEIGHT

    def _cosines(self, rows: Ids, query: Vectors, slot: Slot | None) -> Vectors:
        scores = np.asarray(self.columns.vectors[rows].astype(np.float32) @ query)
        if slot is not None:
            others = (self.columns.kinds[rows] == ENTRY) & (self.columns.row_slots[rows] != slot_bit(slot))
            scores[others] = NOT_MATCHED
        return scores

    def _scored(self, topic: int, score: float, likeness: float, search: Search) -> ScoredTopic:
        rows = np.arange(*self.columns.starts[topic : topic + 2])
        rows = rows[self.columns.kinds[rows] == ENTRY]
        scores = self._cosines(rows, search.query, search.slot)
        entries = self.columns.entries[rows]
        best = [int(np.argmax(np.where(entries == entry, scores, -np.inf))) for entry in range(entries.max() + 1)]
        spans = tuple((int(start), int(end)) for start, end in self.columns.spans[rows[best]])
        entry_scores = tuple(float(scores[row]) for row in best)
        return ScoredTopic(int(self.columns.topic_ids[topic]), score, likeness, entry_scores, spans)


def _best(scores: Vectors, count: int) -> Ids:
    return np.argsort(-scores, kind="stable")[:count]


def _first(scores: Vectors, first: npt.NDArray[np.bool_]) -> Vectors:
    """Put some scores into the upper half and the others into the lower one, each half in its order."""
    return np.where(first, (1 + np.maximum(scores, 0)) / 2, scores / 2)
