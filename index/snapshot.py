"""one revision of the library in memory: a question's vector -> scored topics"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from index.catalog import Catalog, PassageTable, TopicFacets
from index.dense import DenseIndex, Ids
from index.records import Slot, Vectors

CANDIDATES_PER_HIT: Final = 12
"""Nearest passages looked at for each topic wanted: a topic has about ten, and may hold several of the nearest."""

ASKED_WEIGHT: Final = 0.5
"""How far a matching way to ask lifts a topic above what its text scores. On the tuning half of
`tests/cases/questions.jsonl`, success@1 is .865 with 1, .897 with 0.5 and .845 with 0."""

EXACT_TITLE: Final = 1.0
"""The score of a topic whose title is the question."""

NOT_MATCHED: Final = -1.0
"""The score of what was not searched: the lowest cosine there is."""


class ScoredTopic(NamedTuple):
    """A topic's place in a ranking."""

    topic_id: int
    score: float
    entry_scores: tuple[float, ...]
    entry_spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Snapshot:
    """The passages of one revision; immutable, so that any number of questions may share it."""

    revision: int
    passages: PassageTable
    facets: dict[int, TopicFacets]
    """What topics are filtered by, by their ids."""

    @classmethod
    def load(cls, catalog: Catalog) -> Snapshot:
        """Read the catalog's present revision."""
        facets = {facets.topic_id: facets for facets in catalog.topic_facets()}
        return cls(catalog.revision(), catalog.passage_table(), facets)

    @cached_property
    def _dense(self) -> DenseIndex:
        return DenseIndex(np.arange(len(self.passages.topic_ids)), self.passages.vectors)

    @cached_property
    def topic_vectors(self) -> tuple[Ids, Vectors]:
        """The ids of all topics, and what the entries of each are about together: shape (topics, dimension)."""
        rows = np.flatnonzero(self.passages.kinds == "entry")
        ids, firsts = np.unique(self.passages.topic_ids[rows], return_index=True)
        if not len(ids):
            return ids, self.passages.vectors[:0]
        return ids, unit_vectors(np.add.reduceat(self.passages.vectors[rows], firsts, axis=0))

    @cached_property
    def subjects(self) -> dict[str, int]:
        """Every subject with the number of its topics."""
        counts: dict[str, int] = {}
        for facets in self.facets.values():
            counts[facets.subject] = counts.get(facets.subject, 0) + 1
        return counts

    @cached_property
    def _ids_by_title(self) -> dict[str, list[int]]:
        ids: dict[str, list[int]] = {}
        for facets in self.facets.values():
            ids.setdefault(title_key(facets.title), []).append(facets.topic_id)
        return ids

    def nearest_topics(
        self,
        question: str,
        query: Vectors,
        count: int,
        *,
        subject: str | None = None,
        slot: Slot | None = None,
    ) -> list[ScoredTopic]:
        """Return up to `count` topics, best first, that have the subject and the slot asked for.

        `query` is the question's vector. A topic whose title is the question comes first.
        """
        allowed = self._topics_with(subject, slot)
        within = None if allowed is None else np.flatnonzero(np.isin(self.passages.topic_ids, list(allowed)))
        available = len(self.passages.topic_ids) if within is None else len(within)
        exact = [id_ for id_ in self._ids_by_title.get(title_key(question), []) if allowed is None or id_ in allowed]
        topics: dict[int, ScoredTopic] = {}
        wanted = count * CANDIDATES_PER_HIT
        while available and len(topics) < count:
            rows = [row for row, _ in self._dense.nearest(query, min(wanted, available), within)]
            ids = dict.fromkeys([*exact, *self.passages.topic_ids[rows].tolist()])
            topics = {id_: self._score(id_, query, slot) for id_ in ids}
            if wanted >= available:
                break
            wanted *= 4
        for id_ in exact:
            topics[id_] = topics[id_]._replace(score=EXACT_TITLE)
        return sorted(topics.values(), key=lambda topic: -topic.score)[:count]

    def _topics_with(self, subject: str | None, slot: Slot | None) -> set[int] | None:
        """Return the ids of the topics that a filter lets through; None where there is no filter."""
        if subject is None and slot is None:
            return None
        return {
            id_
            for id_, facets in self.facets.items()
            if subject in (None, facets.subject) and (slot is None or slot in facets.slots)
        }

    def _score(self, topic_id: int, query: Vectors, slot: Slot | None) -> ScoredTopic:
        """Score a topic by its best entry and by the topic as a whole together, or by a way it is also asked for."""
        first, last = np.searchsorted(self.passages.topic_ids, [topic_id, topic_id + 1])
        scores = self.passages.vectors[first:last] @ query
        kinds = self.passages.kinds[first:last]
        entries = self.passages.entries[first:last]

        slots = self.facets[topic_id].slots
        best_rows = [int(np.argmax(np.where(entries == position, scores, -np.inf))) for position in range(len(slots))]
        entry_scores = tuple(
            float(scores[row]) if slot in (None, its_slot) else NOT_MATCHED
            for row, its_slot in zip(best_rows, slots, strict=True)
        )
        best = max(entry_scores)
        whole = _highest(scores[kinds == "topic"], default=best)
        asked = _highest(scores[kinds == "asked"], default=NOT_MATCHED)
        spans = tuple((int(start), int(end)) for start, end in self.passages.spans[first:last][best_rows])
        score = (best + whole) / 2
        return ScoredTopic(topic_id, score + max(asked - score, 0) * ASKED_WEIGHT, entry_scores, spans)


def _highest(scores: npt.NDArray[np.float32], default: float) -> float:
    return float(scores.max()) if len(scores) else default


def title_key(text: str) -> str:
    """Return a title as it is compared with a question: case, code marks and a question mark do not count.

    >>> title_key("`is` vs. `==`?")
    'is vs. =='
    """
    return " ".join(text.replace("`", "").casefold().rstrip("?! ").split())


def unit_vectors(vectors: Vectors) -> Vectors:
    """Return the rows scaled to length one; a row of zeros stays."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = vectors / np.maximum(norms, np.finfo(np.float32).tiny)
    return unit
