"""words -> best topics by BM25, by the postings on the server: the scores are those of tantivy"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from index.engine.bm25 import ACCENTS_WEIGHT, K1, WordRarity, as_lexical_scores
from index.engine.server.catalog.tables import State
from index.engine.server.connection import Row, Server, Statement
from index.engine.server.names import short_name
from index.engine.server.searching.lexical_statements import (
    NOMINATED,
    best_of,
    frequencies_of,
    holding_all,
    scored,
)
from index.engine.server.searching.posting_budget import max_postings, of_the_rarest, shared_out
from index.records import NO_FORMS, WordForms
from index.storage import ALL_TOPICS, Filters
from index.text import is_accented

if TYPE_CHECKING:
    from index.engine.milvus.index import MilvusIndex

CACHED_WORDS: Final = 50_000
"""Words whose frequency is cached for one revision: a few megabytes."""


class ServerWords(WordRarity):
    """The words of one revision."""

    def __init__(self, server: Server, state: State, search: MilvusIndex | None = None) -> None:
        """Ask a server about the words of a library as it is at a revision, and a search engine where it has BM25."""
        self._search = search
        self._server = server
        self._state = state
        self._frequency: dict[str, int] = {}
        self._written: dict[str, dict[str, int]] = {}

    @property
    def revision(self) -> int:
        """Which revision it reflects."""
        return self._state.revision

    def __len__(self) -> int:
        """Return the number of topics."""
        return self._state.topics

    # single words

    def look_up(self, words: Iterable[str]) -> None:
        """Ask at once how many topics hold each of some words."""
        if unknown := self.unknown(words):
            self.take(unknown, self._server.several(frequencies_of(self._state.library, unknown))[0])

    def unknown(self, words: Iterable[str]) -> list[str]:
        """Return those of the words whose frequency is not cached."""
        return [word for word in dict.fromkeys(words) if word not in self._frequency]

    def take(self, words: Iterable[str], rows: Iterable[Row]) -> None:
        """Cache how many topics hold each of some words, by the rows of `frequencies_of`."""
        if len(self._frequency) > CACHED_WORDS:
            self._frequency = {}
        scores: dict[str, int] = dict(rows)
        self._frequency = self._frequency | {word: scores.get(short_name(word), 0) for word in words}

    def frequency(self, word: str) -> int:
        """Return how many topics hold a word, as `terms` gives it."""
        if word not in self._frequency:
            self.look_up([word])
        return self._frequency[word]

    def words_with(self, letter: str) -> Mapping[str, int]:
        """Return the words, as they are written, that begin with a letter, and how many topics hold each."""
        if letter not in self._written:
            after = chr(min(ord(letter[-1]) + 1, 0x10FFFF)) if ord(letter[-1]) != 0xD7FF else "\ue000"
            rows = self._server.all(
                "SELECT word, topics FROM topics.written WHERE library = %s AND word >= %s AND word < %s ORDER BY word",
                self._state.library,
                letter,
                letter[:-1] + after,
            )
            self._written[letter] = dict(rows)
        return self._written[letter]

    # topics

    def best(
        self,
        words: Sequence[str],
        count: int,
        filters: Filters = ALL_TOPICS,
        *,
        forms: WordForms = NO_FORMS,
    ) -> dict[int, float]:
        """Return up to `count` topics that hold any of the words, best first, each with its share of them, 0 to 1."""
        if not words:
            return {}
        every = [(form, word) for word in words for form in (word, *forms.get(word, ()))]
        self.look_up(form for form, _ in every)
        weights = [self._term_weight(word, forms) for _, word in every]
        scores = self._scored([form for form, _ in every], weights, count, filters, must_hold_all=False)
        return as_lexical_scores(scores, [self.rarity_of(word, forms) for word in words if not is_accented(word)])

    def asking_best(self, words: Sequence[str], count: int) -> Statement:
        """Return what asks for up to `count` of all topics that hold any of the words, each with its BM25."""
        self.look_up(words)
        return self._asking(words, list(map(self._term_weight, words)), count, ALL_TOPICS, must_hold_all=False)

    def shares(self, words: Iterable[str], scores: Mapping[int, float]) -> dict[int, float]:
        """Return the BM25 of topics, as `asking_best` gives it, as each topic's share of the words, 0 to 1."""
        return as_lexical_scores(scores, [self.rarity(word) for word in words if not is_accented(word)])

    def topics_containing(
        self,
        words: Sequence[str],
        count: int,
        filters: Filters = ALL_TOPICS,
    ) -> list[int]:
        """Return up to `count` topics that hold all of the words, best first."""
        if not words:
            return []
        self.look_up(words)
        weights = [self._term_weight(word) for word in words]
        rarest = min(words, key=self.frequency)
        for postings in of_the_rarest([self.frequency(word) for word in {*words}], count):
            statement = holding_all(self._state, _weighed(words, weights), count, filters, short_name(rarest), postings)
            topics = [row_id for row_id, _ in self._server.several(statement)[0]]
            if len(topics) == count or postings == self.frequency(rarest):
                return topics
        return list(self._scored(words, weights, count, filters, must_hold_all=True))

    def _term_weight(self, word: str, forms: WordForms = NO_FORMS) -> float:
        return (K1 + 1) * self.rarity_of(word, forms) * (ACCENTS_WEIGHT if is_accented(word) else 1.0)

    def _scored(
        self,
        words: Sequence[str],
        weights: Sequence[float],
        count: int,
        filters: Filters,
        *,
        must_hold_all: bool,
    ) -> dict[int, float]:
        return dict(self._server.several(self._asking(words, weights, count, filters, must_hold_all=must_hold_all))[0])

    def _asking(
        self, words: Sequence[str], weights: Sequence[float], count: int, filters: Filters, *, must_hold_all: bool
    ) -> Statement:
        weighed = _weighed(words, weights)
        frequencies = {short_name(word): self.frequency(word) for word in words}
        read = shared_out(max_postings(filters), frequencies)
        if read and filters.is_open and not must_hold_all and self._search and self._search.has_words:
            named = self._search.holding_any(weighed, NOMINATED)
            return scored(self._state, weighed, count, named)
        return best_of(self._state, weighed, count, filters, read, least=len(weighed) if must_hold_all else 1)


def _weighed(words: Sequence[str], weights: Sequence[float]) -> dict[str, float]:
    """Return the weight of each word by its short name; a word that is asked for twice counts twice."""
    weighed: dict[str, float] = {}
    for word, weight in zip(map(short_name, words), weights, strict=True):
        weighed[word] = weighed.get(word, 0.0) + weight
    return weighed
