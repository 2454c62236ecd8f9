"""words -> best topics by BM25, by the postings on the server: the scores are those of tantivy"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from index.engine.bm25 import ACCENTS_WEIGHT, K1, B, WordRarity, as_lexical_scores
from index.engine.server.catalog.tables import State
from index.engine.server.connection import Row, Server, Statement
from index.engine.server.names import short_name
from index.records import NO_FORMS, Ids, Slot, WordForms, slot_bit
from index.storage import Filters
from index.text import is_accented

if TYPE_CHECKING:
    from index.engine.milvus.index import MilvusIndex

CACHED_WORDS: Final = 50_000
"""Words whose frequency is kept for one revision: a few megabytes."""

POSTINGS: Final = 8_000
"""Postings read for a question at most, 1.3 µs each: where its words have more, those of each word that tell most. Of
300 questions over 10,535 sections, a half of their postings names .992 of the ten best topics, a quarter .981."""

FILTERED_POSTINGS: Final = 64_000
"""Postings read for a question within a filter at most; where words that a topic must all hold have more, those of the
rarest word come first. Of 88,000 for each of 12 questions, they name .93 to .98 of the ten best, the first always."""

FEW_TOPICS: Final = 8_000
"""Topics whose words are all looked at where a filter lets no more through and not all postings are read."""

FILTERED_TOPICS: Final = 16_000
"""Topics at most of which it is looked up, best first, whether a filter lets them through: 3 µs each."""

LOOK_UP_COST: Final = 4
"""How many postings can be read in their order while one is looked up by its topic: 3 µs against 0.8."""

NOMINATED: Final = 500
"""Topics whose score is computed exactly where not all postings are read; with 200, it is .965 for a quarter."""


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
        """Return those of the words of which it was not asked yet how many topics hold them."""
        return [word for word in dict.fromkeys(words) if word not in self._frequency]

    def take(self, words: Iterable[str], rows: Iterable[Row]) -> None:
        """Keep how many topics hold each of some words, as the server has answered."""
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
        *,
        forms: WordForms = NO_FORMS,
        subjects: Sequence[str] | None = None,
        slot: Slot | None = None,
        row_ids: Ids | None = None,
    ) -> dict[int, float]:
        """Return up to `count` topics that hold any of the words, best first, each with its share of them, 0 to 1."""
        if not words:
            return {}
        every = [(form, word) for word in words for form in (word, *forms.get(word, ()))]
        self.look_up(form for form, _ in every)
        weights = [self._term_weight(word, forms) for _, word in every]
        filters = Filters(subjects, slot, row_ids)
        scores = self._scored([form for form, _ in every], weights, count, filters, must_hold_all=False)
        return as_lexical_scores(scores, [self.rarity_of(word, forms) for word in words if not is_accented(word)])

    def asking_best(self, words: Sequence[str], count: int) -> Statement:
        """Return what asks for up to `count` of all topics that hold any of the words, each with its BM25."""
        self.look_up(words)
        return self._asking(words, list(map(self._term_weight, words)), count, Filters(), must_hold_all=False)

    def shares(self, words: Iterable[str], scores: Mapping[int, float]) -> dict[int, float]:
        """Return what was asked for as each topic's share of the words, 0 to 1."""
        return as_lexical_scores(scores, [self.rarity(word) for word in words if not is_accented(word)])

    def topics_containing(
        self,
        words: Sequence[str],
        count: int,
        *,
        subjects: Sequence[str] | None = None,
        slot: Slot | None = None,
        row_ids: Ids | None = None,
    ) -> list[int]:
        """Return up to `count` topics that hold all of the words, best first."""
        if not words:
            return []
        self.look_up(words)
        weights = [self._term_weight(word) for word in words]
        filters, rarest = Filters(subjects, slot, row_ids), min(words, key=self.frequency)
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
        most = POSTINGS if filters.is_open else FILTERED_POSTINGS
        read = shared_out(most, {short_name(word): self.frequency(word) for word in words})
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


def frequencies_of(library: int, words: Iterable[str]) -> Statement:
    """Return what asks how many topics hold each of some words."""
    return Statement(
        "SELECT word, topics FROM topics.word WHERE library = %s AND word = ANY(%s)",
        (library, sorted(set(map(short_name, words)))),
    )


