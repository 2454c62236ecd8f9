"""which topics belong beside this one, and why"""

from __future__ import annotations

from typing import Final

import numpy as np

from assistant.answer import Related
from index.columns import unit_vectors
from index.library import Library
from index.records import Topic
from index.words import stemmed_words, stems

LIMIT: Final = 5

LEAST_SCORE: Final = 0.2
"""Below it, on the bundled topics, a reader would hardly put two topics side by side: none rather than a bad one."""

PRIOR_TOPICS: Final = 10
"""How many topics it takes until half of what all have in common is taken off: two topics are no library yet."""


def related_topics(library: Library, topic_id: int, topic: Topic) -> tuple[Related, ...]:
    """Return the topics nearest to one, by what sets them apart from the rest of the library, best first."""
    ids, vectors = library.snapshot().topic_vectors
    if topic_id not in ids:  # its file changed since it was found
        return ()
    position = int(np.searchsorted(ids, topic_id))
    centred = unit_vectors(vectors - vectors.mean(axis=0) * (len(ids) / (len(ids) + PRIOR_TOPICS)))
    scores = centred @ centred[position]
    scores[position] = -1.0
    nearest = [int(row) for row in np.argsort(-scores)[:LIMIT] if scores[row] >= LEAST_SCORE]
    found = library.topics(int(ids[row]) for row in nearest)
    return tuple(
        Related(other.topic.subject, other.topic.title, float(scores[row]), shared_ideas(topic, other.topic))
        for row, other in zip(nearest, found.values(), strict=False)
    )


def shared_ideas(topic: Topic, other: Topic, limit: int = 4) -> tuple[str, ...]:
    """Return the words that two topics share, as the other one writes them; their subject's own words left out."""
    shared = _topic_stems(topic) & _topic_stems(other) - stems(topic.subject) - stems(other.subject)
    found: dict[str, str] = {}
    for text in (other.title, *(entry.text for entry in other.entries)):
        for stem, start, end in stemmed_words(text):
            if stem in shared:
                found.setdefault(stem, text[start:end])
    return tuple(found.values())[:limit]


def _topic_stems(topic: Topic) -> frozenset[str]:
    return stems(" ".join([topic.title, *(entry.text for entry in topic.entries)]))
