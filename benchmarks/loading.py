"""a library in a folder -> the same one on a server that nobody else uses meanwhile, by COPY into its tables

`topics move` does it for any user of a database, statement by statement. COPY is faster by far, and needs a superuser:
row-level security must not bind, references between rows are not checked again, and the indexes of the tables that grow
most are taken away first and made anew from all rows at the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import count, islice
from typing import Any, Final, LiteralString

import numpy as np
import psycopg
from psycopg import sql

from index.catalog import topic_row
from index.engine.bm25 import coarse_length, indexed_terms, written_words
from index.engine.columns import KINDS
from index.engine.server.address import read_address
from index.engine.server.connection import Row, Server
from index.library import Library
from index.records import KeptDocument, KeyedPassage, Topic, slot_bit
from index.sources import BUILTIN
from index.text import title_hash

AT_ONCE: Final = 1_000
"""Files copied at a time."""

DOCUMENT: Final = "id library source_id path fingerprint size modified_ns status reason inode changed_ns"
TOPIC: Final = (
    "id library document_id stable_id subject title line parents asked_as entries properties "
    "title_hash slots is_searched length terms words written"
)
PASSAGE: Final = "library topic_id shelf vector_key kind entry slot first last"
POSTING: Final = "word_id topic_id library count length"

NUMBERED: Final = ("document", "topic", "word")
"""Tables whose rows are numbered here, not by the server, which would be asked a million times."""

INDEXED_LAST: Final = ("vector", "topic", "passage", "posting")
"""Tables whose indexes are made from all rows: a million passages take 11 minutes so, and 300,000 took 16 when each
row was put in its place."""

SETTINGS: Final[tuple[LiteralString, ...]] = (
    "SET statement_timeout = 0",
    "SET session_replication_role = replica",  # references between rows are sound, and not checked one by one
)

_INDEXES: Final = """
    SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index JOIN pg_class indexes ON indexes.oid = indexrelid JOIN pg_am ON pg_am.oid = indexes.relam
    WHERE indrelid = ANY(%(tables)s::regclass[]) AND NOT indisunique AND amname <> 'hnsw'
    UNION ALL
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
           format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint mine WHERE contype = 'p' AND conrelid = ANY(%(tables)s::regclass[])
      AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE contype = 'f' AND confrelid = mine.conrelid)"""
"""What takes away each index that nothing else needs, and what makes it anew; graphs are of one library each."""

_Rows = list[Sequence[Any]]


def load(source: Library, address: str) -> None:
    """Copy a library in a folder to one on a server that is new; the address is a superuser's."""
    with closing(Library(address, source.encoder, beside=source.folder / "beside")) as target:
        target.remove(BUILTIN)
        number = target.storage.reader.number  # type: ignore[attr-defined]  # of a server's
    with Server(read_address(address), does="writes").connected() as db:
        for setting in SETTINGS:
            db.execute(setting)
        _Loader(db, number).load(source)
        db.execute("ANALYZE")


