"""which sentence of an entry answers, and why it matched"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from assistant.answer import Span
from index.encoder import Encoder
from index.records import Topic
from index.sentences import sentence_spans
from index.words import stemmed_words, stems


class Place(NamedTuple):
    """Where to look for a sentence."""

    heading: str
    """The heading path above the text."""
    text: str
    passage: Span
    """The part of the text that matched best."""


SHARED_WORDS: Final = 0.3
"""What it counts for a sentence to hold every word of the question, beside its cosine. Over 289 XQuAD questions, the
sentence chosen in the right paragraph holds the answer for 77 % without and 83 % with it, and for 50 % when the score
of the paragraph is split over its tokens."""


def best_sentences(question: str, places: Sequence[Place], encoder: Encoder) -> list[Span]:
    """Return, for each place, the span of the sentence in it that answers best, by meaning and by shared words."""
    spans = [_sentences_within(place.text, place.passage) for place in places]
    sentences = [
        (place.heading, place.text[start:end])
        for place, found in zip(places, spans, strict=True)
        for start, end in found
    ]
    if not sentences:
        return []
    vectors = encoder.encode_documents([f"{heading} > {sentence}" for heading, sentence in sentences])
    asked = stems(question)
    shared = [len(asked & stems(sentence)) / max(len(asked), 1) for _, sentence in sentences]
    scores = vectors @ encoder.encode_queries([question])[0] + SHARED_WORDS * np.array(shared)
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
