"""dense search alone, and BM25 alone: the plain methods that the ranking is compared with"""

from __future__ import annotations

from index.embedding import Encoder
from index.storage import Reader
from index.text import asked_terms


def rank_by_meaning(reader: Reader, encoder: Encoder, question: str, limit: int) -> list[int]:
    """Return the row ids of up to `limit` topics, by the cosine of their nearest passage alone."""
    return reader.snapshot().nearest_passages(encoder.encode_queries([question])[0], limit)


def rank_by_words(reader: Reader, question: str, limit: int) -> list[int]:
    """Return the row ids of up to `limit` topics, by BM25 alone."""
    lexical = reader.lexical()
    return list(lexical.best(asked_terms(question, lexical.holds), limit))
