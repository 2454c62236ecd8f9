"""some of the library's topics, ready to be searched: candidates for a question, and how near each is to it"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from index.engine.columns import Columns
from index.engine.local.dense import DenseIndex
from index.engine.scoring import CANDIDATES_PER_HIT, MIN_HITS, similarity_of
from index.records import Ids, Vectors, slot_bit
from index.storage import Candidates, Filters, TopicViews
from index.text import title_hash


@dataclass(frozen=True)
class Segment:
    """Some of the library's topics; immutable, so that any number of questions may share it."""

    columns: Columns
    dense: DenseIndex
    deleted: Ids
    """The positions of topics that are no longer there."""

    @cached_property
    def deleted_rows(self) -> Ids:
        """The rows of deleted topics, which a search leaves out."""
        return self.columns.rows_of(self.deleted)

    @cached_property
    def alive(self) -> npt.NDArray[np.bool_]:
        """Whether each topic is alive, that is, not deleted: shape (topics,)."""
        alive = np.ones(len(self.columns.row_ids), dtype=bool)
        alive[self.deleted] = False
        return alive

    def alive_positions(self, row_ids: Ids) -> Ids:
        """Return the positions of those topics that are in this segment and alive, in ascending order."""
        topics = self.columns.positions(row_ids)
        return np.asarray(topics[self.alive[topics]])

    def around(self, query: Vectors, count: int) -> Ids:
        """Return the ids of the topics of the `count` passages that are nearest to a vector."""
        count = min(count, len(self.columns) - len(self.deleted_rows))
        if not count:
            return np.empty(0, dtype=np.int64)
        rows = self.dense.nearest(query, count, without=self.deleted_rows)
        return self.columns.row_ids[np.unique(self.columns.topic_of_row[rows])]

    def views(self, topics: Ids) -> TopicViews:
        """Return the views of topics, given by their ascending positions."""
        return TopicViews(self.columns.row_ids[topics], self.columns.titles[topics], self.columns.views(topics))

    def candidates(self, vector: Vectors, count: int, named: Iterable[int], exact: Ids, filters: Filters) -> Candidates:
        """Return the topics nearest to a vector, at least `count`, together with the `named` and the `exact` ones.

        Those `named` are given by row id, those `exact` by position; what the filters do not allow is left out.
        """
        allowed = self._allowed(filters)
        permitted = self.alive if allowed is None else allowed
        listed = self.columns.positions(np.array(sorted(set(named)), dtype=np.int64))
        exact = exact[permitted[exact]]
        nearest = self._nearest(vector, count, allowed)
        topics = np.unique(np.concatenate([exact, listed[permitted[listed]], nearest]))
        if not len(topics):
            return Candidates.none()
        similarity, boost = similarity_of(self.columns, topics, vector, filters.slot)
        return Candidates(self.columns.row_ids[topics], similarity, boost, np.isin(topics, exact))

    def exact(self, question: str, learned: Sequence[int]) -> Ids:
        """Return the positions of the topics whose title is the question, and of those that have learned it."""
        titled = np.flatnonzero(self.columns.titles == np.uint64(title_hash(question)))
        return np.union1d(titled, self.columns.positions(np.array(learned, dtype=np.int64)))

    def _nearest(self, vector: Vectors, count: int, allowed: npt.NDArray[np.bool_] | None) -> Ids:
        """Return the positions of the topics whose passages are nearest to a vector: at least `count`, if there are."""
        within = None if allowed is None else self.columns.rows_of(np.flatnonzero(allowed))
        available = len(self.columns) - len(self.deleted_rows) if within is None else len(within)
        count = max(count, MIN_HITS)
        topics = np.empty(0, dtype=np.int64)
        wanted = count * CANDIDATES_PER_HIT
        while available and len(topics) < count:
            rows = self.dense.nearest(vector, min(wanted, available), within, self.deleted_rows)
            topics = np.unique(self.columns.topic_of_row[rows])
            if wanted >= available:
                break
            wanted *= 4  # few searches, of which the last one costs most
        return topics

    def _allowed(self, filters: Filters) -> npt.NDArray[np.bool_] | None:
        """Return for each topic whether the filters allow it; None where there is no filter."""
        if filters.is_open:
            return None
        allowed = self.alive.copy()
        if filters.subjects is not None:
            allowed &= np.isin(self.columns.subject_names, filters.subjects)[self.columns.subjects]
        if filters.slot is not None:
            allowed &= (self.columns.slot_bits & slot_bit(filters.slot)) > 0
        if filters.row_ids is not None:
            allowed &= np.isin(self.columns.row_ids, filters.row_ids)
        return allowed
