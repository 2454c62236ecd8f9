"""which topics are like a given one? by centred vectors: what sets a topic apart from the rest of the library"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from index.arrays import unit_vectors
from index.records import Ids, Vectors
from index.storage import DenseReader, Reader, TopicViews

NEAREST_PASSAGES: Final = 100
"""Nearest passages that name candidates: a topic has about ten passages, so these name ten to fifty topics."""


class LikeTopics(NamedTuple):
    """The topics around another one, by their row ids."""

    similarity: Mapping[int, float]
    """The similarity of each topic: at most 1, and 0 if nothing is shared."""
    lexical_scores: Mapping[int, float]
    """The share of the given words, 0 to 1, that each topic found by words holds."""
    same_title: frozenset[int]


def like_topics(
    reader: Reader, topic: TopicViews, others: Iterable[int] = (), words: Sequence[str] = (), holders: int = 0
) -> LikeTopics:
    """Return the topics around the one whose `views` are given, and up to `holders` that hold the given words.

    A topic without views, which is not in the index, has none around it.
    """
    if not len(topic.row_ids):
        return LikeTopics({}, {}, frozenset())
    dense = reader.snapshot()
    own = _centred(dense, topic)[0]
    views, scores = reader.neighbours(own[0], NEAREST_PASSAGES, words, holders, others)
    similarity = dict(zip(views.row_ids.tolist(), _similarity(own, _centred(dense, views)).tolist(), strict=True))
    similarity.pop(int(topic.row_ids[0]), None)
    return LikeTopics(similarity, scores, frozenset(views.row_ids[views.titles == topic.titles[0]].tolist()))


def all_centred(dense: DenseReader) -> tuple[Ids, Vectors]:
    """Return the row ids of all topics and their centred vectors: shape (topics, dimension)."""
    ids, wholes = [np.zeros(0, dtype=np.int64)], []
    for some in dense.all_views():
        ids.append(some.row_ids)
        wholes.append(_centred(dense, some)[:, 0])
    return np.concatenate(ids), np.concatenate(wholes or [np.zeros((0, 0), dtype=np.float32)])


def _centred(dense: DenseReader, topics: TopicViews) -> Vectors:
    if not len(topics.row_ids):
        return topics.views
    is_filled = topics.views.any(axis=2, keepdims=True)
    views = topics.views - dense.common
    forms = dense.common_to_titles(topics.titles.tolist())
    for place, title in enumerate(topics.titles.tolist()):
        if title in forms:
            views[place] -= forms[title]
    return unit_vectors(views * is_filled)


def _similarity(own: Vectors, others: Vectors) -> Vectors:
    """Return the mean of two cosines: of the whole topics, and of the same slots, where both have them."""
    cosines = np.einsum("vd,tvd->tv", own, others)
    shared = np.logical_and(own.any(axis=1), others.any(axis=2))[:, 1:]
    slots = np.where(shared, cosines[:, 1:], 0).sum(axis=1) / np.maximum(shared.sum(axis=1), 1)
    return np.asarray((cosines[:, 0] + np.where(shared.any(axis=1), slots, cosines[:, 0])) / 2)
