"""the similarity of topics to a question, token by token: late interaction

The vector of a passage says what it is about as a whole. Where a question shares no word with its answer, mostly one
sentence of the passage answers, and each word of the question is similar to some word of it: late interaction, as in
ColBERT (Khattab and Zaharia, 2020). The tokens are those of the embedding model, and only the signs of a passage's
token vectors are stored: one bit for each dimension.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from index.embedding import SAME, Line
from index.records import NO_FORMS, BinaryTokens, EntryTokens, Tokens, Vectors, WordForms
from index.retrieval.settings import RETRIEVAL
from index.text import Word, stemmed_words, word_tokens

BLOCK: Final = 64
"""Tokens whose signs are unpacked at once: 98 KB, less than what glibc takes from the system anew each time (128 KB).
1,500 tokens take .29 ms with 64 or 80, .40 with 128 and 1.0 with 512; all at once would keep six megabytes."""


class QueryTerms(NamedTuple):
    """The terms of a question: its meaningful words, weighted, with the vectors of their tokens."""

    question: str
    stems: tuple[str, ...]
    weights: Vectors
    """The weight of each term, together 1: the rarer in the library, the more."""
    vectors: Vectors
    """The vectors of the tokens of these terms, shape (tokens, dimension)."""
    words: npt.NDArray[np.int64]
    """The position of the term that each token belongs to, shape (tokens,)."""
    token_counts: npt.NDArray[np.int64]
    """The number of tokens of each term; empty where the model gives no token vectors."""
    line: Line = SAME
    """Maps inner products of these vectors to the scale of the default model."""
    forms: WordForms = NO_FORMS
    """By the stem of each word, the stems of its other forms, which count as the word."""

    @property
    def all_stems(self) -> frozenset[str]:
        """The stems of the words, and of their other forms."""
        return frozenset(self.stems).union(*self.forms.values())

    @property
    def is_unread(self) -> npt.NDArray[np.bool_]:
        """Whether the model knows not every token of each term; such a term is similar to nothing. Shape (terms,)."""
        return self.by_word(np.array(~self._is_known, dtype=np.float32)) > 0

    @property
    def _is_known(self) -> npt.NDArray[np.bool_]:
        """Whether the model knows each token, shape (tokens,)."""
        return np.asarray(self.vectors.any(axis=1))

    def similarity(self, products: Vectors) -> Vectors:
        """Return inner products with each token as similarities: shape (tokens, ...); 0 where a token is unknown."""
        if self.line == SAME:
            return products
        return np.where(self._is_known[:, None], self.line.of(products), 0).astype(np.float32)

    @property
    def readable(self) -> float:
        """The weight of the terms that the model can read, 0 to 1: it cannot read letters outside its vocabulary."""
        return 1 - float(self.weights[self.is_unread].sum())

    @property
    def tokens_per_word(self) -> float:
        """The weighted mean number of tokens in a term; 1 where the model gives no token vectors."""
        return float(self.weights @ np.maximum(self.token_counts, 1)) if self.weights.any() else 1.0

    @property
    def token_weights(self) -> Vectors:
        """The weight of each token: that of its term, divided by the number of the term's tokens."""
        token_weights = self.weights / np.maximum(self.token_counts, 1)
        return token_weights[self.words].astype(np.float32)

    def are_in(self, stems: Set[str]) -> npt.NDArray[np.bool_]:
        """Say for each term whether `stems` holds its stem or that of another form: shape (terms,)."""
        are_in = [stem in stems or not stems.isdisjoint(self.forms.get(stem, ())) for stem in self.stems]
        return np.array(are_in, dtype=np.bool_)

    def by_word(self, values: Vectors) -> Vectors:
        """Return the mean over the tokens of each term: shape (terms,); 0 for a term without tokens."""
        sums = np.bincount(self.words, weights=values, minlength=len(self.stems))
        return (sums / np.maximum(self.token_counts, 1)).astype(np.float32)


