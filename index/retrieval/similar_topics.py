"""a topic -> the topics like it, by what sets them apart from the rest of the library"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from index.arrays import unit_vectors
from index.engine import Part, Snapshot
from index.records import Ids, Vectors

NEAREST_PASSAGES: Final = 100
"""Passages looked at for like topics: a topic has about ten, so these are the ten to fifty topics around it."""

AT_ONCE: Final = 2_000
"""Topics in full precision at a time: 12 megabytes."""


def like_topics(snapshot: Snapshot, topic_id: int, others: Iterable[int] = ()) -> dict[int, float]:
    """Return how like a topic those around it are, and the others named: at most 1, 0 where nothing is shared.

    A topic that is not there has none like it.
    """
    own = centred_views(snapshot, [topic_id]).get(topic_id)
    if own is None:
        return {}
    likeness: dict[int, float] = {}
    named = np.unique(np.fromiter(others, dtype=np.int64))
    for part in snapshot.parts:
        topics = np.union1d(_present(part, named), _around(part, own[0]))
        scores = _likeness(own, _centred(snapshot, part, topics))
        likeness |= zip(part.columns.topic_ids[topics].tolist(), scores.tolist(), strict=True)
    likeness.pop(topic_id, None)
    return likeness


def centred_views(snapshot: Snapshot, topic_ids: Iterable[int]) -> Mapping[int, Vectors]:
    """Return what sets topics apart from the rest, by id: as a whole, and in each slot; unit vectors or zeros."""
    named = np.unique(np.fromiter(topic_ids, dtype=np.int64))
    found: dict[int, Vectors] = {}
    for part in snapshot.parts:
        topics = _present(part, named)
        found |= zip(part.columns.topic_ids[topics].tolist(), _centred(snapshot, part, topics), strict=True)
    return found


def all_centred(snapshot: Snapshot) -> tuple[Ids, Vectors]:
    """Return the ids of all topics, and what sets each as a whole apart: shape (topics, dimension)."""
    present = [np.flatnonzero(part.present) for part in snapshot.parts]
    wholes = [
        _centred(snapshot, part, topics[start : start + AT_ONCE])[:, 0]
        for part, topics in zip(snapshot.parts, present, strict=True)
        for start in range(0, len(topics), AT_ONCE)
    ]
    ids = [part.columns.topic_ids[topics] for part, topics in zip(snapshot.parts, present, strict=True)]
    return np.concatenate(ids), np.concatenate(wholes or [np.zeros((0, 0), dtype=np.float32)])


def _present(part: Part, topic_ids: Ids) -> Ids:
    topics = part.columns.positions(topic_ids)
    return np.asarray(topics[part.present[topics]])


def _around(part: Part, query: Vectors) -> Ids:
    count = min(NEAREST_PASSAGES, len(part.columns) - len(part.gone_rows))
    if not count:
        return np.empty(0, dtype=np.int64)
    return np.unique(part.columns.topic_of_row[part.dense.nearest(query, count, without=part.gone_rows)])


def _centred(snapshot: Snapshot, part: Part, topics: Ids) -> Vectors:
    views = part.columns.views(topics)
    is_filled = views.any(axis=2, keepdims=True)
    views -= snapshot.common
    for place, title in enumerate(part.columns.titles[topics].tolist()):
        if title in snapshot.recurring_titles:
            views[place] -= snapshot.common_to_title(title)
    return unit_vectors(views * is_filled)


def _likeness(own: Vectors, others: Vectors) -> Vectors:
    """Return the mean of two cosines: of the wholes, and of the slots that both have, like with like."""
    cosines = np.einsum("vd,tvd->tv", own, others)
    shared = np.logical_and(own.any(axis=1), others.any(axis=2))[:, 1:]
    slots = np.where(shared, cosines[:, 1:], 0).sum(axis=1) / np.maximum(shared.sum(axis=1), 1)
    return np.asarray((cosines[:, 0] + np.where(shared.any(axis=1), slots, cosines[:, 0])) / 2)
