"""what is indexed of a topic's words, and how much each tells, alike in all engines

BM25, Robertson and Zaragoza 2009, with the parameters of tantivy.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from index.markdown import visible_text
from index.records import Topic, WordForms
from index.text import plain_words, stop_word_terms, terms

HEADING_WEIGHT: Final = 2
"""How often a word in the headings counts, a word in the text or in a way to ask counting once."""

K1: Final = 1.2
"""How soon a repeated word stops counting; tantivy's own."""

ACCENTS_WEIGHT: Final = 0.1
"""How much a word counts once more that is written with the very accents asked for: it decides between equals. With 1,
words alone find the right passage of XQuAD first for 89 % of its Spanish questions, without accents for 92 %."""

B: Final = 0.75
"""How much a long topic's words count less; tantivy's own."""


def word_weight(topics: int, frequency: int) -> float:
    """Return how much a word tells that so many of the topics hold (inverse document frequency).

    >>> round(word_weight(100, 1), 2), round(word_weight(100, 90), 2)
    (4.21, 0.11)
    """
    return math.log(1 + (topics - frequency + 0.5) / (frequency + 0.5))


class WordRarity(ABC):
    """How much words tell, of an engine that knows how many topics it has and how many of them hold a word."""

    @abstractmethod
    def __len__(self) -> int:
        """Return the number of topics."""

    @abstractmethod
    def frequency(self, word: str) -> int:
        """Return how many topics hold a word."""

    def holds(self, word: str) -> bool:
        """Return whether a topic holds a word."""
        return self.frequency(word) > 0

    def rarity(self, word: str) -> float:
        """Return how much a word tells, as BM25 weighs it: the rarer, the more (inverse document frequency)."""
        return self.weight(self.frequency(word))

    def rarity_of(self, word: str, forms: WordForms) -> float:
        """Return how much a word tells of which each form counts as well: as one that as many topics hold as all."""
        return self.weight(min(len(self), sum(map(self.frequency, {word, *forms.get(word, ())}))))

    def weight(self, frequency: int) -> float:
        """Return how much a word tells that so many topics hold."""
        return word_weight(len(self), frequency)


def as_lexical_scores(scores: Mapping[int, float], weights: Sequence[float]) -> dict[int, float]:
    """Return BM25 scores as shares, 0 to 1, of the highest that words of these weights could reach.

    >>> as_lexical_scores({7: 2.2}, [1.0, 1.0])
    {7: 0.5}
    """
    highest = (K1 + 1) * sum(weights)
    return {id_: min(score / highest, 1.0) for id_, score in scores.items()}


def indexed_terms(topic: Topic) -> Iterator[str]:
    """Yield the terms of a topic, each as often as it counts."""
    for text in (*[topic.heading_path] * HEADING_WEIGHT, *own_texts(topic)[1:], *map(visible_text, topic.asked_as)):
        yield from terms(text)
    if topic.aliases:  # the title with its number is one: only what it says beyond the title counts
        yield from {term for alias in topic.aliases for term in terms(alias)} - set(terms(topic.heading_path))
    for name in dict.fromkeys((topic.subject, *topic.parents, topic.title, *topic.asked_as, *topic.aliases)):
        yield from stop_word_terms(name)


def own_texts(topic: Topic) -> tuple[str, ...]:
    """Return what a topic says itself: people's ways to ask may be misspelt."""
    fields = (topic.fields_text,) if topic.fields else ()
    return (topic.heading_path, *(visible_text(entry.text) for entry in topic.entries), *fields)


def written_words(topic: Topic) -> set[str]:
    """Return the words of a topic as they are written, that a misspelt one is compared with."""
    return {word for text in own_texts(topic) for word in plain_words(text)}


def _lengths() -> Iterator[int]:
    """Yield the lengths that one byte can say: each to 40, then eight for each doubling."""
    yield from range(40)
    length, step = 40, 2
    for _ in range((256 - 40) // 8):
        yield from range(length, length + 8 * step, step)
        length, step = length + 8 * step, 2 * step


_LENGTHS: Final = tuple(_lengths())


def coarse_length(terms: int) -> int:
    """Return a number of terms as tantivy keeps it, in one byte: the greatest of 256 that is not above it.

    >>> [coarse_length(terms) for terms in (3, 40, 41, 57, 1000)]
    [3, 40, 40, 56, 984]
    """
    return _LENGTHS[bisect_right(_LENGTHS, terms) - 1]
