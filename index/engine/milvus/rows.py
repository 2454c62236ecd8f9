"""what Milvus is given of a library: passages by their vectors, topics by their words"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from index.records import Vectors


class PassageVector(NamedTuple):
    """A passage, as it is found by meaning."""

    id: int
    topic_id: int
    """The topic's row id, under the name that the collection gives it."""
    subject: str
    slots: int
    vector: Vectors


class TopicWords(NamedTuple):
    """A topic, as it is found by its words."""

    topic_id: int
    """Its row id, as in `PassageVector`."""
    text: str
    """`word_token` of each word, as often as it counts."""


def word_token(word: str) -> str:
    """Return what stands for a word in Milvus: letters and digits, that no analyzer takes apart.

    >>> word_token("naïve")
    't63899c6b5558'
    """
    return f"t{hashlib.md5(word.encode(), usedforsecurity=False).hexdigest()[:12]}"