class _Loader:
    """Fills one library that is new with what another one holds: all but links, names and what was learned."""

    def __init__(self, db: psycopg.Connection[Row], library: int) -> None:
        """Copy by a connection of a superuser."""
        self._db = db
        self._library = library
        self._words: dict[str, int] = {}
        self._topics_with: Counter[str] = Counter()
        self._written: Counter[str] = Counter()
        self._topics = self._terms = 0
        self._numbers = {table: count(self._first_number(table)) for table in NUMBERED}

    def load(self, source: Library) -> None:
        """Copy a library in a folder in one transaction."""
        reader, model = source.storage.reader, source.model or ""
        with self._db.transaction(), self._without_indexes():
            shelf = self._new("shelf", model=model, dimension=source.encoder.encode_queries(["x"]).shape[1])
            for vectors in reader.kept_vectors():
                rows = ((shelf, self._library, kept.key, _as_sent(kept.vector), kept.binary_tokens) for kept in vectors)
                self._copy("vector", "shelf library key embedding signs", rows, "int4 int4 bytea bytea bytea")
            source_id = self._new("source", path=source.sources()[0], include="[]", exclude="[]")
            documents = iter(reader.kept_documents())
            while some := list(islice(documents, AT_ONCE)):
                self._documents(some, source_id, shelf)
            self._settle({"model": model, "reader": reader.get("reader") or ""})

    def _documents(self, some: Sequence[KeptDocument], source_id: int, shelf: int) -> None:
        documents, topics, passages, postings = _Rows(), _Rows(), _Rows(), _Rows()
        for kept in some:
            id_ = next(self._numbers["document"])
            told = kept.document
            facts = (told.path, told.fingerprint, told.size, told.modified_ns, told.status, told.reason)
            documents.append((id_, self._library, source_id, *facts, told.inode, told.changed_ns))
            for topic, parts in zip(told.topics, kept.passages, strict=True):
                row_id = next(self._numbers["topic"])
                row, of_words = self._topic(row_id, id_, topic)
                topics.append(row)
                postings += of_words
                passages += self._passages(row_id, shelf, topic, parts)
        self._copy("document", DOCUMENT, documents)
        self._copy("topic", TOPIC, topics)
        self._copy("passage", PASSAGE, passages)
        self._copy("posting", POSTING, sorted(postings, key=tuple))

    def _topic(self, row_id: int, document_id: int, topic: Topic) -> tuple[Sequence[Any], list[Sequence[int]]]:
        terms, written = Counter(indexed_terms(topic)), written_words(topic)
        self._topics_with.update(terms.keys())
        self._written.update(written)
        self._topics, self._terms = self._topics + 1, self._terms + terms.total()
        words, coarse = self._word_ids(terms), coarse_length(terms.total())
        slots = sum({slot_bit(entry.slot) for entry in topic.entries})
        hash_ = int(np.uint64(title_hash(topic.title)).view(np.int64))
        counted = (hash_, slots, True, coarse, terms.total(), words, sorted(written))
        row = (row_id, self._library, document_id, topic.id, *topic_row(topic), *counted)
        return row, [
            (word, row_id, self._library, times, coarse) for word, times in zip(words, terms.values(), strict=True)
        ]

    def _passages(
        self, row_id: int, shelf: int, topic: Topic, parts: Iterable[KeyedPassage]
    ) -> Iterator[Sequence[Any]]:
        for part in parts:
            entry = -1 if part.entry is None else part.entry
            slot = 0 if part.entry is None else slot_bit(topic.entries[part.entry].slot)
            kind = KINDS.index(part.kind)
            yield (self._library, row_id, shelf, part.key, kind, entry, slot, part.start, part.end)

    def _word_ids(self, words: Iterable[str]) -> list[int]:
        for word in words:
            if word not in self._words:
                self._words[word] = next(self._numbers["word"])
        return [self._words[word] for word in words]

    def _settle(self, settings: dict[str, str]) -> None:
        words = ((id_, self._library, word, self._topics_with[word]) for word, id_ in self._words.items())
        self._copy("word", "id library word topics", words)
        self._copy("written", "library word topics", ((self._library, *pair) for pair in self._written.items()))
        self._copy("setting", "library key value", ((self._library, *pair) for pair in settings.items()))
        for table, numbers in self._numbers.items():
            self._db.execute("SELECT setval(pg_get_serial_sequence('topics.' || %s, 'id'), %s)", (table, next(numbers)))
        self._db.execute(
            "UPDATE topics.library SET revision = revision + 1, topics = %s, terms = %s WHERE id = %s",
            (self._topics, self._terms, self._library),
        )

    @contextmanager
    def _without_indexes(self) -> Iterator[None]:
        """Take the indexes away from the tables that grow most, and make them anew when all rows are there."""
        indexes = self._db.execute(_INDEXES, {"tables": [f"topics.{table}" for table in INDEXED_LAST]}).fetchall()
        for drop, _ in indexes:
            self._db.execute(drop)
        yield
        for _, make in indexes:
            self._db.execute(make)

    def _first_number(self, table: str) -> int:
        row = self._db.execute("SELECT nextval(pg_get_serial_sequence('topics.' || %s, 'id'))", (table,)).fetchone()
        return int(row[0]) if row else 1

    def _new(self, table: str, **values: object) -> int:
        """Return the number of a new row."""
        insert = sql.SQL("INSERT INTO topics.{} (library, {}) VALUES ({}) RETURNING id").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join([sql.Placeholder()] * (1 + len(values))),
        )
        row = self._db.execute(insert, (self._library, *values.values())).fetchone()
        return int(row[0]) if row else 0

    def _copy(self, table: str, columns: str, rows: Iterable[Sequence[Any]], types: str = "") -> None:
        """Copy rows into columns: as text, or by what the server calls their types as bytes."""
        statement = sql.SQL("COPY topics.{} ({}) FROM STDIN{}").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, columns.split())),
            sql.SQL(" (FORMAT BINARY)" if types else ""),
        )
        with self._db.cursor() as cursor, cursor.copy(statement) as copy:
            if types:
                copy.set_types(types.split())
            for row in rows:
                copy.write_row(row)


def _as_sent(vector: bytes) -> bytes:
    """Return numbers of 16 bits as the server takes a vector: how many, a reserve, the higher byte of each first."""
    numbers = np.frombuffer(vector, dtype="<f2").astype(">f2")
    return np.array([len(numbers), 0], dtype=">u2").tobytes() + numbers.tobytes()
