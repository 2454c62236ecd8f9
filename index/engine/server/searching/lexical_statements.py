"""the statements that ask which topics hold some words, best first by BM25"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from index.engine.bm25 import K1, B
from index.engine.server.catalog.tables import State
from index.engine.server.connection import Statement
from index.engine.server.names import short_name
from index.engine.server.searching.filters import filter_values, with_filters
from index.storage import Filters

FEW_TOPICS: Final = 8_000
"""Topics whose words are all looked at where a filter lets no more through and not all postings are read."""

FILTERED_TOPICS: Final = 16_000
"""Topics at most of which it is looked up, best first, whether a filter lets them through: 3 µs each."""

NOMINATED: Final = 500
"""Topics whose score is computed exactly where not all postings are read; with 200, it is .965 for a quarter."""

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

_BEST_OF_MANY_FILTERED: Final = with_filters("""
    few AS MATERIALIZED (
        SELECT t.id FROM topics.topic t
        WHERE t.library = %(library)s
          AND PASSES_FILTERS LIMIT %(few)s + 1),
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
         LIMIT %(nominated)s))""")
"""All topics where the filter leaves few, else those that the best postings name: one of the two runs."""

_HOLDING_ALL: Final = with_filters("""
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
          AND PASSES_FILTERS)
    ORDER BY held.score DESC, held.topic_id LIMIT %(count)s""")
"""By the postings of the rarest word, those that tell most first."""

_NAMED: Final = """
    WITH asked AS MATERIALIZED (
        SELECT w.id, asked.weight FROM unnest(%(words)s::text[], %(weights)s::float8[]) asked (word, weight)
        JOIN topics.word w ON w.library = %(library)s AND w.word = asked.word),
    nominated AS MATERIALIZED (
        SELECT t.id AS topic_id FROM topics.topic t WHERE t.library = %(library)s AND t.id = ANY(%(named)s))"""

_FILTERED: Final = with_filters("""
    SELECT p.topic_id, sum(asked.weight * p.count / (p.count + %(base)s + %(slope)s * p.length)) AS score
    FROM unnest(%(words)s::text[], %(weights)s::float8[]) asked (word, weight)
    JOIN topics.word w ON w.library = %(library)s AND w.word = asked.word
    JOIN topics.posting p ON p.word_id = w.id
    JOIN topics.topic t ON t.id = p.topic_id
    WHERE PASSES_FILTERS
    GROUP BY p.topic_id HAVING count(*) >= %(least)s
    ORDER BY score DESC, p.topic_id LIMIT %(count)s""")


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
