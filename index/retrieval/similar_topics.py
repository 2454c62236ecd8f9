"""a topic -> the topics like it, by what sets them apart from the rest of the library"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from index.arrays import unit_vectors
from index.records import Ids, Vectors
from index.storage import DenseReader, Reader, TopicViews

NEAREST_PASSAGES: Final = 100
"""Passages looked at for like topics: a topic has about ten, so these are the ten to fifty topics around it."""


class LikeTopics(NamedTuple):
    """The topics around another one, by their row ids."""

    similarity: Mapping[int, float]
    """How like it each is: at most 1, 0 where nothing is shared."""
    lexical_scores: Mapping[int, float]
    """The share of the words asked for, 0 to 1, of each topic that was found by them."""
    same_title: frozenset[int]


def like_topics(
    reader: Reader, topic: TopicViews, others: Iterable[int] = (), words: Sequence[str] = (), holders: int = 0
) -> LikeTopics:
    """Return the topics around another one, of which the views are given, so many `holders` of words, and the others.

    A topic that is not there, and so has no views, has none around it.
    """
    if not len(topic.row_ids):
        return LikeTopics({}, {}, frozenset())
    dense = reader.snapshot()
    own = _centred(dense, topic)[0]
    views, scores = reader.neighbours(own[0], NEAREST_PASSAGES, words, holders, others)
    similarity = dict(zip(views.row_ids.tolist(), _similarity(own, _centred(dense, views)).tolist(), strict=True))
    similarity.pop(int(topic.row_ids[0]), None)
    return LikeTopics(similarity, scores, frozenset(views.row_ids[views.titles == topic.titles[0]].tolist()))


def centred_views(dense: DenseReader, row_ids: Iterable[int]) -> Mapping[int, Vectors]:
    """Return what sets topics apart from the rest, by id: as a whole, and in each slot; unit vectors or zeros."""
    views = dense.views(row_ids)
    return dict(zip(views.row_ids.tolist(), _centred(dense, views), strict=True))


def all_centred(dense: DenseReader) -> tuple[Ids, Vectors]:
    """Return the ids of all topics, and what sets each as a whole apart: shape (topics, dimension)."""
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
    """Return the mean of two cosines: of the wholes, and of the slots that both have, like with like."""
    cosines = np.einsum("vd,tvd->tv", own, others)
    shared = np.logical_and(own.any(axis=1), others.any(axis=2))[:, 1:]
    slots = np.where(shared, cosines[:, 1:], 0).sum(axis=1) / np.maximum(shared.sum(axis=1), 1)
    return np.asarray((cosines[:, 0] + np.where(shared.any(axis=1), slots, cosines[:, 0])) / 2)
