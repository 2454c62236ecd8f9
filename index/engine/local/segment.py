"""some of the library's topics, ready to be searched: candidates for a question, and how near each is to it"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from index.engine.local.columns import ASKED, ENTRY, KINDS, TOPIC, Columns
from index.engine.local.dense import DenseIndex
from index.records import Ids, Slot, Span, Vectors, slot_bit
from index.text import title_hash

CANDIDATES_PER_HIT: Final = 12
"""Nearest passages looked at for each topic wanted: a topic has about ten, and may hold several of the nearest."""

MIN_HITS: Final = 10
"""Topics wanted by meaning, however few are asked for: what comes first does not depend on how many come after it."""

ASKED_WEIGHT: Final = 0.5
"""How far a matching way to ask lifts a topic above what its text scores. On the tuning half of
`tests/cases/questions.jsonl`, success@1 is .865 with 1, .897 with 0.5 and .845 with 0."""

NOT_MATCHED: Final = -1.0
"""The similarity of what was not searched: the lowest cosine there is."""


class Filters(NamedTuple):
    """Which topics are searched; all of them where nothing is given."""

    subjects: Sequence[str] | None = None
    """The ways in which the one that is searched is written."""
    slot: Slot | None = None


class Candidates(NamedTuple):
    """Topics that may match a question, a place each in every array."""

    topic_ids: Ids
    similarity: Vectors
    """By meaning alone: the mean of the cosines of the best entry and of the topic as a whole."""
    question_boost: Vectors
    """By how much a way to ask for the topic comes nearer than that."""
    is_exact: npt.NDArray[np.bool_]
    """Whether its title is the question, or it was marked as answering it."""

    @classmethod
    def none(cls) -> Candidates:
        """Return no candidates."""
        return cls(np.empty(0, np.int64), np.empty(0, np.float32), np.empty(0, np.float32), np.empty(0, np.bool_))

    @classmethod
    def merge(cls, several: Sequence[Candidates]) -> Candidates:
        """Return those of several parts together."""
        return cls(*(np.concatenate(column) for column in zip(*several, strict=True)))


class EntryMatch(NamedTuple):
    """How the best passage of an entry matches a vector."""

    score: float
    span: Span
    """Where the passage begins and ends in the entry's text, in characters."""


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

    def candidates(self, vector: Vectors, count: int, named: Iterable[int], exact: Ids, filters: Filters) -> Candidates:
        """Return those of at least `count` topics nearest to a vector, of the ones named and of the exact ones.

        What is named is given by topic id, what is exact by position; a filter leaves out those that it does not allow.
        """
        allowed = self._allowed(filters)
        permitted = self.present if allowed is None else allowed
        listed = self.columns.positions(np.array(sorted(set(named)), dtype=np.int64))
        exact = exact[permitted[exact]]
        nearest = self._nearest(vector, count, allowed)
        topics = np.unique(np.concatenate([exact, listed[permitted[listed]], nearest]))
        if not len(topics):
            return Candidates.none()
        similarity, boost = self._similarity(topics, vector, filters.slot)
        return Candidates(self.columns.topic_ids[topics], similarity, boost, np.isin(topics, exact))

    def exact(self, question: str, learned: Sequence[int]) -> Ids:
        """Return the positions of the topics whose title is the question, and of those that have learned it."""
        titled = np.flatnonzero(self.columns.titles == np.uint64(title_hash(question)))
        return np.union1d(titled, self.columns.positions(np.array(learned, dtype=np.int64)))

    def _nearest(self, vector: Vectors, count: int, allowed: npt.NDArray[np.bool_] | None) -> Ids:
        """Return the positions of at least `count` topics whose passages are nearest to a vector, if there are."""
        within = None if allowed is None else self.columns.rows_of(np.flatnonzero(allowed))
        available = len(self.columns) - len(self.gone_rows) if within is None else len(within)
        count = max(count, MIN_HITS)
        topics = np.empty(0, dtype=np.int64)
        wanted = count * CANDIDATES_PER_HIT
        while available and len(topics) < count:
            rows = self.dense.nearest(vector, min(wanted, available), within, self.gone_rows)
            topics = np.unique(self.columns.topic_of_row[rows])
            if wanted >= available:
                break
            wanted *= 4  # few searches, of which the last one costs most
        return topics

    def _allowed(self, filters: Filters) -> npt.NDArray[np.bool_] | None:
        """Say which topics a filter lets through; None where there is no filter."""
        if filters == Filters():
            return None
        allowed = self.present.copy()
        if filters.subjects is not None:
            allowed &= np.isin(self.columns.subject_names, filters.subjects)[self.columns.subjects]
        if filters.slot is not None:
            allowed &= (self.columns.slot_bits & slot_bit(filters.slot)) > 0
        return allowed

    def _similarity(self, topics: Ids, vector: Vectors, slot: Slot | None) -> tuple[Vectors, Vectors]:
        """Return how near topics are by the best entry and the whole together, and what a way to ask adds to that."""
        rows = self.columns.rows_of(topics)
        places = np.searchsorted(topics, self.columns.topic_of_row[rows])
        best = np.full((len(KINDS), len(topics)), NOT_MATCHED, dtype=np.float32)
        np.maximum.at(best, (self.columns.kinds[rows], places), self._cosines(rows, vector, slot))
        whole = np.where(best[TOPIC] > NOT_MATCHED, best[TOPIC], best[ENTRY])
        similarity = (best[ENTRY] + whole) / 2
        return similarity, np.maximum(best[ASKED] - similarity, 0) * ASKED_WEIGHT

    def _cosines(self, rows: Ids, vector: Vectors, slot: Slot | None) -> Vectors:
        cosines = np.asarray(self.columns.vectors[rows].astype(np.float32) @ vector)
        if slot is not None:
            others = (self.columns.kinds[rows] == ENTRY) & (self.columns.row_slots[rows] != slot_bit(slot))
            cosines[others] = NOT_MATCHED
        return cosines

    def entry_matches(self, topic_id: int, vector: Vectors, slot: Slot | None) -> tuple[EntryMatch, ...]:
        """Return how each entry of a topic matches a vector; nothing where the topic is not here."""
        positions = self.columns.positions(np.array([topic_id]))
        rows = self.columns.rows_of(positions)
        rows = rows[self.columns.kinds[rows] == ENTRY]
        if not len(rows):
            return ()
        scores = self._cosines(rows, vector, slot)
        entries = self.columns.entries[rows]
        best = _best_rows(entries, scores)
        spans = self.columns.spans[rows[best]].tolist()
        return tuple(
            EntryMatch(float(scores[row]), (start, end)) for row, (start, end) in zip(best, spans, strict=True)
        )


def _best_rows(entries: npt.NDArray[np.int32], scores: Vectors) -> Ids:
    """Return where the best score of each entry stands; 0 for an entry that has none.

    >>> _best_rows(np.array([0, 0, 2], dtype=np.int32), np.array([0.1, 0.3, 0.2])).tolist()
    [1, 0, 2]
    """
    order = np.lexsort((-scores, entries))
    entry, first = np.unique(entries[order], return_index=True)
    best = np.zeros(int(entries.max(initial=-1)) + 1, dtype=np.int64)
    best[entry] = order[first]
    return best
