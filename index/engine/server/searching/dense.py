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
from typing import TYPE_CHECKING, Final, LiteralString

import numpy as np

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
from index.engine.server.searching.dense_statements import (
    BY_WORDS,
    COSINES_OF,
    NEAREST_BY_PASSAGE,
    NEAREST_EXACT,
    NEAREST_FILTERED,
    NEAREST_NAMED,
    NEAREST_NAMED_FILTERED,
    NEAREST_OF_ALL,
    SAMPLE,
    SAMPLE_OF_TITLES,
    VECTORS,
    WITH_COSINES,
    WITH_NEIGHBOURS,
    count_by_title,
)
from index.engine.server.searching.filters import filter_values
from index.engine.server.searching.passage_rows import cosine_columns, signed_hash, topic_views, unsigned_hash
from index.engine.server.vector_format import as_text
from index.records import SLOTS, Slot, Vectors, slot_bit
from index.storage import ALL_TOPICS, Candidates, EntryMatch, Filters, TopicViews
from index.text import title_hash

if TYPE_CHECKING:
    from index.engine.milvus.index import MilvusIndex

EXACT_FILTERED_UP_TO: Final = 2_000
"""Passages that are all compared where a filter leaves no more: 5 ms; a rare filter through the graph takes 100."""

FETCHED_AT_ONCE: Final = 500
"""Topics whose vectors are fetched at a time: 4 megabytes."""

OVER_FETCHED: Final = 2
"""How many times as many passages as wanted a search engine is asked for: the topics of some are gone."""

