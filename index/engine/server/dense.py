"""vectors -> nearest topics, by pgvector: exact within few rows, a graph (HNSW) above; ranked by the product

For a question no vector travels: the server gives the cosine of each candidate's passage in full precision, and these
stand as columns of one dimension, so that the arithmetic of `index.engine.scoring` is the same as over whole vectors.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, LiteralString

import numpy as np
import numpy.typing as npt

from index.engine.columns import Columns
from index.engine.scoring import (
    CANDIDATES_PER_HIT,
    MIN_HITS,
    SETTLING,
    SETTLING_TITLE,
    common_to_title,
    common_view,
    entry_matches,
    rest_of_title,
    similarity_of,
)
from index.engine.server.catalog.tables import COMES_ALONG_BYTES, SUBJECTS, State
from index.engine.server.connection import Row, Server, Statement
from index.engine.server.lexical import filter_values
from index.engine.server.vector_format import HEADER_BYTES, as_text
from index.records import SLOTS, Slot, Vectors, slot_bit
from index.storage import Candidates, EntryMatch, Filters, TopicViews
from index.text import title_hash

if TYPE_CHECKING:
    from index.engine.milvus.index import MilvusIndex

EXACT_FILTERED_UP_TO: Final = 2_000
"""Passages that are all compared where a filter leaves no more: 5 ms; a rare filter through the graph takes 100."""

FETCHED_AT_ONCE: Final = 500
"""Topics whose vectors are fetched at a time: 4 megabytes."""

OVER_FETCHED: Final = 2
"""How many times more passages a search engine is asked for than are wanted: of some, the topics are gone."""

ONLY: Final = np.ones(1, dtype=np.float32)
"""What cosines are multiplied by to be what they are."""


class ServerSnapshot:
    """The vectors of one revision."""

    def __init__(self, server: Server, state: State, search: MilvusIndex | None = None) -> None:
        """Ask a server about the vectors of a library as it is at a revision, and a search engine which are nearest."""
        self._server = server
        self.state = state
        self._search = search
        self._titles: dict[int, int] = {}
        self._forms: dict[int, Vectors | None] = {}
        self._question = _Question()

    @property
    def revision(self) -> int:
        """Which revision it reflects."""
        return self.state.revision

    @cached_property
    def subjects(self) -> Mapping[str, int]:
        """Every subject with the number of its topics."""
        return dict(self._server.all(SUBJECTS, self.state.library))

    def slot_counts(self) -> Mapping[Slot, int]:
        """Return how many topics have each slot."""
        rows = self._server.all(
            "SELECT slots, count(*) FROM topics.topic WHERE library = %s AND is_searched GROUP BY slots",
            self.state.library,
        )
        return {slot: sum(count for bits, count in rows if bits & slot_bit(slot)) for slot in SLOTS}

    # for a question

    def candidates(
        self, question: str, vector: Vectors, count: int, named: Iterable[int], learned: Sequence[int], filters: Filters
    ) -> Candidates:
        """Return at least `count` topics nearest to a vector, if there are, and those that are named or exact.

        A topic is exact whose title is the question, or that has learned it.
        """
        if not self.state.shelf:
            return Candidates.none()
        hash_ = _signed(title_hash(question))
        count = max(count, MIN_HITS)
        wanted = count * CANDIDATES_PER_HIT
        while True:
            near = self._near(vector, wanted, filters)
            rows = self._server.several(self._candidates(vector, wanted, {*named, *learned}, hash_, filters, near))[0]
            nearest, passages = (rows[0][-2], rows[0][-1]) if rows else (0, 0)
            if nearest >= count or (passages < wanted if near is None else len(near) < wanted * OVER_FETCHED):
                break
            wanted *= 4  # few searches, of which the last one costs most
        columns, hashes = _cosine_columns(rows)
        self._question.keep(vector, columns)
        topics = np.arange(len(columns.row_ids))
        if not len(topics):
            return Candidates.none()
        similarity, boost = similarity_of(columns, topics, ONLY, filters.slot)
        exact = (hashes == hash_) | np.isin(columns.row_ids, np.array(learned, dtype=np.int64))
        return Candidates(columns.row_ids, similarity, boost, exact)

    def _candidates(
        self, vector: Vectors, wanted: int, named: Iterable[int], hash_: int, filters: Filters, near: list[int] | None
    ) -> Statement:
        values = {
            "library": self.state.library,
            "shelf": self.state.shelf,
            "vector": as_text(vector),
            "wanted": wanted,
            "exact": EXACT_FILTERED_UP_TO,
            "named": sorted(named),
            "hash": hash_,
            "near": near,
        } | filter_values(filters)
        return Statement(self._nearest(filters) + _WITH_COSINES, values)

    def _near(self, vector: Vectors, wanted: int, filters: Filters) -> list[int] | None:
        """Return the topics that the search engine finds, more than are wanted; None where PostgreSQL searches."""
        if self._search is None:
            return None
        return self._search.nearest(self.state.shelf, vector, wanted * OVER_FETCHED, filters)

    def _nearest(self, filters: Filters) -> LiteralString:
        """Return the beginning of a statement that says which topics are nearest."""
        if self._search is not None:
            return _NEAREST_NAMED if filters.is_open else _NEAREST_NAMED_FILTERED
        if not self.state.has_graph:
            return _NEAREST_EXACT
        graph = _NEAREST_OF_ALL if filters.is_open else _NEAREST_FILTERED
        return graph.replace("DIMENSION", str(int(self.state.dimension)))

    def entry_matches(self, row_id: int, vector: Vectors, slot: Slot | None) -> tuple[EntryMatch, ...]:
        """Return how each entry of a topic matches a vector."""
        columns = self._question.columns_for(vector)
        if columns is None or row_id not in columns.row_ids:
            rows = self._server.several(
                Statement(
                    _COSINES_OF,
                    {"named": [int(row_id)], "vector": as_text(vector), "shelf": self.state.shelf},
                )
            )[0]
            columns, _ = _cosine_columns(rows)
        return entry_matches(columns, row_id, ONLY, slot)

    def nearest_passages(self, query: Vectors, count: int) -> list[int]:
        """Return up to `count` topics by their nearest passage alone, ways to ask left out."""
        if not self.state.shelf:
            return []
        rows = self._server.several(
            Statement(
                """SELECT topic_id FROM (
                       SELECT p.topic_id, max(-(v.embedding::vector <#> %(vector)s::vector)) AS cosine
                       FROM topics.passage p JOIN topics.vector v ON v.shelf = p.shelf AND v.key = p.vector_key
                       WHERE p.library = %(library)s AND p.shelf = %(shelf)s AND p.kind = 0
                       GROUP BY p.topic_id) best
                   ORDER BY cosine DESC, topic_id LIMIT %(count)s""",
                {
                    "library": self.state.library,
                    "shelf": self.state.shelf,
                    "vector": as_text(query),
                    "count": count,
                },
            )
        )[0]
        return [row_id for (row_id,) in rows]

    # for titles

    def has_title(self, title: str) -> bool:
        """Say whether a topic has this title, as `title_key` compares them."""
        return self.count_titled([title_hash(title)])[title_hash(title)] > 0

    def count_titled(self, titles: Iterable[int]) -> Mapping[int, int]:
        """Return how many topics have each title, given by its `title_hash`."""
        unknown = sorted({*titles} - self._titles.keys())
        if unknown:
            counts = {_unsigned(hash_): count for hash_, count in self._server.several(self.asking_titles(unknown))[0]}
            self._titles |= {title: counts.get(title, 0) for title in unknown}
        return self._titles

    def asking_titles(self, titles: Sequence[int]) -> Statement:
        """Return what asks how many topics have each title."""
        return Statement(
            """SELECT title_hash, count(*) FROM topics.topic
               WHERE library = %s AND title_hash = ANY(%s) AND is_searched GROUP BY title_hash""",
            (self.state.library, [_signed(title) for title in titles]),
        )

    def take_titles(self, titles: Sequence[int], rows: Iterable[Row]) -> None:
        """Keep what was asked for."""
        self._titles |= dict.fromkeys(titles, 0) | {_unsigned(hash_): count for hash_, count in rows}

    def rest_of_title(self, title: int) -> float:
        """Return how far what topics of a title share is their own and not the form's: 1 for a title of one topic."""
        return rest_of_title(self.count_titled([title])[title])

    # for topics beside one

    def asking_neighbours(self, vector: Vectors, count: int, by_words: Statement, others: Iterable[int]) -> Statement:
        """Return what asks for the topics of the nearest passages, those that `by_words` asks for, and others.

        A row is a passage with its vector, the topic's score by words, and how many topics have its title; the first
        one of a topic has the topic itself, unless it is large.
        """
        sql = self._nearest(Filters()) + _BY_WORDS + by_words.sql + _NEIGHBOURS
        values = {
            "near": self._near(vector, count, Filters()),
            "library": self.state.library,
            "shelf": self.state.shelf,
            "vector": as_text(vector),
            "wanted": count,
            "exact": EXACT_FILTERED_UP_TO,
            "others": sorted(map(int, others)),
            "along": COMES_ALONG_BYTES,
        }
        return Statement(sql, filter_values(Filters()) | values | dict(by_words.named_values))

    def take_neighbours(self, rows: Sequence[Row]) -> TopicViews:
        """Return the views of the topics that were asked for, and keep which titles only one topic has."""
        self._forms |= {_unsigned(row[1]): None for row in rows if row[9] < 2}
        return self.take_views(rows)

    def views(self, row_ids: Iterable[int]) -> TopicViews:
        """Return what those of the topics that are there are about."""
        return self.take_views(self._server.several(self.asking_views(row_ids))[0])

    def asking_views(self, row_ids: Iterable[int]) -> Statement:
        """Return what asks for the passages of topics with their vectors."""
        return Statement(_VECTORS, (sorted({int(id_) for id_ in row_ids}), self.state.library))

    def take_views(self, rows: Sequence[Row]) -> TopicViews:
        """Return what topics are about, by their passages as they were asked for."""
        return _views(rows, self.state.dimension)

    def all_views(self) -> Iterator[TopicViews]:
        """Yield what every topic is about, some topics at a time."""
        after = 0
        while ids := self._server.all(
            "SELECT id FROM topics.topic WHERE library = %s AND is_searched AND id > %s ORDER BY id LIMIT %s",
            self.state.library,
            after,
            FETCHED_AT_ONCE,
        ):
            after = ids[-1][0]
            yield self.views(id_ for (id_,) in ids)

    @cached_property
    def common(self) -> Vectors:
        """What all topics have in common, to be taken off before two are compared: shape (1 + slots, dimension)."""
        rows = self._server.several(Statement(_SAMPLE, {"library": self.state.library, "settling": SETTLING}))[0]
        return common_view(self.take_views(rows).views)

    def common_to_titles(self, titles: Iterable[int]) -> Mapping[int, Vectors]:
        """Return what the topics of each recurring title have in common beyond that, by its `title_hash`."""
        wanted = {*titles}
        for statement in self.asking_forms(wanted):
            self.take_forms(wanted, self._server.several(statement)[0])
        return {title: form for title in wanted if (form := self._forms[title]) is not None}

    def asking_forms(self, titles: Iterable[int]) -> Sequence[Statement]:
        """Return what asks for some topics of each title of which that was not asked yet; nothing if there is none."""
        unknown = sorted({*titles} - self._forms.keys())
        values = {
            "library": self.state.library,
            "titles": list(map(_signed, unknown)),
            "settling": SETTLING_TITLE,
        }
        return [Statement(_SAMPLE_OF_TITLES, values)] if unknown else []

    def take_forms(self, titles: Iterable[int], rows: Sequence[Row]) -> None:
        """Keep what the topics of each title have in common, by some of them as they were asked for."""
        forms = {
            _unsigned(hash_): common_to_title(self.take_views(some).views, self.common, some[0][8])
            for hash_, some in ((hash_, list(of_title)) for hash_, of_title in groupby(rows, itemgetter(1)))
        }
        self._forms |= dict.fromkeys({*titles} - self._forms.keys()) | forms


class _Question(threading.local):
    """The cosines that were fetched for the question which the present thread asks."""

    vector: Vectors | None = None
    columns: Columns | None = None

    def keep(self, vector: Vectors, columns: Columns) -> None:
        self.vector, self.columns = vector, columns

    def columns_for(self, vector: Vectors) -> Columns | None:
        return self.columns if self.vector is vector else None


_NEAREST_OF_ALL: Final = """
    WITH near AS MATERIALIZED (
        SELECT v.key FROM topics.vector v WHERE v.shelf = %(shelf)s
        ORDER BY v.embedding::halfvec(DIMENSION) <#> %(vector)s::halfvec(DIMENSION) LIMIT %(wanted)s),
    nearest AS MATERIALIZED (
        SELECT p.topic_id FROM near JOIN topics.passage p ON p.shelf = %(shelf)s AND p.vector_key = near.key)
    """
"""By the graph; a vector that no passage uses yet falls away."""

_NEAREST_EXACT: Final = """
    WITH nearest AS MATERIALIZED (
        SELECT p.topic_id FROM topics.topic t JOIN topics.passage p ON p.topic_id = t.id
        JOIN topics.vector v ON v.shelf = p.shelf AND v.key = p.vector_key
        WHERE t.library = %(library)s AND p.shelf = %(shelf)s
          AND (%(subjects)s::text[] IS NULL OR t.subject = ANY(%(subjects)s))
          AND (%(slot)s::int = 0 OR (t.slots & %(slot)s::int) > 0)
          AND (%(ids)s::bigint[] IS NULL OR t.id = ANY(%(ids)s))
        ORDER BY v.embedding::vector <#> %(vector)s::vector LIMIT %(wanted)s)
    """

_NEAREST_FILTERED: Final = """
    WITH allowed AS MATERIALIZED (
        SELECT t.id FROM topics.topic t WHERE t.library = %(library)s
          AND (%(subjects)s::text[] IS NULL OR t.subject = ANY(%(subjects)s))
          AND (%(slot)s::int = 0 OR (t.slots & %(slot)s::int) > 0)
          AND (%(ids)s::bigint[] IS NULL OR t.id = ANY(%(ids)s))),
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
    """
"""Exact where the filter leaves few passages, by the graph where it leaves many: one of the two runs."""

_NEAREST_NAMED: Final = """
    WITH nearest AS MATERIALIZED (
        SELECT t.id AS topic_id FROM unnest(%(near)s::bigint[]) WITH ORDINALITY near (topic_id, place)
        JOIN topics.topic t ON t.id = near.topic_id
        WHERE t.library = %(library)s ORDER BY near.place LIMIT %(wanted)s)
    """
"""By what a search engine has found; what is not there any more, or not yet, falls away."""

_NEAREST_NAMED_FILTERED: Final = """
    WITH few AS MATERIALIZED (
        SELECT p.topic_id, p.vector_key FROM topics.topic t JOIN topics.passage p ON p.topic_id = t.id
        WHERE t.library = %(library)s AND p.shelf = %(shelf)s
          AND (%(subjects)s::text[] IS NULL OR t.subject = ANY(%(subjects)s))
          AND (%(slot)s::int = 0 OR (t.slots & %(slot)s::int) > 0)
          AND (%(ids)s::bigint[] IS NULL OR t.id = ANY(%(ids)s)) LIMIT %(exact)s + 1),
    named AS MATERIALIZED (
        SELECT t.id AS topic_id FROM unnest(%(near)s::bigint[]) WITH ORDINALITY near (topic_id, place)
        JOIN topics.topic t ON t.id = near.topic_id
        WHERE t.library = %(library)s AND (SELECT count(*) FROM few) > %(exact)s
          AND (%(subjects)s::text[] IS NULL OR t.subject = ANY(%(subjects)s))
          AND (%(slot)s::int = 0 OR (t.slots & %(slot)s::int) > 0)
          AND (%(ids)s::bigint[] IS NULL OR t.id = ANY(%(ids)s))
        ORDER BY near.place LIMIT %(wanted)s),
    nearest AS MATERIALIZED (
        (SELECT few.topic_id FROM few JOIN topics.vector v ON v.shelf = %(shelf)s AND v.key = few.vector_key
         WHERE (SELECT count(*) FROM few) <= %(exact)s
         ORDER BY v.embedding::vector <#> %(vector)s::vector LIMIT %(wanted)s)
        UNION ALL
        (SELECT topic_id FROM named))
    """

_BY_WORDS: Final = ", by_words AS MATERIALIZED ("

_NEIGHBOURS: Final = """),
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

_WITH_COSINES: Final = """,
    chosen AS MATERIALIZED (
        SELECT topic_id FROM nearest
        UNION
        SELECT t.id FROM topics.topic t WHERE t.id = ANY(%(named)s::bigint[]) AND t.library = %(library)s
          AND (%(subjects)s::text[] IS NULL OR t.subject = ANY(%(subjects)s))
          AND (%(slot)s::int = 0 OR (t.slots & %(slot)s::int) > 0)
          AND (%(ids)s::bigint[] IS NULL OR t.id = ANY(%(ids)s))
        UNION
        SELECT t.id FROM topics.topic t WHERE t.library = %(library)s AND t.title_hash = %(hash)s
          AND (%(subjects)s::text[] IS NULL OR t.subject = ANY(%(subjects)s))
          AND (%(slot)s::int = 0 OR (t.slots & %(slot)s::int) > 0)
          AND (%(ids)s::bigint[] IS NULL OR t.id = ANY(%(ids)s)))
    SELECT t.id, t.title_hash, p.kind, p.entry, p.slot, p.first, p.last,
           -(v.embedding::vector <#> %(vector)s::vector),
           (SELECT count(DISTINCT topic_id) FROM nearest), (SELECT count(*) FROM nearest)
    FROM chosen JOIN topics.topic t ON t.id = chosen.topic_id
    JOIN topics.passage p ON p.topic_id = t.id
    JOIN topics.vector v ON v.shelf = p.shelf AND v.key = p.vector_key
    ORDER BY t.id, p.id"""

_COSINES_OF: Final = """
    SELECT t.id, t.title_hash, p.kind, p.entry, p.slot, p.first, p.last,
           -(v.embedding::vector <#> %(vector)s::vector)
    FROM topics.topic t JOIN topics.passage p ON p.topic_id = t.id
    JOIN topics.vector v ON v.shelf = p.shelf AND v.key = p.vector_key
    WHERE t.id = ANY(%(named)s::bigint[]) AND p.shelf = %(shelf)s ORDER BY t.id, p.id"""

_VECTORS: Final = """
    SELECT t.id, t.title_hash, p.kind, p.entry, p.slot, p.first, p.last, halfvec_send(v.embedding)
    FROM topics.topic t JOIN topics.passage p ON p.topic_id = t.id
    JOIN topics.vector v ON v.shelf = p.shelf AND v.key = p.vector_key
    WHERE t.id = ANY(%s::bigint[]) AND t.library = %s ORDER BY t.id, p.id"""

_SAMPLE: Final = """
    WITH numbered AS (
        SELECT id, title_hash, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS topics
        FROM topics.topic WHERE library = %(library)s AND is_searched)
    SELECT t.id, t.title_hash, p.kind, p.entry, p.slot, p.first, p.last, halfvec_send(v.embedding)
    FROM numbered t JOIN topics.passage p ON p.topic_id = t.id
    JOIN topics.vector v ON v.shelf = p.shelf AND v.key = p.vector_key
    WHERE t.place %% greatest(1, t.topics / %(settling)s) = 0 ORDER BY t.id, p.id"""

_SAMPLE_OF_TITLES: Final = """
    WITH titled AS (
        SELECT id, title_hash, row_number() OVER (PARTITION BY title_hash ORDER BY id) - 1 AS place,
               count(*) OVER (PARTITION BY title_hash) AS topics
        FROM topics.topic
        WHERE library = %(library)s AND title_hash = ANY(%(titles)s::bigint[]) AND is_searched)
    SELECT t.id, t.title_hash, p.kind, p.entry, p.slot, p.first, p.last, halfvec_send(v.embedding), t.topics
    FROM titled t JOIN topics.passage p ON p.topic_id = t.id
    JOIN topics.vector v ON v.shelf = p.shelf AND v.key = p.vector_key
    WHERE t.topics > 1 AND t.place %% (1 + t.topics / %(settling)s) = 0 ORDER BY t.title_hash, t.id, p.id"""


def _cosine_columns(rows: Sequence[Row]) -> tuple[Columns, npt.NDArray[np.int64]]:
    """Return passages as columns whose vectors are their cosines with a question, and the title hash of each topic."""
    cosines = np.array([row[7] for row in rows], dtype=np.float32).reshape(-1, 1)
    return _columns(rows, cosines)


def _views(rows: Sequence[Row], dimension: int) -> TopicViews:
    numbers = b"".join(row[7][HEADER_BYTES:] for row in rows)
    vectors = np.frombuffer(numbers, dtype=">f2").astype(np.float16).reshape(-1, dimension)
    columns, hashes = _columns(rows, vectors)
    return TopicViews(columns.row_ids, hashes.view(np.uint64), columns.views(np.arange(len(columns.row_ids))))


def _columns(rows: Sequence[Row], vectors: npt.NDArray[Any]) -> tuple[Columns, npt.NDArray[np.int64]]:
    table = np.array([row[:7] for row in rows], dtype=np.int64).reshape(-1, 7)
    row_ids, firsts = np.unique(table[:, 0], return_index=True)
    hashes = table[firsts, 1]
    row_slots = table[:, 4].astype(np.uint8)
    columns = Columns(
        row_ids=row_ids,
        starts=np.append(firsts, len(rows)).astype(np.int64),
        subjects=np.zeros(len(row_ids), dtype=np.int32),
        titles=hashes.view(np.uint64),
        slot_bits=np.bitwise_or.reduceat(row_slots, firsts) if len(firsts) else row_slots,
        kinds=table[:, 2].astype(np.uint8),
        entries=table[:, 3].astype(np.int32),
        row_slots=row_slots,
        spans=table[:, 5:7].astype(np.int32),
        vectors=vectors,
        subject_names=np.array([""], dtype=np.str_),
    )
    return columns, hashes


def _signed(hash_: int) -> int:
    """Return 64 bits as the server counts them.

    >>> _signed(2**64 - 1), _unsigned(-1) == 2**64 - 1
    (-1, True)
    """
    return hash_ - 2**64 if hash_ >= 2**63 else hash_


def _unsigned(hash_: int) -> int:
    return hash_ % 2**64