def query_terms(
    question: str,
    tokens: Tokens,
    rarity: Callable[[str], float],
    words: Sequence[Word] | None = None,
    line: Line = SAME,
    forms: WordForms = NO_FORMS,
) -> QueryTerms:
    """Return the terms of a question: the given `words`, even if there are none, or else its meaningful words."""
    words_and_rows = word_tokens(stemmed_words(question) if words is None else words, tokens.spans)
    weights = np.array([rarity(stem) for stem, _ in words_and_rows], dtype=np.float32)
    token_counts = np.array([len(rows) for _, rows in words_and_rows], dtype=np.int64)
    return QueryTerms(
        question,
        tuple(stem for stem, _ in words_and_rows),
        weights / max(weights.sum(), np.finfo(np.float32).tiny),
        tokens.vectors[[row for _, rows in words_and_rows for row in rows]],
        np.repeat(np.arange(len(words_and_rows)), token_counts),
        token_counts,
        line,
        forms,
    )


class Reranked(NamedTuple):
    """Topics after a reranker has compared them with the question."""

    similarity: Vectors
    """Their similarity, shape (topics,)."""
    entries: Mapping[int, Mapping[int, float]]
    """The similarity of entries by topic and by position in the topic, as far as it was computed."""


def max_similarity(
    query: QueryTerms,
    topics: Sequence[int],
    similarity: Vectors,
    binary_tokens: Mapping[int, Sequence[EntryTokens]],
    tokens_weight: float = RETRIEVAL.tokens_weight,
) -> Reranked:
    """Return the similarity of topics, mixed with MaxSim over their tokens (Khattab and Zaharia 2020).

    The score of a passage is the weighted sum, over query tokens, of the similarity of its most similar token; a topic
    or entry has that of its best passage. A topic without `binary_tokens` keeps its similarity.
    """
    passages = [(topic, entry, bits) for topic in topics for entry, bits in binary_tokens.get(topic, ()) if bits]
    if not (passages and len(query.vectors)):
        return Reranked(similarity, {})
    closeness = _nearest(query, [bits for *_, bits in passages]) @ query.token_weights
    entries: dict[int, dict[int, float]] = {}
    for (topic, entry, _), value in zip(passages, closeness.tolist(), strict=True):
        of_topic = entries.setdefault(topic, {})
        of_topic[entry] = max(value, of_topic.get(entry, value))
    best = np.array([max(entries[topic].values()) if topic in entries else np.nan for topic in topics], np.float32)
    mixed = (1 - tokens_weight) * similarity + tokens_weight * best
    return Reranked(np.where(np.isnan(best), similarity, mixed), entries)


def term_similarity(query: QueryTerms, binary_tokens: Sequence[bytes]) -> Vectors | None:
    """Return the MaxSim of each query term over a topic's passages: shape (terms,); None where no tokens are stored."""
    passages = [bits for bits in binary_tokens if bits]
    return query.by_word(_nearest(query, passages).max(axis=0)) if passages and len(query.vectors) else None


def token_similarity(query: QueryTerms, binary_tokens: Sequence[bytes]) -> Vectors:
    """Return the similarity of each query token to each token of passages, in order: shape (query tokens, tokens)."""
    return query.similarity(_products(_token_rows(query, binary_tokens), query.vectors).T)


def _token_rows(query: QueryTerms, passages: Sequence[bytes]) -> BinaryTokens:
    return np.frombuffer(b"".join(passages), dtype=np.uint8).reshape(-1, -(-query.vectors.shape[1] // 8))


def _nearest(query: QueryTerms, passages: Sequence[bytes]) -> Vectors:
    """Return the similarity of each query token to the most similar token: shape (passages, query tokens)."""
    every = _token_rows(query, passages)
    lengths = np.array([len(bits) for bits in passages]) // every.shape[1]
    nearest = np.maximum.reduceat(_products(every, query.vectors), np.cumsum(lengths) - lengths)
    return np.asarray(query.similarity(nearest.T).T)


def _products(binary_tokens: BinaryTokens, vectors: Vectors) -> Vectors:
    """Return the inner products of binary token vectors (bits as +1 or -1) with unit vectors (tokens, vectors)."""
    dimension = vectors.shape[1]
    products = np.empty((len(binary_tokens), len(vectors)), dtype=np.float32)
    for start in range(0, len(products), BLOCK):
        block = binary_tokens[start : start + BLOCK]
        states = np.take(_BITS_OF_BYTE, block, axis=0).reshape(len(block), -1)[:, :dimension]
        np.matmul(states, vectors.T, out=products[start : start + BLOCK])
    return products / np.float32(np.sqrt(dimension))


_BITS_OF_BYTE: Final = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).astype(np.float32) * 2 - 1
"""The eight signs in each byte, shape (256, 8): looking them up takes half as long as unpacking them."""
