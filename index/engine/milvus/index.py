"""the vectors and words of one library in Milvus: a derived index, ahead of the truth or behind it (home of pymilvus)

A topic that changes gets another row id, so an id means one state of one topic for ever: what Milvus names and
PostgreSQL does not know falls away. Questions read what each node has (consistency level `Eventually`, some
milliseconds); who writes waits until what was put is found, before the commit lets others ask for it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from itertools import islice
from typing import Final, TypeVar

import numpy as np
from pymilvus import DataType, Function, FunctionType, MilvusClient, MilvusException

from index.engine.bm25 import K1, B
from index.engine.milvus.rows import PassageVector, TopicWords, word_token
from index.errors import LibraryError
from index.records import SLOTS, Vectors, slot_bit
from index.storage import Filters
from index.text import title_hash

READING_SECONDS: Final = 10.0
WRITING_SECONDS: Final = 60.0
"""How long Milvus is waited for, retries within."""

CLOSING_SECONDS: Final = 600.0
"""How long it may take to close a segment: 3 s with 10,000 passages."""

GRAPH: Final = {"M": 16, "efConstruction": 100}
"""As in PostgreSQL."""

EF_SEARCH: Final = 200
"""Vectors that the graph (HNSW) looks at for a question."""

MAX_FOUND: Final = 16_384
"""The most that Milvus finds at once."""

MAX_IDS: Final = 4_000
"""Topics that a filter names one by one; of a filter that lets more through, what is found is filtered afterwards."""

AT_ONCE: Final = 1_000
"""Rows put in one request: 1.6 megabytes, of the 64 that Milvus takes."""

MAX_VARCHAR: Final = 65_535
"""Bytes of a topic's words, the most that Milvus keeps: 4,600 words."""

BM25_FROM: Final = (2, 5)
"""The version of Milvus from which on it has BM25."""

NOT_FOUND: Final = 100
"""What Milvus calls a collection that is not there."""

Item = TypeVar("Item")

logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # what fails is raised, and told in words of ours