def shared_out(postings: int, frequencies: Mapping[str, int]) -> dict[str, int] | None:
    """Return how many postings of each word are read where not all can be, the rarest words whole; None if all can.

    >>> shared_out(100, {"rare": 10, "frequent": 60, "common": 900})
    {'rare': 10, 'frequent': 45, 'common': 45}
    """
    if sum(frequencies.values()) <= postings:
        return None
    read: dict[str, int] = {}
    for word, frequency in sorted(frequencies.items(), key=lambda pair: pair[1]):
        read[word] = min(frequency, postings // (len(frequencies) - len(read)))
        postings -= read[word]
    return read


def of_the_rarest(frequencies: Sequence[int], count: int) -> list[int]:
    """Return how many postings of the rarest word to look at, one after the other, for topics that hold all words.

    All of them are enough, those that tell most are where they name `count` topics; none where reading every posting of
    every word costs no more.

    >>> of_the_rarest([20_000, 400_000], 200), of_the_rarest([50_000, 100_000], 200), of_the_rarest([100, 900], 200)
    ([8000, 20000], [8000], [])
    """
    every, rarest = sum(frequencies), min(frequencies)
    if every <= FILTERED_POSTINGS:
        return []
    ways = {rarest, min(rarest, max(POSTINGS, count))}
    return [postings for postings in sorted(ways) if postings * len(frequencies) * LOOK_UP_COST < every]


def best_of(
    state: State,
    weighed: Mapping[str, float],
    count: int,
    filters: Filters,
    read: Mapping[str, int] | None = None,
    *,
    least: int = 1,
) -> Statement:
    """Return what asks for the topics that hold at least so many of some words, by BM25 with the words' weights.

    Where any of the words will do, so many postings of each are read, or all of them.
    """
    values = _bm25_values(state, weighed, count) | {"least": least} | filter_values(filters)
    if read is None or least > 1:
        return Statement(_BEST if filters.is_open else _FILTERED, values)
    values |= {"read": [read[word] for word in weighed], "nominated": max(NOMINATED, count)}
    if filters.is_open:
        return Statement(_ASKED + _BEST_OF_MANY + _SCORED, values)
    return Statement(
        _ASKED + _BEST_OF_MANY_FILTERED + _SCORED,
        values | {"few": FEW_TOPICS, "looked_up": max(FILTERED_TOPICS, count)},
    )


def holding_all(
    state: State, weighed: Mapping[str, float], count: int, filters: Filters, rarest: str, postings: int
) -> Statement:
    """Return what asks for the topics that hold all of some words, best first, among so many of the rarest word's."""
    values = _bm25_values(state, weighed, count) | filter_values(filters) | {"least": len(weighed)}
    return Statement(_HOLDING_ALL, values | {"rarest": rarest, "postings": postings, "is_open": filters.is_open})


def scored(state: State, weighed: Mapping[str, float], count: int, named: Sequence[int]) -> Statement:
    """Return what asks for the BM25 of topics that a search engine has named."""
    return Statement(_NAMED + _SCORED, _bm25_values(state, weighed, count) | {"named": list(named)})


def _bm25_values(state: State, weighed: Mapping[str, float], count: int) -> dict[str, object]:
    return {
        "library": state.library,
        "words": list(weighed),
        "weights": list(weighed.values()),
        "count": count,
        "base": K1 * (1 - B),
        "slope": K1 * B / max(state.average_length, 1e-9),
    }


def filter_values(filters: Filters) -> dict[str, object]:
    """Return the values of a statement that say which topics are searched."""
    return {
        "subjects": None if filters.subjects is None else list(filters.subjects),
        "slot": slot_bit(filters.slot),
        "ids": None if filters.row_ids is None else filters.row_ids.tolist(),
    }


_BEST: Final = """
    SELECT p.topic_id, sum(asked.weight * p.count / (p.count + %(base)s + %(slope)s * p.length)) AS score
    FROM unnest(%(words)s::text[], %(weights)s::float8[]) asked (word, weight)
    JOIN topics.word w ON w.library = %(library)s AND w.word = asked.word
    JOIN topics.posting p ON p.word_id = w.id
    GROUP BY p.topic_id HAVING count(*) >= %(least)s
    ORDER BY score DESC, p.topic_id LIMIT %(count)s"""

_SCORED: Final = """
    SELECT nominated.topic_id, sum(asked.weight * p.count / (p.count + %(base)s + %(slope)s * p.length)) AS score
    FROM nominated CROSS JOIN asked CROSS JOIN LATERAL (
        SELECT count, length FROM topics.posting
        WHERE word_id = asked.id AND topic_id = nominated.topic_id LIMIT 1) p
    GROUP BY nominated.topic_id ORDER BY score DESC, nominated.topic_id LIMIT %(count)s"""
"""Topics that are nominated, by all the words they hold."""

_ASKED: Final = """
    WITH asked AS MATERIALIZED (
        SELECT w.id, asked.weight, asked.read
        FROM unnest(%(words)s::text[], %(weights)s::float8[], %(read)s::int[]) asked (word, weight, read)
        JOIN topics.word w ON w.library = %(library)s AND w.word = asked.word),"""
"""The words of a question, with how many postings are read of each."""

_BEST_OF_MANY: Final = """
    nominated AS MATERIALIZED (
        SELECT p.topic_id FROM asked CROSS JOIN LATERAL (
            SELECT topic_id, count, length FROM topics.posting WHERE word_id = asked.id
            ORDER BY (length + 20) / count::float8 LIMIT asked.read) p
        GROUP BY p.topic_id
        ORDER BY sum(asked.weight * p.count / (p.count + %(base)s + %(slope)s * p.length)) DESC LIMIT %(nominated)s)"""
"""By the postings of each word that tell most. Their order is that of the index `posting_impact`: of BM25 where topics
are 60 terms long on average, and near it where they are not."""

_BEST_OF_MANY_FILTERED: Final = """
    few AS MATERIALIZED (
        SELECT t.id FROM topics.topic t
        WHERE t.library = %(library)s
          AND (%(subjects)s::text[] IS NULL OR t.subject = ANY(%(subjects)s))
          AND (%(slot)s::int = 0 OR (t.slots & %(slot)s::int) > 0)
          AND (%(ids)s::bigint[] IS NULL OR t.id = ANY(%(ids)s)) LIMIT %(few)s + 1),
    ranked AS MATERIALIZED (
        SELECT p.topic_id FROM asked CROSS JOIN LATERAL (
            SELECT topic_id, count, length FROM topics.posting WHERE word_id = asked.id
            ORDER BY (length + 20) / count::float8 LIMIT asked.read) p
        WHERE (SELECT count(*) FROM few) > %(few)s
          AND (%(ids)s::bigint[] IS NULL OR p.topic_id IN (SELECT unnest(%(ids)s::bigint[])))
        GROUP BY p.topic_id
        ORDER BY sum(asked.weight * p.count / (p.count + %(base)s + %(slope)s * p.length)) DESC LIMIT %(looked_up)s),
    nominated AS MATERIALIZED (
        (SELECT id AS topic_id FROM few WHERE (SELECT count(*) FROM few) <= %(few)s)
        UNION ALL
        (SELECT ranked.topic_id FROM ranked CROSS JOIN LATERAL (
            SELECT 1 FROM topics.topic t WHERE t.id = ranked.topic_id
              AND (%(subjects)s::text[] IS NULL OR t.subject = ANY(%(subjects)s))
              AND (%(slot)s::int = 0 OR (t.slots & %(slot)s::int) > 0) LIMIT 1) let_through
         LIMIT %(nominated)s))"""
"""All topics where the filter leaves few, else those that the best postings name: one of the two runs."""

_HOLDING_ALL: Final = """
    WITH asked AS MATERIALIZED (
        SELECT w.id, w.word, asked.weight FROM unnest(%(words)s::text[], %(weights)s::float8[]) asked (word, weight)
        JOIN topics.word w ON w.library = %(library)s AND w.word = asked.word),
    nominated AS MATERIALIZED (
        SELECT topic_id FROM topics.posting WHERE word_id = (SELECT id FROM asked WHERE word = %(rarest)s)
        ORDER BY (length + 20) / count::float8 LIMIT %(postings)s),
    held AS MATERIALIZED (
        SELECT nominated.topic_id, sum(asked.weight * p.count / (p.count + %(base)s + %(slope)s * p.length)) AS score
        FROM nominated CROSS JOIN asked CROSS JOIN LATERAL (
            SELECT count, length FROM topics.posting
            WHERE word_id = asked.id AND topic_id = nominated.topic_id LIMIT 1) p
        GROUP BY nominated.topic_id HAVING count(*) = %(least)s ORDER BY score DESC, nominated.topic_id)
    SELECT held.topic_id, held.score FROM held
    WHERE %(is_open)s OR EXISTS (
        SELECT 1 FROM topics.topic t WHERE t.id = held.topic_id
          AND (%(subjects)s::text[] IS NULL OR t.subject = ANY(%(subjects)s))
          AND (%(slot)s::int = 0 OR (t.slots & %(slot)s::int) > 0)
          AND (%(ids)s::bigint[] IS NULL OR t.id = ANY(%(ids)s)))
    ORDER BY held.score DESC, held.topic_id LIMIT %(count)s"""
"""By the postings of the rarest word, those that tell most first."""

_NAMED: Final = """
    WITH asked AS MATERIALIZED (
        SELECT w.id, asked.weight FROM unnest(%(words)s::text[], %(weights)s::float8[]) asked (word, weight)
        JOIN topics.word w ON w.library = %(library)s AND w.word = asked.word),
    nominated AS MATERIALIZED (
        SELECT t.id AS topic_id FROM topics.topic t WHERE t.library = %(library)s AND t.id = ANY(%(named)s))"""

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
