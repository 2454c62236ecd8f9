"""which sentence of an entry answers, and why it matched"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence, Set
from operator import itemgetter
from typing import Final, NamedTuple

import numpy as np

from index.encoder import Encoder
from index.interaction import Aspects
from index.records import Span, Topic, Vectors
from index.sentences import sentence_spans, with_introduced
from index.words import stemmed_words, stems

MOST_WORDS: Final = 6
"""Words that say why a topic matched."""

LIKE: Final = 0.35
"""The likeness from which one word is shown for another: `slow` for quicker, `users` for customers; below, what comes
first is seldom what a reader would say."""

NUMBER_LIFT: Final = 0.15
"""What a sentence with a number is preferred by where one is asked for."""

FRAGMENT_WORDS: Final = 2
FRAGMENT_LOSS: Final = 0.2
"""What a sentence of so few words is put back by: it is a label or an echo of the question."""

LINKS_LOSS: Final = 1.0
"""What a line of nothing but links is put back by: it leads to an answer, and is one only where nothing else is."""
_LINK: Final = re.compile(r"!?\[\[[^\[\]]*\]\]|!?\[[^\[\]]*\]\([^()\s]*\)|\W")
"""A link, or what is no part of a word."""

EARLIER: Final = 0.005
"""What each sentence is put back by against the one before: the first says most where nothing else decides."""

_ASKS_NUMBER: Final = re.compile(
    r"""
      \bhow\ (?:many|much|long|far|deep|high|tall|wide|thick|heavy|big|large|small|old|hot|cold|warm|fast|often|late)\b
    | \b(?:when|what\ (?:time|year|date|day|age|angle|temperature|number|percentage|size)|costs?|price)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NUMBER: Final = re.compile(
    r"\d|\b(?:half|quarter|once|twice|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|"
    r"million)\b",
    re.IGNORECASE,
)


class Reading(NamedTuple):
    """A text as it is read for what is asked."""

    asked: Aspects
    text: str
    spans: Sequence[Span]
    """Where each token stands."""
    likeness: Vectors
    """How like each piece of what is asked is to each token: shape (pieces, tokens)."""

    def nearest(self, span: Span) -> Vectors:
        """Return for each piece of what is asked the likeness to the nearest token in a part of the text."""
        first = bisect_left(self.spans, span[0], key=itemgetter(0))
        tokens = self.likeness[:, first : bisect_right(self.spans, span[1], key=itemgetter(1))]
        return np.asarray(tokens.max(axis=1, initial=0.0))


def read(asked: Aspects, text: str, encoder: Encoder) -> Reading:
    """Return how a text is like what is asked, token by token, by the model's own table of words."""
    spans, vectors = encoder.tokens(text)
    return Reading(asked, text, spans, asked.vectors @ vectors.T)


def best_sentence(reading: Reading, passage: Span, headings: Set[str]) -> Span:
    """Return the span of the sentence in a passage that speaks most of what is asked.

    What `headings`, given by their stems, say already is asked of the topic and not of one sentence in it.
    Each word asked for counts by the word in the sentence that is most like it: over 579 XQuAD questions the sentence
    so chosen in the right paragraph holds the answer for 83 %, as it does when each sentence is encoded, at a hundredth
    of the time; by shared words alone for 80 %, and for 50 % when the paragraph's score is split over its tokens.
    """
    asked, text = reading.asked, reading.text
    weights = asked.piece_weights * ~asked.are_in(headings)[asked.words]
    asks_number = bool(_ASKS_NUMBER.search(asked.question))

    def worth(place: int, span: Span) -> float:
        sentence = text[slice(*span)]
        lift = NUMBER_LIFT if asks_number and _NUMBER.search(sentence) else 0.0
        loss = FRAGMENT_LOSS if len(sentence.split()) <= FRAGMENT_WORDS else 0.0
        loss += 0.0 if _LINK.sub("", sentence) else LINKS_LOSS
        return float(weights @ reading.nearest(span)) + lift - loss - EARLIER * place

    best = max(enumerate(_sentences_within(text, passage)), key=lambda numbered: worth(*numbered))[1]
    return with_introduced(text, best)


def like_words(reading: Reading) -> tuple[str, ...]:
    """Return the words of a text that mean what is asked in other words, for what tells most first.

    A letter or a number is meant as it is.
    """
    asked, text = reading.asked, reading.text
    meaningful = {(start, end): stem for stem, start, end in stemmed_words(text) if len(stem) > 1 and stem.isalpha()}
    whole = [row for row, span in enumerate(reading.spans) if span in meaningful]
    held = stems(text)
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


def shared_words(asked: Aspects, topic: Topic) -> tuple[str, ...]:
    """Return the words of a topic that a question shares in any form, as the topic writes them."""
    found: dict[str, str] = {}
    for text in topic.texts:
        for stem, start, end in stemmed_words(text):
            if stem in asked.stems and len(stem) > 1:
                found.setdefault(stem, text[start:end])
    return tuple(found.values())


def _sentences_within(text: str, passage: Span) -> list[Span]:
    """Return the sentences that lie in a passage; the passage itself where it holds no whole one."""
    first, last = passage
    spans = [(start, end) for start, end in sentence_spans(text) if first <= start and end <= last]
    return spans or [passage]
