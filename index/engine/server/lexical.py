"""words -> best topics by BM25, by the postings on the server: the scores are those of tantivy"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from index.engine.bm25 import ACCENTS_WEIGHT, K1, B, WordRarity, as_lexical_scores
from index.engine.server.connection import Row, Server, Statement
from index.engine.server.names import short_name
from index.engine.server.reading import State
from index.records import Ids, Slot, slot_bit
from index.storage import Filters
from index.text import is_accented

CACHED_WORDS: Final = 50_000
"""Words whose frequency is kept for one revision: a few megabytes."""


class ServerWords(WordRarity):
    """The words of one revision."""

    def __init__(self, server: Server, state: State) -> None:
        """Ask a server about the words of a library as it is at a revision."""
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
        unknown = [word for word in dict.fromkeys(words) if word not in self._frequency]
        if unknown:
            self.take(unknown, self._server.several(frequencies_of(self._state.library, unknown))[0])

    def take(self, words: Iterable[str], rows: Iterable[Row]) -> None:
        """Keep how many topics hold each of some words, as the server has answered."""
        if len(self._frequency) > CACHED_WORDS:
            self._frequency = {}
        found: dict[str, int] = dict(rows)
        self._frequency = self._frequency | {word: found.get(short_name(word), 0) for word in words}

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
        *,
        subjects: Sequence[str] | None = None,
        slot: Slot | None = None,
        topic_ids: Ids | None = None,
    ) -> dict[int, float]:
        """Return up to `count` topics that hold any of the words, best first, each with its share of them, 0 to 1."""
        if not words:
            return {}
        self.look_up(words)
        weights = [self._term_weight(word) for word in words]
        scores = self._scored(words, weights, count, Filters(subjects, slot, topic_ids), must_hold_all=False)
        return as_lexical_scores(scores, [self.rarity(word) for word in words if not is_accented(word)])

    def topics_containing(
        self,
        words: Sequence[str],
        count: int,
        *,
        subjects: Sequence[str] | None = None,
        slot: Slot | None = None,
        topic_ids: Ids | None = None,
    ) -> list[int]:
        """Return up to `count` topics that hold all of the words, best first."""
        if not words:
            return []
        self.look_up(words)
        weights = [self._term_weight(word) for word in words]
        return list(self._scored(words, weights, count, Filters(subjects, slot, topic_ids), must_hold_all=True))

    def _term_weight(self, word: str) -> float:
        return (K1 + 1) * self.rarity(word) * (ACCENTS_WEIGHT if is_accented(word) else 1.0)

    def _scored(
        self,
        words: Sequence[str],
        weights: Sequence[float],
        count: int,
        filters: Filters,
        *,
        must_hold_all: bool,
    ) -> dict[int, float]:
        weighed: dict[str, float] = {}
        for word, weight in zip(map(short_name, words), weights, strict=True):
            weighed[word] = weighed.get(word, 0.0) + weight  # a word that is asked for twice counts twice
        rows = self._server.several(
            best_of(self._state, weighed, count, filters, least=len(weighed) if must_hold_all else 1)
        )[0]
        return dict(rows)


def frequencies_of(library: int, words: Iterable[str]) -> Statement:
    """Return what asks how many topics hold each of some words."""
    return Statement(
        "SELECT word, topics FROM topics.word WHERE library = %s AND word = ANY(%s)",
        (library, sorted(set(map(short_name, words)))),
    )


def best_of(
    state: State,
    weighed: Mapping[str, float],
    count: int,
    filters: Filters,
    *,
    least: int,
) -> Statement:
    """Return what asks for the topics that hold at least so many of some words, by BM25 with the words' weights."""
    values = {
        "library": state.library,
        "words": list(weighed),
        "weights": list(weighed.values()),
        "least": least,
        "count": count,
        "base": K1 * (1 - B),
        "slope": K1 * B / max(state.average_length, 1e-9),
    }
    return Statement(_BEST if filters.is_open else _FILTERED, values | filter_values(filters))


def filter_values(filters: Filters) -> dict[str, object]:
    """Return the values of a statement that say which topics are searched."""
    return {
        "subjects": None if filters.subjects is None else list(filters.subjects),
        "slot": slot_bit(filters.slot),
        "ids": None if filters.topic_ids is None else filters.topic_ids.tolist(),
    }


_BEST: Final = """
    SELECT p.topic_id, sum(asked.weight * p.count / (p.count + %(base)s + %(slope)s * p.length)) AS score
    FROM unnest(%(words)s::text[], %(weights)s::float8[]) asked (word, weight)
    JOIN topics.word w ON w.library = %(library)s AND w.word = asked.word
    JOIN topics.posting p ON p.word_id = w.id
    GROUP BY p.topic_id HAVING count(*) >= %(least)s
    ORDER BY score DESC, p.topic_id LIMIT %(count)s"""

_FILTERED: Final = """
    SELECT p.topic_id, sum(asked.weight * p.count / (p.count + %(base)s + %(slope)s * p.length)) AS score
    FROM unnest(%(words)s::text[], %(weights)s::float8[]) asked (word, weight)
    JOIN topics.word w ON w.library = %(library)s AND w.word = asked.word
    JOIN topics.posting p ON p.word_id = w.id
    JOIN topics.topic t ON t.id = p.topic_id
    WHERE (%(subjects)s::text[] IS NULL OR t.subject = ANY(%(subjects)s))
      AND (%(slot)s::int = 0 OR (t.slots & %(slot)s::int) > 0)
      AND (%(ids)s::bigint[] IS NULL OR t.id = ANY(%(ids)s))
    GROUP BY p.topic_id HAVING count(*) >= %(least)s
    ORDER BY score DESC, p.topic_id LIMIT %(count)s"""


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
