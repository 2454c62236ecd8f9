"""the SQL that asks for passages by their vectors: the nearest ones, those of some topics, and samples of them

A statement that looks for the nearest passages begins with one of the first five constants, which give the topics of
these as `nearest`. It goes on with `WITH_COSINES`; or with `BY_WORDS`, a statement of the words, and `WITH_NEIGHBOURS`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from index.engine.server.connection import Statement
from index.engine.server.searching.filters import with_filters
from index.engine.server.searching.passage_rows import signed_hash

NEAREST_OF_ALL: Final = """
    WITH near AS MATERIALIZED (
        SELECT v.key FROM topics.vector v WHERE v.shelf = %(shelf)s
        ORDER BY v.embedding::halfvec(DIMENSION) <#> %(vector)s::halfvec(DIMENSION) LIMIT %(wanted)s),
    nearest AS MATERIALIZED (
        SELECT p.topic_id FROM near JOIN topics.passage p ON p.shelf = %(shelf)s AND p.vector_key = near.key)
    """
"""By the graph; a vector that no passage uses yet falls away."""

NEAREST_EXACT: Final = with_filters("""
    WITH nearest AS MATERIALIZED (
        SELECT p.topic_id FROM topics.topic t JOIN topics.passage p ON p.topic_id = t.id
        JOIN topics.vector v ON v.shelf = p.shelf AND v.key = p.vector_key
        WHERE t.library = %(library)s AND p.shelf = %(shelf)s
          AND PASSES_FILTERS
        ORDER BY v.embedding::vector <#> %(vector)s::vector LIMIT %(wanted)s)
    """)

NEAREST_FILTERED: Final = with_filters("""
    WITH allowed AS MATERIALIZED (
        SELECT t.id FROM topics.topic t WHERE t.library = %(library)s
          AND PASSES_FILTERS),
    few AS MATERIALIZED (
        SELECT p.topic_id, p.vector_key FROM allowed JOIN topics.passage p ON p.topic_id = allowed.id
        WHERE p.shelf = %(shelf)s LIMIT %(exact)s + 1),
    near AS MATERIALIZED (
        SELECT v.key FROM topics.vector v WHERE v.shelf = %(shelf)s AND (SELECT count(*) FROM few) > %(exact)s
        ORDER BY v.embedding::halfvec(DIMENSION) <#> %(vector)s::halfvec(DIMENSION) LIMIT %(wanted)s * 8),
    nearest AS MATERIALIZED (
        (SELECT few.topic_id FROM few JOIN topics.vector v ON v.shelf = %(shelf)s AND v.key = few.vector_key
         WHERE (SELECT count(*) FROM few) <= %(exact)s
         ORDER BY v.embedding::vector <#> %(vector)s::vector LIMIT %(wanted)s)
        UNION ALL
        (SELECT p.topic_id FROM near JOIN topics.passage p ON p.shelf = %(shelf)s AND p.vector_key = near.key
         JOIN allowed ON allowed.id = p.topic_id LIMIT %(wanted)s))
    """)
"""Exact where the filter leaves few passages, by the graph where it leaves many: one of the two runs."""

NEAREST_NAMED: Final = """
    WITH nearest AS MATERIALIZED (
        SELECT t.id AS topic_id FROM unnest(%(near)s::bigint[]) WITH ORDINALITY near (topic_id, place)
        JOIN topics.topic t ON t.id = near.topic_id
        WHERE t.library = %(library)s ORDER BY near.place LIMIT %(wanted)s)
    """
"""By what a search engine has found; what is not there any more, or not yet, falls away."""

NEAREST_NAMED_FILTERED: Final = with_filters("""
    WITH few AS MATERIALIZED (
        SELECT p.topic_id, p.vector_key FROM topics.topic t JOIN topics.passage p ON p.topic_id = t.id
        WHERE t.library = %(library)s AND p.shelf = %(shelf)s
          AND PASSES_FILTERS LIMIT %(exact)s + 1),
    named AS MATERIALIZED (
        SELECT t.id AS topic_id FROM unnest(%(near)s::bigint[]) WITH ORDINALITY near (topic_id, place)
        JOIN topics.topic t ON t.id = near.topic_id
        WHERE t.library = %(library)s AND (SELECT count(*) FROM few) > %(exact)s
          AND PASSES_FILTERS
        ORDER BY near.place LIMIT %(wanted)s),
    nearest AS MATERIALIZED (
        (SELECT few.topic_id FROM few JOIN topics.vector v ON v.shelf = %(shelf)s AND v.key = few.vector_key
         WHERE (SELECT count(*) FROM few) <= %(exact)s
         ORDER BY v.embedding::vector <#> %(vector)s::vector LIMIT %(wanted)s)
        UNION ALL
        (SELECT topic_id FROM named))
    """)

BY_WORDS: Final = ", by_words AS MATERIALIZED ("

WITH_NEIGHBOURS: Final = """),
    chosen AS MATERIALIZED (
        SELECT t.id, t.title_hash, (SELECT score FROM by_words WHERE topic_id = t.id) AS score,
               (SELECT count(*) FROM topics.topic o
                WHERE o.library = t.library AND o.title_hash = t.title_hash AND o.is_searched) AS titled
        FROM (SELECT topic_id FROM nearest UNION SELECT topic_id FROM by_words
              UNION SELECT unnest(%(others)s::bigint[])) named
        JOIN topics.topic t ON t.id = named.topic_id WHERE t.library = %(library)s),
    listed AS (
        SELECT chosen.*, p.id AS passage, p.shelf, p.vector_key, p.kind, p.entry, p.slot, p.first, p.last,
               row_number() OVER (PARTITION BY chosen.id ORDER BY p.id) AS place
        FROM chosen JOIN topics.passage p ON p.topic_id = chosen.id)
    SELECT l.id, l.title_hash, l.kind, l.entry, l.slot, l.first, l.last, halfvec_send(v.embedding), l.score, l.titled,
           t.note, t.source, t.stable_id, t.subject, t.title, t.line, t.parents, t.asked_as, t.entries, t.properties
    FROM listed l JOIN topics.vector v ON v.shelf = l.shelf AND v.key = l.vector_key
    LEFT JOIN LATERAL (
        SELECT d.path AS note, s.path AS source, t.* FROM topics.topic t JOIN topics.document d ON d.id = t.document_id
        JOIN topics.source s ON s.id = d.source_id
        WHERE l.place = 1 AND t.id = l.id AND octet_length(t.entries) <= %(along)s LIMIT 1) t ON true
    ORDER BY l.id, l.passage"""

WITH_COSINES: Final = with_filters(""",
    chosen AS MATERIALIZED (
        SELECT topic_id FROM nearest
        UNION
        SELECT t.id FROM topics.topic t WHERE t.id = ANY(%(named)s::bigint[]) AND t.library = %(library)s
          AND PASSES_FILTERS
        UNION
        SELECT t.id FROM topics.topic t WHERE t.library = %(library)s AND t.title_hash = %(hash)s
          AND PASSES_FILTERS)
    SELECT t.id, t.title_hash, p.kind, p.entry, p.slot, p.first, p.last,
           -(v.embedding::vector <#> %(vector)s::vector),
           (SELECT count(DISTINCT topic_id) FROM nearest), (SELECT count(*) FROM nearest)
    FROM chosen JOIN topics.topic t ON t.id = chosen.topic_id
    JOIN topics.passage p ON p.topic_id = t.id
    JOIN topics.vector v ON v.shelf = p.shelf AND v.key = p.vector_key
    ORDER BY t.id, p.id""")

COSINES_OF: Final = """
    SELECT t.id, t.title_hash, p.kind, p.entry, p.slot, p.first, p.last,
           -(v.embedding::vector <#> %(vector)s::vector)
    FROM topics.topic t JOIN topics.passage p ON p.topic_id = t.id
    JOIN topics.vector v ON v.shelf = p.shelf AND v.key = p.vector_key
    WHERE t.id = ANY(%(named)s::bigint[]) AND p.shelf = %(shelf)s ORDER BY t.id, p.id"""

NEAREST_BY_PASSAGE: Final = """
    SELECT topic_id FROM (
        SELECT p.topic_id, max(-(v.embedding::vector <#> %(vector)s::vector)) AS cosine
        FROM topics.passage p JOIN topics.vector v ON v.shelf = p.shelf AND v.key = p.vector_key
        WHERE p.library = %(library)s AND p.shelf = %(shelf)s AND p.kind = 0
        GROUP BY p.topic_id) best
    ORDER BY cosine DESC, topic_id LIMIT %(count)s"""
"""By the best passage of each topic alone, ways to ask left out."""

VECTORS: Final = """
    SELECT t.id, t.title_hash, p.kind, p.entry, p.slot, p.first, p.last, halfvec_send(v.embedding)
    FROM topics.topic t JOIN topics.passage p ON p.topic_id = t.id
    JOIN topics.vector v ON v.shelf = p.shelf AND v.key = p.vector_key
    WHERE t.id = ANY(%s::bigint[]) AND t.library = %s ORDER BY t.id, p.id"""

SAMPLE: Final = """
    WITH numbered AS (
        SELECT id, title_hash, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS topics
        FROM topics.topic WHERE library = %(library)s AND is_searched)
    SELECT t.id, t.title_hash, p.kind, p.entry, p.slot, p.first, p.last, halfvec_send(v.embedding)
    FROM numbered t JOIN topics.passage p ON p.topic_id = t.id
    JOIN topics.vector v ON v.shelf = p.shelf AND v.key = p.vector_key
    WHERE t.place %% greatest(1, t.topics / %(settling)s) = 0 ORDER BY t.id, p.id"""

SAMPLE_OF_TITLES: Final = """
    WITH titled AS (
        SELECT id, title_hash, row_number() OVER (PARTITION BY title_hash ORDER BY id) - 1 AS place,
               count(*) OVER (PARTITION BY title_hash) AS topics
        FROM topics.topic
        WHERE library = %(library)s AND title_hash = ANY(%(titles)s::bigint[]) AND is_searched)
    SELECT t.id, t.title_hash, p.kind, p.entry, p.slot, p.first, p.last, halfvec_send(v.embedding), t.topics
    FROM titled t JOIN topics.passage p ON p.topic_id = t.id
    JOIN topics.vector v ON v.shelf = p.shelf AND v.key = p.vector_key
    WHERE t.topics > 1 AND t.place %% (1 + t.topics / %(settling)s) = 0 ORDER BY t.title_hash, t.id, p.id"""


def count_by_title(library: int, titles: Sequence[int]) -> Statement:
    """Return what asks how many topics have each title, given by its `title_hash`."""
    return Statement(
        """SELECT title_hash, count(*) FROM topics.topic
           WHERE library = %s AND title_hash = ANY(%s) AND is_searched GROUP BY title_hash""",
        (library, list(map(signed_hash, titles))),
    )
