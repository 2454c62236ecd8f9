"""which sentence of an entry answers, and why it matched"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.answer import Span
from index.encoder import Encoder
from index.records import Topic
from index.sentences import sentence_spans
from index.words import stemmed_words, stems


def best_sentences(question: str, passages: Sequence[tuple[str, Span]], encoder: Encoder) -> list[Span]:
    """Return, for each text and the span of its best passage, the span of the sentence nearest to the question."""
    spans = [_sentences_within(text, passage) for text, passage in passages]
    sentences = [text[start:end] for (text, _), found in zip(passages, spans, strict=True) for start, end in found]
    if not sentences:
        return []
    scores = encoder.encode_documents(sentences) @ encoder.encode_queries([question])[0]
    best = []
    for found in spans:
        own, scores = scores[: len(found)], scores[len(found) :]
        best.append(found[int(np.argmax(own))])
    return best


def shared_words(question: str, topic: Topic, limit: int = 6) -> tuple[str, ...]:
    """Return the words of a topic that the question shares in any form, as the topic writes them."""
    asked = stems(question)
    found: dict[str, str] = {}
    for text in (topic.title, *(entry.text for entry in topic.entries)):
        for stem, start, end in stemmed_words(text):
            if stem in asked:
                found.setdefault(stem, text[start:end])
    return tuple(found.values())[:limit]


def _sentences_within(text: str, passage: Span) -> list[Span]:
    """Return the sentences that lie in a passage; the passage itself where it holds no whole one."""
    first, last = passage
    spans = [(start, end) for start, end in sentence_spans(text) if first <= start and end <= last]
    return spans or [passage]
