"""a reranker that reads the question together with each topic's best entry"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from index.embedding import CrossEncoder
from index.markdown import visible_text
from index.records import Topic, Vectors
from index.retrieval.late_interaction import Reranked
from index.retrieval.ranking import Reranker, SearchRequest
from index.storage import Reader


def cross_encoded(reader: Reader, encoder: CrossEncoder, before: Reranker) -> Reranker:
    """Return a reranker that mixes the similarity of the one `before` with that of a cross-encoder, by its weight."""

    def rerank(request: SearchRequest, row_ids: Sequence[int], similarity: Vectors) -> Reranked:
        closer = before(request, row_ids, similarity)
        topics = reader.topics(row_ids)
        there = [row for row, id_ in enumerate(row_ids) if id_ in topics]
        texts = [passage_of(topics[row_ids[row]].topic, closer.entries.get(row_ids[row], {})) for row in there]
        if not texts:
            return closer
        mixed = np.array(closer.similarity, dtype=np.float32)
        read = encoder.similarity(request.query.text, texts)
        mixed[there] = (1 - encoder.weight) * mixed[there] + encoder.weight * read
        return Reranked(mixed, closer.entries)

    return rerank


def passage_of(topic: Topic, closeness: Mapping[int, float]) -> str:
    """Return the text of a topic that is read: its headings, and its most similar entry or else the first."""
    best = max(closeness, key=closeness.__getitem__, default=0)
    entries = topic.entries[best : best + 1]
    return " > ".join((topic.heading_path, *(visible_text(entry.text).strip() for entry in entries)))
