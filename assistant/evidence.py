"""which sentence of an entry answers, and why it matched"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from index.encoder import Encoder
from index.records import Span, Topic, Vectors
from index.sentences import sentence_spans
from index.words import stemmed_words, stems, word_pieces

Shares: TypeAlias = npt.NDArray[np.float64]
"""A number from 0 to 1 for each word asked for."""

MOST_WORDS: Final = 6
"""Words that say why a topic matched."""

LIKE: Final = 0.35
"""The likeness from which one word is shown for another: `slow` for quicker, `users` for customers; below, what comes
first is seldom what a reader would say."""

OTHER_WORD: Final = 0.99
"""The most that a word counts for which stands in the text in no form of its own."""


class Wanted(NamedTuple):
    """What an answer should speak of: the meaningful words of a question."""

    stems: tuple[str, ...]
    weights: Shares
    """How much each counts, together 1: the rarer in the library, the more."""
    vectors: Vectors
    """The pieces that the model reads them in, shape (pieces, dimension)."""
    words: npt.NDArray[np.int64]
    """The position of the word that each piece belongs to."""
    pieces: npt.NDArray[np.int64]
    """How many pieces each word has."""


def wanted(question: str, encoder: Encoder, rarity: Callable[[str], float]) -> Wanted:
    """Return what an answer should speak of; nothing where the question holds stop words only."""
    spans, vectors = encoder.tokens(question)
    found = word_pieces(question, spans)
    rows = [row for _, pieces in found for row in pieces]
    counts = np.array([len(pieces) for _, pieces in found], dtype=np.int64)
    weights = np.array([rarity(stem) for stem, _ in found], dtype=np.float64)
    return Wanted(
        tuple(stem for stem, _ in found),
        weights / max(weights.sum(), 1e-9),
        vectors[rows],
        np.repeat(np.arange(len(found)), counts),
        counts,
    )


class Reading(NamedTuple):
    """A text as it is read for a question."""

    spans: Sequence[Span]
    """Where each token stands."""
    likeness: Vectors
    """How like each piece of what is asked is to each token: shape (pieces, tokens)."""

    def within(self, span: Span) -> Vectors:
        """Return the likeness to the tokens that lie in a part of the text."""
        first = bisect_left(self.spans, span[0], key=itemgetter(0))
        return self.likeness[:, first : bisect_right(self.spans, span[1], key=itemgetter(1))]


def read(asked: Wanted, text: str, encoder: Encoder) -> Reading:
    """Return how a text is like what is asked, token by token, by the model's own table of words."""
    spans, vectors = encoder.tokens(text)
    return Reading(spans, asked.vectors @ vectors.T)


def best_sentence(asked: Wanted, text: str, passage: Span, reading: Reading) -> Span:
    """Return the span of the sentence in a passage of a text that speaks most of what is asked.

    Each word asked for counts by the word in the sentence that is most like it: over 579 XQuAD questions the sentence
    so chosen in the right paragraph holds the answer for 83 %, as it does when each sentence is encoded, at a hundredth
    of the time; by shared words alone for 80 %, and for 50 % when the paragraph's score is split over its tokens.
    """
    weights = (asked.weights / np.maximum(asked.pieces, 1))[asked.words]
    return max(_sentences_within(text, passage), key=lambda span: float(weights @ _nearest(reading.within(span))))


def like_words(asked: Wanted, text: str, reading: Reading) -> tuple[str, ...]:
    """Return the words of a text that mean what is asked in other words, for what tells most first."""
    meaningful = {(start, end): stem for stem, start, end in stemmed_words(text)}
    whole = [row for row, span in enumerate(reading.spans) if span in meaningful]
    held = set(meaningful.values())
    if not whole or not len(asked.words):
        return ()
    words, firsts = np.unique(asked.words, return_index=True)
    likeness = np.add.reduceat(reading.likeness[:, whole], firsts, axis=0) / asked.pieces[words, None]
    likest = likeness.argmax(axis=1).tolist()
    found = [
        text[slice(*reading.spans[whole[likest[row]]])]
        for row in np.argsort(-asked.weights[words], kind="stable").tolist()
        if asked.stems[words[row]] not in held and likeness[row, likest[row]] >= LIKE
    ]
    return tuple(dict.fromkeys(found))


def coverage(asked: Wanted, text: str, encoder: Encoder) -> Shares:
    """Return how far a text speaks of each word asked for: 1 in any form of the word, less in words like it."""
    shares = np.minimum(_shares(asked, read(asked, text, encoder).likeness), OTHER_WORD)
    held = stems(text)
    return np.where([stem in held for stem in asked.stems], 1.0, shares)


def _shares(asked: Wanted, likeness: Vectors) -> Shares:
    """Return for each word the mean over its pieces of the likeness to the nearest of some tokens."""
    nearest = np.bincount(asked.words, weights=_nearest(likeness), minlength=len(asked.stems))
    return nearest / np.maximum(asked.pieces, 1)


def _nearest(likeness: Vectors) -> Vectors:
    """Return for each piece the likeness to the nearest of some tokens."""
    return np.asarray(likeness.max(axis=1, initial=0.0))


def shared_words(asked: Wanted, topic: Topic, limit: int = MOST_WORDS) -> tuple[str, ...]:
    """Return the words of a topic that a question shares in any form, as the topic writes them."""
    found: dict[str, str] = {}
    for text in (topic.title, *(entry.text for entry in topic.entries)):
        for stem, start, end in stemmed_words(text):
            if stem in asked.stems:
                found.setdefault(stem, text[start:end])
    return tuple(found.values())[:limit]


def _sentences_within(text: str, passage: Span) -> list[Span]:
    """Return the sentences that lie in a passage; the passage itself where it holds no whole one."""
    first, last = passage
    spans = [(start, end) for start, end in sentence_spans(text) if first <= start and end <= last]
    return spans or [passage]