class MilvusIndex:
    """The collections of one library: passages of each model, and the words of topics where Milvus has BM25."""

    def __init__(self, uri: str, library: str, token: str = "") -> None:
        """Remember where Milvus is; the first request connects. The token is `USER:PASSWORD` where there is one."""
        self.uri = uri
        self._token = token
        self._prefix = f"topics_{library}"
        self._known: set[str] = set()

    @cached_property
    def _client(self) -> MilvusClient:
        return MilvusClient(uri=self.uri, token=self._token, timeout=READING_SECONDS)

    @cached_property
    def has_words(self) -> bool:
        """Return whether this Milvus finds topics by their words, too."""
        with self._explained():
            version = re.search(r"(\d+)\.(\d+)", self._client.get_server_version())
        return version is not None and (int(version[1]), int(version[2])) >= BM25_FROM

    # for questions

    def nearest(self, shelf: int, vector: Vectors, count: int, filters: Filters) -> list[int]:
        """Return the topics of the passages nearest to a vector, nearest first, once for each passage."""
        limit = min(count, MAX_FOUND)
        with self._explained():
            [hits] = self._client.search(
                self._passages(shelf),
                [vector.astype(np.float32)],
                filter=_expression(filters),
                limit=limit,
                output_fields=["topic_id"],
                search_params={"metric_type": "IP", "params": {"ef": max(EF_SEARCH, limit)}},
                consistency_level="Eventually",
                timeout=READING_SECONDS,
            )
        return [hit["entity"]["topic_id"] for hit in hits]

    def holding_any(self, words: Iterable[str], count: int) -> list[int]:
        """Return the topics that hold any of the words, best first by the BM25 of Milvus."""
        with self._explained():
            [hits] = self._client.search(
                f"{self._prefix}_words",
                [" ".join(map(word_token, words))],
                anns_field="words",
                limit=count,
                search_params={"metric_type": "BM25"},
                consistency_level="Eventually",
                timeout=READING_SECONDS,
            )
        return [hit["topic_id"] for hit in hits]

    # for whoever writes

    def put_passages(self, shelf: int, passages: Iterable[PassageVector]) -> None:
        """Put passages in, or in the place of themselves, and wait until they are found."""
        name, last = self._passages(shelf), None
        with self._explained():
            for some in _batches(passages):
                last = some[-1].vector
                self._ensure(name, partial(self._make_passages, len(last)))
                rows = [row._asdict() | {"subject": subject_number(row.subject)} for row in some]
                self._client.upsert(name, rows, timeout=WRITING_SECONDS)
            if last is not None:
                self._client.search(name, [last], limit=1, consistency_level="Strong", timeout=WRITING_SECONDS)

    def put_words(self, topics: Iterable[TopicWords]) -> None:
        """Put the words of topics in, or in the place of themselves."""
        name = f"{self._prefix}_words"
        with self._explained():
            for some in _batches(topics):
                self._ensure(name, self._make_words)
                rows = [{"topic_id": topic.topic_id, "text": topic.text[:MAX_VARCHAR]} for topic in some]
                self._client.upsert(name, rows, timeout=WRITING_SECONDS)

    def close_segments(self) -> None:
        """Let what was put be searched by the graph: in what still grows, Milvus looks at a part and misses a tenth."""
        with self._explained():
            for name in self._collections():
                self._client.flush(name, timeout=CLOSING_SECONDS)

    def remove(self, row_ids: Sequence[int]) -> None:
        """Take topics out."""
        with self._explained():
            for some in _batches(row_ids):
                for name in self._collections():
                    self._client.delete(name, filter=f"topic_id in {some}", timeout=WRITING_SECONDS)

    def row_ids(self) -> Iterator[list[int]]:
        """Yield the topics that it holds, some at a time, each as often as it has passages."""
        with self._explained():
            for name in self._collections():
                rows = self._client.query_iterator(name, AT_ONCE, filter="", output_fields=["topic_id"])
                while some := rows.next():
                    yield [row["topic_id"] for row in some]

    def drop(self) -> None:
        """Remove all of the library."""
        with self._explained():
            for name in self._collections():
                self._client.drop_collection(name, timeout=WRITING_SECONDS)
        self._known.clear()

    # collections

    def _passages(self, shelf: int) -> str:
        return f"{self._prefix}_{shelf}"

    def _collections(self) -> list[str]:
        return [name for name in self._client.list_collections() if name.startswith(f"{self._prefix}_")]

    def _ensure(self, name: str, make: Callable[[str], None]) -> None:
        if name not in self._known and not self._client.has_collection(name):
            make(name)
        self._known.add(name)

    def _make_passages(self, dimension: int, name: str) -> None:
        schema, indexes = self._client.create_schema(), self._client.prepare_index_params()
        schema.add_field("id", DataType.INT64, is_primary=True)
        for field in ("topic_id", "subject", "slots"):
            schema.add_field(field, DataType.INT64)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
        indexes.add_index("vector", index_type="HNSW", metric_type="IP", params=GRAPH)
        self._client.create_collection(name, schema=schema, index_params=indexes, timeout=WRITING_SECONDS)

    def _make_words(self, name: str) -> None:
        schema, indexes = self._client.create_schema(), self._client.prepare_index_params()
        schema.add_field("topic_id", DataType.INT64, is_primary=True)
        schema.add_field("text", DataType.VARCHAR, max_length=MAX_VARCHAR, enable_analyzer=True)
        schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
        schema.add_function(Function("bm25", FunctionType.BM25, ["text"], ["words"]))
        bm25 = {"bm25_k1": K1, "bm25_b": B}
        indexes.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25", params=bm25)
        self._client.create_collection(name, schema=schema, index_params=indexes, timeout=WRITING_SECONDS)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Say in a LibraryError what Milvus or the way to it refuses."""
        try:
            yield
        except MilvusException as error:
            if error.code == NOT_FOUND or "can't find collection" in str(error):
                raise LibraryError(
                    f"Milvus at {self.uri} holds nothing of this library. Run `topics server reindex ADDRESS`."
                ) from error
            raise LibraryError(
                f"Milvus at {self.uri} cannot be asked ({_cause(error)}). See that it runs and that TOPICS_SEARCH "
                "names it; then repeat."
            ) from error


def subject_number(subject: str) -> int:
    """Return what stands for a subject in Milvus: a name of any length in 63 bits."""
    return title_hash(subject) >> 1


def _expression(filters: Filters) -> str:
    """Return what of a filter Milvus can tell: PostgreSQL looks at what it finds once more.

    >>> _expression(Filters(slot="How", row_ids=np.array([3, 5])))
    'slots in [2, 3, 6, 7] and topic_id in [3, 5]'
    """
    parts = []
    if filters.subjects is not None:
        parts.append(f"subject in {sorted(set(map(subject_number, filters.subjects)))}")
    if bit := slot_bit(filters.slot):
        parts.append(f"slots in {[bits for bits in range(1 << len(SLOTS)) if bits & bit]}")
    if filters.row_ids is not None and len(filters.row_ids) <= MAX_IDS:
        parts.append(f"topic_id in {filters.row_ids.tolist()}")
    return " and ".join(parts)


def _batches(rows: Iterable[Item]) -> Iterator[list[Item]]:
    remaining = iter(rows)
    while some := list(islice(remaining, AT_ONCE)):
        yield some


def _cause(error: MilvusException) -> str:
    return " ".join(error.message.split())[:300]