ONLY: Final = np.ones(1, dtype=np.float32)
"""The question's vector for columns that are cosines already."""


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
        hash_ = signed_hash(title_hash(question))
        count = max(count, MIN_HITS)
        wanted = count * CANDIDATES_PER_HIT
        while True:
            near = self._near(vector, wanted, filters)
            rows = self._server.several(self._candidates(vector, wanted, {*named, *learned}, hash_, filters, near))[0]
            nearest, passages = (rows[0][-2], rows[0][-1]) if rows else (0, 0)
            if nearest >= count or (passages < wanted if near is None else len(near) < wanted * OVER_FETCHED):
                break
            wanted *= 4  # few searches, of which the last one costs most
        columns, hashes = cosine_columns(rows)
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
        return Statement(self._nearest(filters) + WITH_COSINES, values)

    def _near(self, vector: Vectors, wanted: int, filters: Filters) -> list[int] | None:
        """Return the topics that the search engine finds, more than are wanted; None where PostgreSQL searches."""
        if self._search is None:
            return None
        return self._search.nearest(self.state.shelf, vector, wanted * OVER_FETCHED, filters)

    def _nearest(self, filters: Filters) -> LiteralString:
        """Return the beginning of a statement that says which topics are nearest."""
        if self._search is not None:
            return NEAREST_NAMED if filters.is_open else NEAREST_NAMED_FILTERED
        if not self.state.has_graph:
            return NEAREST_EXACT
        graph = NEAREST_OF_ALL if filters.is_open else NEAREST_FILTERED
        return graph.replace("DIMENSION", str(int(self.state.dimension)))

    def entry_matches(
        self, row_ids: Sequence[int], vector: Vectors, slot: Slot | None
    ) -> dict[int, tuple[EntryMatch, ...]]:
        """Return how each entry of topics matches a vector."""
        columns = self._question.columns_for(vector)
        if columns is None or not np.isin(row_ids, columns.row_ids).all():
            values = {"named": [*row_ids], "vector": as_text(vector), "shelf": self.state.shelf}
            rows = self._server.several(Statement(COSINES_OF, values))[0]
            columns, _ = cosine_columns(rows)
        return entry_matches(columns, row_ids, ONLY, slot)

    def nearest_passages(self, query: Vectors, count: int) -> list[int]:
        """Return up to `count` topics by their nearest passage alone, ways to ask left out."""
        if not self.state.shelf:
            return []
        values = {
            "library": self.state.library,
            "shelf": self.state.shelf,
            "vector": as_text(query),
            "count": count,
        }
        rows = self._server.several(Statement(NEAREST_BY_PASSAGE, values))[0]
        return [row_id for (row_id,) in rows]

    # for titles

    def has_title(self, title: str) -> bool:
        """Return whether a topic has this title, as `title_key` compares them."""
        return self.count_titled([title_hash(title)])[title_hash(title)] > 0

    def count_titled(self, titles: Iterable[int]) -> Mapping[int, int]:
        """Return how many topics have each title, given by its `title_hash`."""
        unknown = sorted({*titles} - self._titles.keys())
        if unknown:
            self.take_titles(unknown, self._server.several(count_by_title(self.state.library, unknown))[0])
        return self._titles

    def take_titles(self, titles: Iterable[int], rows: Iterable[Row]) -> None:
        """Keep how many topics have each title, as the server has answered `count_by_title`."""
        self._titles |= dict.fromkeys(titles, 0) | {unsigned_hash(hash_): count for hash_, count in rows}

    def rest_of_title(self, title: int) -> float:
        """Return how far what topics of a title share is their own and not the form's: 1 for a title of one topic."""
        return rest_of_title(self.count_titled([title])[title])

    # for topics beside one

    def asking_neighbours(self, vector: Vectors, count: int, by_words: Statement, others: Iterable[int]) -> Statement:
        """Return what asks for the topics of the nearest passages, those that `by_words` asks for, and others.

        A row is a passage with its vector, the topic's score by words, and how many topics have its title; the first
        one of a topic has the topic itself, unless it is large.
        """
        sql = self._nearest(ALL_TOPICS) + BY_WORDS + by_words.sql + WITH_NEIGHBOURS
        values = {
            "near": self._near(vector, count, ALL_TOPICS),
            "library": self.state.library,
            "shelf": self.state.shelf,
            "vector": as_text(vector),
            "wanted": count,
            "exact": EXACT_FILTERED_UP_TO,
            "others": sorted(map(int, others)),
            "along": COMES_ALONG_BYTES,
        }
        return Statement(sql, filter_values(ALL_TOPICS) | values | dict(by_words.named_values))

    def take_neighbours(self, rows: Sequence[Row]) -> TopicViews:
        """Return the views of the topics in the rows of `asking_neighbours`, and remember titles of one topic."""
        self._forms |= {unsigned_hash(row[1]): None for row in rows if row[9] < 2}
        return self.take_views(rows)

    def views(self, row_ids: Iterable[int]) -> TopicViews:
        """Return what those of the topics that are there are about."""
        return self.take_views(self._server.several(self.asking_views(row_ids))[0])

    def asking_views(self, row_ids: Iterable[int]) -> Statement:
        """Return what asks for the passages of topics with their vectors."""
        return Statement(VECTORS, (sorted({int(id_) for id_ in row_ids}), self.state.library))

    def take_views(self, rows: Sequence[Row]) -> TopicViews:
        """Return what topics are about, by the rows of `asking_views`."""
        return topic_views(rows, self.state.dimension)

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
        rows = self._server.several(Statement(SAMPLE, {"library": self.state.library, "settling": SETTLING}))[0]
        return common_view(self.take_views(rows).views)

    def common_to_titles(self, titles: Iterable[int]) -> Mapping[int, Vectors]:
        """Return what the topics of each recurring title have in common beyond that, by its `title_hash`."""
        wanted = {*titles}
        for statement in self.asking_forms(wanted):
            self.take_forms(wanted, self._server.several(statement)[0])
        return {title: form for title in wanted if (form := self._forms[title]) is not None}

    def asking_forms(self, titles: Iterable[int]) -> Sequence[Statement]:
        """Return the statement for a sample of the topics of each title that is not cached; none if all are."""
        unknown = sorted({*titles} - self._forms.keys())
        values = {
            "library": self.state.library,
            "titles": list(map(signed_hash, unknown)),
            "settling": SETTLING_TITLE,
        }
        return [Statement(SAMPLE_OF_TITLES, values)] if unknown else []

    def take_forms(self, titles: Iterable[int], rows: Sequence[Row]) -> None:
        """Remember what the topics of each title have in common, by the rows of `asking_forms`."""
        forms = {
            unsigned_hash(hash_): common_to_title(self.take_views(some).views, self.common, some[0][8])
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
