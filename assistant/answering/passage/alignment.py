"""how similar is each word of a question to each word of a text?"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from index.embedding import Tokenizer
from index.markdown import Table, visible
from index.records import Span, Topic, Vectors
from index.retrieval import QueryTerms, token_similarity


class TokenAlignment(NamedTuple):
    """A text aligned with a question: the similarity of each query token to each token of the text."""

    query_terms: QueryTerms
    text: str
    spans: Sequence[Span]
    """Where each token of the text stands in it."""
    similarity: Vectors
    """The similarity of each query token to each token of the text: shape (query tokens, tokens)."""

    def nearest(self, span: Span) -> Vectors:
        """Return the similarity of each query token to the most similar token in a span: shape (query tokens,)."""
        tokens = self.similarity[:, slice(*self._tokens(*span))]
        return np.asarray(tokens.max(axis=1, initial=0.0))

    def without(self, spans: Iterable[Span]) -> TokenAlignment:
        """Return the alignment with a similarity of 0 to the tokens in some spans of the text."""
        similarity = self.similarity.copy()
        for start, end in spans:
            similarity[:, slice(*self._tokens(start, end))] = 0
        return self._replace(similarity=similarity)

    def _tokens(self, start: int, end: int) -> tuple[int, int]:
        first = bisect_left(self.spans, start, key=itemgetter(0))
        return first, bisect_right(self.spans, end, key=itemgetter(1))


def align(query_terms: QueryTerms, text: str, tokenizer: Tokenizer) -> TokenAlignment:
    """Align a text with a question by the model's static token vectors, which no neighbouring token changes."""
    spans, products = tokenizer.token_products(text, query_terms.vectors)
    return TokenAlignment(query_terms, text, spans, query_terms.similarity(products))


def align_in_place(
    query_terms: QueryTerms, topic: Topic, text: str, passages: Iterable[tuple[Span, bytes]], tokenizer: Tokenizer
) -> TokenAlignment | None:
    """Align an entry's text with a question by contextual token vectors: what each token means where it stands.

    `passages` are those that were embedded of the entry, each by its span in the text and its binary token vectors. One
    whose tokens are not those of its span is left out: a paragraph that most notes share is not embedded with it.
    Return None where no passage is left.
    """
    spans: list[Span] = []
    similarity = []
    passages = list(passages)
    tables = _tables(text) if len(passages) > 1 else []
    for where, binary_tokens in passages:
        near = (
            token_similarity(query_terms, [binary_tokens]) if len(query_terms.vectors) else np.empty((0, 0), np.float32)
        )
        head = next((head for head, (start, end) in tables if start <= where[0] < end), "")
        if token_spans := _token_spans(topic, text, where, head, near.shape[1], tokenizer):
            own = [row for row, span in enumerate(token_spans) if span[1] > 0]
            spans += [token_spans[row] for row in own]
            similarity.append(near[:, own])
    return TokenAlignment(query_terms, text, spans, np.concatenate(similarity, axis=1)) if spans else None


def _tables(text: str) -> list[Table]:
    """Return the tables of an entry, with the spans of their rows in its Markdown."""
    if "|" not in text:
        return []
    body = visible(text)
    return [table._replace(body=body.source_span(*table.body)) for table in body.tables]


def _token_spans(topic: Topic, text: str, where: Span, head: str, count: int, tokenizer: Tokenizer) -> list[Span]:
    """Return the span in a text of each token of a passage, (0, 0) for those of its headings.

    Empty where the passage has not `count` tokens. `head` is the head of the table in whose rows it begins,
    which is embedded in front of it if the table is large.
    """
    start, end = where
    body = visible(text[start:end])
    path = f"{topic.heading_path} > "
    for heading in dict.fromkeys((path + head, path, head, "")):
        tokens = tokenizer.token_spans(heading + body.text.strip() if start else heading + body.text)
        if len(tokens) == count:
            before = len(heading) - (len(body.text) - len(body.text.lstrip()) if start else 0)
            spans = [(first - before, last - before) for first, last in tokens if first >= before]
            own = [(start + begin, start + end) for begin, end in body.source_spans(spans)]
            return [(0, 0)] * (len(tokens) - len(own)) + own
    return []
