"""how near topics are to a question by the rows that an engine gives: the same arithmetic whichever engine that is"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from index.engine.columns import ASKED, ENTRY, KINDS, TOPIC, Columns
from index.records import Ids, Slot, Vectors, slot_bit
from index.storage import EntryMatch

CANDIDATES_PER_HIT: Final = 12
"""Nearest passages looked at for each topic wanted: a topic has about ten, and may hold several of the nearest."""

MIN_HITS: Final = 10
"""Topics wanted by meaning, however few are asked for: what comes first does not depend on how many come after it."""

ASKED_WEIGHT: Final = 0.5
"""How much a matching way to ask adds to the score of a topic's text. On the tuning half of
`tests/cases/questions.jsonl`, success@1 is .865 with 1, .897 with 0.5 and .845 with 0."""

NOT_MATCHED: Final = -1.0
"""The similarity of what was not searched: the lowest cosine there is."""

NO_MATCH: Final = EntryMatch(NOT_MATCHED, (0, 0))
"""How an entry matches of which nothing is seen, so that it has no passage."""

SETTLING: Final = 1_000
"""Topics whose mean stands for that of all: it is off by a thirtieth of a unit vector, 1 / sqrt(1000)."""

SETTLING_TITLE: Final = 30
"""Topics of one title whose mean stands for that of all of them."""

PRIOR_TOPICS: Final = 10
"""How many topics it takes until half of what all have in common is taken off: two topics are no library yet."""


def similarity_of(columns: Columns, topics: Ids, vector: Vectors, slot: Slot | None) -> tuple[Vectors, Vectors]:
    """Return how near topics are by the best entry and the whole together, and what a way to ask adds to that."""
    rows = columns.rows_of(topics)
    places = np.searchsorted(topics, columns.topic_of_row[rows])
    best = np.full((len(KINDS), len(topics)), NOT_MATCHED, dtype=np.float32)
    np.maximum.at(best, (columns.kinds[rows], places), _cosines(columns, rows, vector, slot))
    whole = np.where(best[TOPIC] > NOT_MATCHED, best[TOPIC], best[ENTRY])
    similarity = (best[ENTRY] + whole) / 2
    return similarity, np.maximum(best[ASKED] - similarity, 0) * ASKED_WEIGHT


def _cosines(columns: Columns, rows: Ids, vector: Vectors, slot: Slot | None) -> Vectors:
    cosines = np.asarray(columns.vectors[rows].astype(np.float32, copy=False) @ vector)
    if slot is not None:
        others = (columns.kinds[rows] == ENTRY) & (columns.row_slots[rows] != slot_bit(slot))
        cosines[others] = NOT_MATCHED
    return cosines


def entry_matches(
    columns: Columns, row_ids: Sequence[int], vector: Vectors, slot: Slot | None
) -> dict[int, tuple[EntryMatch, ...]]:
    """Return how each entry of some topics matches a vector: by its best passage; topics that are not here left out."""
    rows = columns.rows_of(columns.positions(np.array(row_ids, dtype=np.int64)))
    rows = rows[columns.kinds[rows] == ENTRY]
    if not len(rows):
        return {}
    topics, entries = columns.row_ids[columns.topic_of_row[rows]].tolist(), columns.entries[rows].tolist()
    scores, spans = _cosines(columns, rows, vector, slot).tolist(), columns.spans[rows].tolist()
    best: dict[int, dict[int, EntryMatch]] = {}
    for topic, entry, score, (start, end) in zip(topics, entries, scores, spans, strict=True):
        of_topic = best.setdefault(topic, {})
        if entry not in of_topic or score > of_topic[entry].score:
            of_topic[entry] = EntryMatch(score, (start, end))
    return {
        topic: tuple(of_topic.get(entry, NO_MATCH) for entry in range(max(of_topic) + 1))
        for topic, of_topic in best.items()
    }


def common_view(views: Vectors) -> Vectors:
    """Return what topics have in common: the mean of their views, drawn to zero where there are few of them."""
    counts = views.any(axis=2).sum(axis=0)[:, None]
    return np.asarray(views.sum(axis=0) / (counts + PRIOR_TOPICS))


def common_to_title(views: Vectors, common: Vectors, count: int) -> Vectors:
    """Return what the topics of a recurring title have in common beyond `common`, in the same shape.

    "Requirements" or "Log" says what form a note has, not what it is about.
    """
    is_filled = views.any(axis=2, keepdims=True)
    mean = np.where(is_filled, views - common, 0).sum(axis=0) / np.maximum(is_filled.sum(axis=0), 1)
    return np.asarray(mean * (1 - rest_of_title(count)))


def rest_of_title(count: int) -> float:
    """Return how far what so many topics of one title share is their own and not the form's."""
    return PRIOR_TOPICS / (count + PRIOR_TOPICS) if count > 1 else 1.0
