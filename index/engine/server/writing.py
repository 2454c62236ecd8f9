"""what changes a library on a server: each change is one transaction, which counts its words as it goes"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, LiteralString

import numpy as np
import numpy.typing as npt
import psycopg

from index.catalog import (
    ALL_FILES,
    each_text_once,
    links_from,
    names,
    place_of,
    read_topic,
    topic_ids_of,
    topic_row,
    trait,
    vector_key,
)
from index.engine.bm25 import indexed_terms, written_words
from index.engine.columns import KINDS
from index.engine.milvus.following import Following
from index.engine.server.connection import Row, Server, Statement, explained
from index.engine.server.counting import WordCounts
from index.engine.server.dense import EXACT_FILTERED_UP_TO, as_text
from index.engine.server.lexical import coarse_length
from index.engine.server.names import MAX_NAME_BYTES, short_name
from index.engine.server.news import TELL
from index.engine.server.reading import ServerCatalog
from index.engine.server.schema import VERSION
from index.errors import LibraryBusyError, LibraryError
from index.records import (
    Document,
    DocumentKey,
    Encoded,
    KeptDocument,
    KeptVector,
    KeyedPassage,
    Passage,
    Patterns,
    Topic,
    Trait,
    slot_bit,
)
from index.text import title_hash

if TYPE_CHECKING:
    from index.engine.milvus.index import MilvusIndex

LOCK_SECONDS: Final = 5.0
"""How long a second writer waits before it says who writes."""

GRAPH_FROM: Final = EXACT_FILTERED_UP_TO
"""Vectors from which on a search graph over them is worth its maintenance: fewer are all compared in 5 ms."""

OF_VALUES: Final = (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.ProgramLimitExceeded)
"""What is raised where the values are wrong, and not the server or the way to it."""


class ServerWriter(ServerCatalog):
    """One connection that holds the library's lock; questions go on over others."""

    def __init__(self, server: Server, connection: psycopg.Connection[Row], search: MilvusIndex | None = None) -> None:
        """Write by a connection of its own, and keep a search engine's index in step where there is one."""
        super().__init__(_Single(server, connection))
        self._following = Following(self._server, search)
        self._db = connection
        self._seen = self.state().revision
        self._learned: dict[str, list[str]] | None = None
        self._freed: set[tuple[int, bytes]] = set()  # shelf and key of vectors whose passages went
        self._counts = WordCounts(self._server, self.number)

    # transactions

    @contextmanager
    def change(self) -> Iterator[None]:
        """Make everything inside one transaction: all of it is kept, or none.

        Raises:
            LibraryError: somebody else has changed the library since this writer began, or it cannot be changed.

        """
        with self._following.change(), explained(self._server.address), self._db.transaction():
            row = self._db.execute(
                """SELECT l.revision, v.oldest_writer FROM topics.library l CROSS JOIN topics.version v
                   WHERE l.id = %s FOR NO KEY UPDATE OF l""",
                (self.number,),
            ).fetchone()
            self._check(row)
            before = self._seen
            try:
                with self._counts.whole():
                    yield
                self._following.put()
            except BaseException:
                self._seen = before
                self._shelves.clear()
                raise

    def _check(self, row: Row | None) -> None:
        revision, oldest_writer = row or (None, 0)
        if revision != self._seen:
            raise LibraryError(
                f"The library {self._server.address.name} was changed by somebody else meanwhile. Repeat: what was "
                "embedded is kept."
            )
        if oldest_writer > VERSION:
            raise LibraryError("The tables were brought forward by a newer Topic Assistant. Update this one to write.")

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Make everything inside a part of a change: all of it is kept, or none while the rest of the change is.

        Raises:
            ValueError: the server takes no such values.
            LibraryError: the library cannot be changed at all.

        """
        try:
            with explained(self._server.address), self._db.transaction(), self._counts.part():
                yield
        except LibraryError as error:
            if isinstance(error.__cause__, OF_VALUES):
                raise ValueError(str(error.__cause__)) from error  # noqa: TRY004 (it is the value that is refused)
            raise

    def set(self, key: str, value: str) -> None:
        """Keep a setting of the library."""
        self._run(
            """INSERT INTO topics.setting VALUES (%s, %s, %s)
               ON CONFLICT (library, key) DO UPDATE SET value = excluded.value""",
            self.number,
            key,
            value,
        )

    def advance_revision(self, *, is_last: bool = True) -> None:
        """Say that what can be found has changed; the last time, let go of vectors that nothing uses any more."""
        if is_last:
            self._drop_freed_vectors()
        self._server.several(
            Statement("UPDATE topics.library SET revision = revision + 1 WHERE id = %s", (self.number,)),
            Statement(TELL, (self.number,)),
        )
        self._seen += 1

    def refresh(self, *, is_last: bool = True, thoroughly: bool = False) -> None:
        """See that many vectors are searched by a graph; everything else was part of the change."""
        if self._following.is_on:
            return
        row = self._server.one(
            """SELECT s.id FROM topics.shelf s WHERE s.library = %s AND NOT s.has_graph
               AND (SELECT count(*) FROM (SELECT 1 FROM topics.vector v WHERE v.shelf = s.id LIMIT %s) first) >= %s""",
            self.number,
            GRAPH_FROM,
            GRAPH_FROM,
        )
        if row:
            with self._db.transaction():
                self._run("SET LOCAL statement_timeout = 0")  # a graph over millions takes as long as it takes
                self._run("SELECT topics.add_graph(%s)", row[0])

    def reindex(self, address: str) -> int:
        """Fill the search engine at an address with all topics and search by it, or by PostgreSQL where there is none.

        Return how many topics were put in.
        """
        with self.change():
            topics = self._following.fill(self.number)
            self.set("search", address)
            self.advance_revision(is_last=False)
        self.refresh()
        return topics

    def repair(self) -> None:
        """Let go of vectors that no passage uses, those of syncs that were interrupted."""
        with self.change():
            self._drop_unused_vectors()

    def wipe(self) -> None:
        """Let go of what nothing uses; the server itself overwrites what was deleted in its own time."""
        self.repair()

    def _drop_freed_vectors(self) -> None:
        """Let go of the vectors of passages that went, unless others use them: to look at 100,000 takes a second."""
        self._run(
            """DELETE FROM topics.vector v USING unnest(%s::int[], %s::bytea[]) freed (shelf, key)
               WHERE v.shelf = freed.shelf AND v.key = freed.key
               AND NOT EXISTS (SELECT 1 FROM topics.passage p WHERE p.shelf = v.shelf AND p.vector_key = v.key)""",
            [shelf for shelf, _ in self._freed],
            [key for _, key in self._freed],
        )
        self._freed = set()
        self._drop_empty_shelves()

    def _drop_unused_vectors(self) -> None:
        self._run(
            """DELETE FROM topics.vector v WHERE v.library = %s
               AND NOT EXISTS (SELECT 1 FROM topics.passage p WHERE p.shelf = v.shelf AND p.vector_key = v.key)""",
            self.number,
        )
        self._drop_empty_shelves()

    def _drop_empty_shelves(self) -> None:
        rows = self._server.all(
            """SELECT s.id FROM topics.shelf s WHERE s.library = %s
               AND NOT EXISTS (SELECT 1 FROM topics.vector v WHERE v.shelf = s.id)
               AND NOT EXISTS (SELECT 1 FROM topics.to_embed q WHERE q.shelf = s.id)""",
            self.number,
        )
        for (shelf,) in rows:
            self._run("SELECT topics.drop_shelf(%s)", shelf)

    # sources and documents

    def add_source(self, source: str, patterns: Patterns = ALL_FILES) -> None:
        """Remember a source; of one already there, only the patterns change."""
        self._run(
            """INSERT INTO topics.source (library, path, include, exclude) VALUES (%s, %s, %s, %s)
               ON CONFLICT (library, md5(path)) DO UPDATE SET include = excluded.include, exclude = excluded.exclude""",
            self.number,
            source,
            *map(json.dumps, patterns),
        )

    def remove_source(self, source: str) -> None:
        """Forget a source and everything that came from it."""
        self._forget(
            """SELECT t.id FROM topics.topic t JOIN topics.document d ON d.id = t.document_id
               JOIN topics.source s ON s.id = d.source_id WHERE s.library = %s AND s.path = %s""",
            self.number,
            source,
        )
        self._run("DELETE FROM topics.source WHERE library = %s AND path = %s", self.number, source)

    def remove_document(self, source: str, path: str) -> None:
        """Forget a file and everything that came from it."""
        self._forget(
            """SELECT t.id FROM topics.topic t JOIN topics.document d ON d.id = t.document_id
               JOIN topics.source s ON s.id = d.source_id
               WHERE s.library = %s AND s.path = %s AND md5(d.path) = md5(%s) AND d.path = %s""",
            self.number,
            source,
            path,
            path,
        )
        self._run(
            """DELETE FROM topics.document d USING topics.source s WHERE s.id = d.source_id
               AND s.library = %s AND s.path = %s AND md5(d.path) = md5(%s) AND d.path = %s""",
            self.number,
            source,
            path,
            path,
        )

    def touch_document(self, source: str, document: Document) -> None:
        """Remember what else is new about a file where its content is the same: time, size and what is said of it."""
        self._run(
            """UPDATE topics.document d SET size = %s, modified_ns = %s, inode = %s::text::numeric, changed_ns = %s,
                      status = %s, reason = %s
               FROM topics.source s WHERE s.id = d.source_id AND s.library = %s AND s.path = %s AND d.path = %s""",
            document.size,
            document.modified_ns,
            str(document.inode),
            document.changed_ns,
            document.status,
            document.reason,
            self.number,
            source,
            document.path,
        )

    def doubt_documents(self, source: str) -> None:
        """Let every file of a source count as changed, so that it is read anew when it is next there."""
        self._run(
            """UPDATE topics.document d SET fingerprint = '', modified_ns = 0
               FROM topics.source s WHERE s.id = d.source_id AND s.library = %s AND s.path = %s""",
            self.number,
            source,
        )

    def put_document(self, source: str, document: Document, passages: Sequence[Sequence[Passage]], model: str) -> None:
        """Replace what is known of a file: its topics, and for each of them its passages."""
        keyed = [[_keyed(model, passage) for passage in of_topic] for of_topic in passages]
        self._put(source, document, keyed, model)

    def keep_document(self, stored: KeptDocument, model: str) -> None:
        """Keep a file as another library did."""
        self._put(stored.source, stored.document, stored.passages, model)

    def _put(self, source: str, document: Document, passages: Sequence[Sequence[KeyedPassage]], model: str) -> None:
        self.remove_document(source, document.path)
        row = self._server.one(
            """INSERT INTO topics.document (library, source_id, path, fingerprint, size, modified_ns, status, reason,
                                            inode, changed_ns)
               SELECT library, id, %s, %s, %s, %s, %s, %s, %s::text::numeric, %s FROM topics.source
               WHERE library = %s AND path = %s RETURNING id""",
            document.path,
            document.fingerprint,
            document.size,
            document.modified_ns,
            document.status,
            document.reason,
            str(document.inode),
            document.changed_ns,
            self.number,
            source,
        )
        if row is None:
            raise LibraryError(f"{source} is not a source of this library any more. Repeat.")
        place = place_of(source, document.path)
        for topic_id, topic, parts in zip(topic_ids_of(document), document.topics, passages, strict=True):
            row_id = self._put_topic(row[0], topic_id, topic, is_searched=bool(parts))
            self._put_passages(row_id, topic, parts, model)
            self._put_links(row_id, topic, place, is_first=topic is document.topics[0])

    # topics

    def holders(self, topic_ids: Sequence[str]) -> list[tuple[str, DocumentKey]]:
        """Return which files hold topics of some ids, an id and a file each."""
        rows = self._server.all(
            """SELECT t.stable_id, s.path, d.path FROM topics.topic t
               JOIN topics.document d ON d.id = t.document_id JOIN topics.source s ON s.id = d.source_id
               WHERE t.library = %s AND t.stable_id = ANY(%s) ORDER BY t.id""",
            self.number,
            list(topic_ids),
        )
        return [(id_, DocumentKey(source, path)) for id_, source, path in rows]

    def traits(self, place: DocumentKey) -> list[Trait]:
        """Return what the topics of a file are known by, in their order."""
        rows = self._server.all(
            """SELECT t.stable_id, t.subject, t.title, t.line, t.parents, t.asked_as, t.entries, t.properties
               FROM topics.topic t JOIN topics.document d ON d.id = t.document_id
               JOIN topics.source s ON s.id = d.source_id
               WHERE s.library = %s AND s.path = %s AND md5(d.path) = md5(%s) AND d.path = %s ORDER BY t.line, t.id""",
            self.number,
            place.source,
            place.path,
            place.path,
        )
        return [trait(read_topic(*row)) for row in rows]

    def renew_topic(self, row_id: int, topic: Topic, passages: Sequence[Passage], model: str) -> None:
        """Give a topic other passages and, so that all that follows the catalog sees it, another id."""
        row = self._server.one("SELECT document_id, stable_id FROM topics.topic WHERE id = %s", row_id)
        if row is None:
            return
        renewed = self._put_topic(row[0], row[1], topic, is_searched=bool(passages))
        self._run("UPDATE topics.link SET topic_id = %s WHERE topic_id = %s", renewed, row_id)
        self._run("UPDATE topics.topic_name SET topic_id = %s WHERE topic_id = %s", renewed, row_id)
        self._forget("SELECT %s::bigint", row_id)
        self._put_passages(renewed, topic, [_keyed(model, passage) for passage in passages], model)

    def _put_topic(self, document_id: int, topic_id: str, topic: Topic, *, is_searched: bool) -> int:
        asked_as = topic.asked_as + self.learned(topic_id)
        searched = replace(topic, asked_as=asked_as)
        terms = Counter(map(short_name, indexed_terms(searched)))
        length = sum(terms.values())
        words = self._counts.numbers(terms)
        written = [word for word in written_words(topic) if len(word.encode()) <= MAX_NAME_BYTES]
        self._counts.came(words.values(), written, length)
        slots = 0
        for entry in topic.entries:
            slots |= slot_bit(entry.slot)
        row = self._server.one(
            """INSERT INTO topics.topic (library, document_id, stable_id, subject, title, line, parents, asked_as,
                   entries, properties, title_hash, slots, is_searched, length, terms, words, written)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id""",
            self.number,
            document_id,
            topic_id,
            *topic_row(topic),
            int(np.uint64(title_hash(topic.title)).view(np.int64)),
            slots,
            is_searched,
            coarse_length(length),
            length,
            list(words.values()),
            written,
        )
        row_id = int(row[0]) if row else 0
        self._run(
            """INSERT INTO topics.posting (word_id, topic_id, library, count, length)
               SELECT word_id, %s, %s, count, %s FROM unnest(%s::bigint[], %s::int[]) put (word_id, count)""",
            row_id,
            self.number,
            coarse_length(length),
            list(words.values()),
            [terms[word] for word in words],
        )
        return row_id

    def _put_passages(self, row_id: int, topic: Topic, passages: Sequence[KeyedPassage], model: str) -> None:
        shelf = self._shelf(model) if passages else 0
        self._following.came(row_id)
        columns: list[list[Any]] = [[], [], [], [], [], []]
        for passage in passages:
            entry = -1 if passage.entry is None else passage.entry
            slot = 0 if passage.entry is None else slot_bit(topic.entries[passage.entry].slot)
            values = (passage.key, KINDS.index(passage.kind), entry, slot, passage.start, passage.end)
            for column, value in zip(columns, values, strict=True):
                column.append(value)
        self._run(
            """INSERT INTO topics.passage (library, topic_id, shelf, vector_key, kind, entry, slot, first, last)
               SELECT %s, %s, %s, put.* FROM unnest(%s::bytea[], %s::smallint[], %s::int[], %s::smallint[], %s::int[],
                                                    %s::int[]) put""",
            self.number,
            row_id,
            shelf,
            *columns,
        )

    def _put_links(self, row_id: int, topic: Topic, place: str, *, is_first: bool) -> None:
        self._run(
            "INSERT INTO topics.link (topic_id, library, target) SELECT %s, %s, unnest(%s::text[])",
            row_id,
            self.number,
            sorted(set(map(short_name, links_from(topic, place)))),
        )
        self._run(
            "INSERT INTO topics.topic_name (topic_id, library, name) SELECT %s, %s, unnest(%s::text[])",
            row_id,
            self.number,
            sorted(set(map(short_name, names(topic, place, is_first=is_first)))),
        )

    def _forget(self, topics: LiteralString, *values: object) -> None:
        """Let go of the topics that a statement names, and count their words no more."""
        ids = [id_ for (id_,) in self._server.all(topics, *values)]
        if not ids:
            return
        going, freed, *_ = self._server.several(
            Statement("SELECT words, written, terms FROM topics.topic WHERE id = ANY(%s)", (ids,)),
            Statement("SELECT shelf, vector_key FROM topics.passage WHERE topic_id = ANY(%s)", (ids,)),
            Statement(
                """DELETE FROM topics.posting p USING
                       (SELECT id, unnest(words) AS word_id FROM topics.topic WHERE id = ANY(%s)) going
                   WHERE p.word_id = going.word_id AND p.topic_id = going.id""",
                (ids,),
            ),
            Statement("DELETE FROM topics.topic WHERE id = ANY(%s)", (ids,)),
        )
        for words, written, terms in going:
            self._counts.went(words, written, terms)
        self._freed.update((shelf, bytes(key)) for shelf, key in freed)
        self._following.went(ids)

    # what is learned

    def learned(self, topic_id: str) -> tuple[str, ...]:
        """Return the questions that are learned ways to ask for a topic: nobody else changes them meanwhile."""
        if self._learned is None:
            self._learned = {}
            for question, id_ in self.all_learned():
                self._learned.setdefault(id_, []).append(question)
        return tuple(self._learned.get(topic_id, ()))

    def learn(self, key: str, question: str, topic_id: str) -> None:
        """Keep a question as a way to ask for a topic."""
        self._learned = None
        self._run(
            """INSERT INTO topics.learned (library, key, stable_id, question) VALUES (%s, %s, %s, %s)
               ON CONFLICT (library, md5(key), md5(stable_id)) DO UPDATE SET question = excluded.question""",
            self.number,
            key,
            topic_id,
            question,
        )

    def unlearn(self, learned: Iterable[tuple[str, str]]) -> None:
        """Let go of questions, by their keys, each as a way to ask for the topic of an id."""
        self._learned = None
        for key, topic_id in learned:
            self._run(
                "DELETE FROM topics.learned WHERE library = %s AND key = %s AND stable_id = %s",
                self.number,
                key,
                topic_id,
            )

    # vectors

    def not_encoded(self, model: str, passages: Iterable[Passage]) -> list[Passage]:
        """Return those of the passages, each text once, that the model has yet to encode."""
        wanted = {vector_key(model, passage.text): passage for passage in each_text_once(passages)}
        rows = self._server.all(
            """SELECT v.key, v.signs IS NOT NULL FROM topics.vector v JOIN topics.shelf s ON s.id = v.shelf
               WHERE s.library = %s AND s.model = %s AND v.key = ANY(%s)""",
            self.number,
            model,
            list(wanted),
        )
        has_tokens = {bytes(key): binary_tokens for key, binary_tokens in rows}
        return [
            passage
            for key, passage in wanted.items()
            if key not in has_tokens or (passage.kind == "entry" and not has_tokens[key])
        ]

    def put_encoded(self, model: str, passages: Sequence[Passage], encoded: Encoded) -> None:
        """Keep passages as the model reads them: vectors in half precision, and the binary token vectors of entries."""
        if not passages:
            return
        shelf = self._shelf(model, encoded.vectors.shape[1])
        rows = [
            (vector_key(model, passage.text), half, binary_tokens.tobytes() if passage.kind == "entry" else None)
            for passage, half, binary_tokens in zip(
                passages, encoded.vectors.astype(np.float16), encoded.binary_tokens, strict=True
            )
        ]
        put_vectors(self._db, shelf, self.number, rows)
        self._run("DELETE FROM topics.to_embed WHERE shelf = %s AND key = ANY(%s)", shelf, [row[0] for row in rows])

    def keep_vectors(self, model: str, vectors: Sequence[KeptVector]) -> None:
        """Keep what another library has embedded with a model."""
        if vectors:
            halves = np.stack([np.frombuffer(vector.vector, dtype="<f2") for vector in vectors])
            shelf = self._shelf(model, halves.shape[1])
            rows = [(vector.key, half, vector.binary_tokens) for vector, half in zip(vectors, halves, strict=True)]
            put_vectors(self._db, shelf, self.number, rows)

    # what workers embed

    def hand_out(self, model: str, passages: Sequence[Passage]) -> bool:
        """Let workers on other machines embed passages."""
        keys = [vector_key(model, passage.text) for passage in passages]
        self._run(
            """INSERT INTO topics.to_embed (library, shelf, key, is_entry, text)
               SELECT %s, %s, put.* FROM unnest(%s::bytea[], %s::boolean[], %s::text[]) put
               ON CONFLICT (shelf, key) DO UPDATE SET failure = '' """,
            self.number,
            self._shelf(model),
            keys,
            [passage.kind == "entry" for passage in passages],
            [passage.text for passage in passages],
        )
        return True

    def handed_out(self, model: str) -> int:
        """Return how many passages still wait for a worker: what one has failed on, the sync tries and tells of."""
        row = self._server.one(
            "SELECT count(*) FROM topics.to_embed WHERE shelf = %s AND failure = ''", self._shelf(model)
        )
        return int(row[0]) if row else 0

    @cached_property
    def _shelves(self) -> dict[str, int]:
        return {}

    def _shelf(self, model: str, dimension: int = 0) -> int:
        """Return the number under which the vectors of a model are kept, a new one where there is none."""
        if model not in self._shelves:
            row = self._server.one(
                """INSERT INTO topics.shelf AS known (library, model, dimension) VALUES (%s, %s, %s)
                   ON CONFLICT (library, model) DO UPDATE SET dimension = greatest(known.dimension, excluded.dimension)
                   RETURNING id""",
                self.number,
                model,
                dimension,
            )
            self._shelves[model] = int(row[0]) if row else 0
        return self._shelves[model]

    def _run(self, sql: LiteralString, *values: object, **named: object) -> None:
        self._server.several(Statement(sql, named or values))


class _Single(Server):
    """One connection that is not shared, behind the same statements."""

    def __init__(self, server: Server, connection: psycopg.Connection[Row]) -> None:
        """Use a connection of a server."""
        super().__init__(server.address)
        self._pinned.connection, self._pinned.has_begun = connection, True


def _keyed(model: str, passage: Passage) -> KeyedPassage:
    return KeyedPassage(passage.kind, passage.entry, passage.start, passage.end, vector_key(model, passage.text))


def put_vectors(
    db: psycopg.Connection[Row],
    shelf: int,
    library: int,
    vectors: Sequence[tuple[bytes, npt.NDArray[np.float16], bytes | None]],
) -> None:
    """Keep vectors, each with its key and its binary token vectors where they are known."""
    with db.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO topics.vector AS known (shelf, library, key, embedding, signs)
               VALUES (%s, %s, %s, %s::halfvec, %s)
               ON CONFLICT (shelf, key) DO UPDATE SET embedding = excluded.embedding,
                   signs = coalesce(excluded.signs, known.signs)""",
            [(shelf, library, key, as_text(half), binary_tokens) for key, half, binary_tokens in vectors],
        )


def hold_lock(db: psycopg.Connection[Row], name: str, number: int) -> None:
    """Wait for other writers of a library, and keep them out for as long as the connection lasts.

    Raises:
        LibraryBusyError: one has not let go in time.

    """
    db.execute("SELECT set_config('lock_timeout', %s, false)", (f"{int(LOCK_SECONDS * 1000)}ms",))
    try:
        db.execute("SELECT pg_advisory_lock(7303015, %s)", (number,))
    except psycopg.errors.LockNotAvailable as error:
        row = db.execute("SELECT writer FROM topics.library WHERE id = %s", (number,)).fetchone()
        raise LibraryBusyError(
            f"Another process is changing the library {name} ({row[0] if row else 'unknown'}). "
            "Wait until it has finished, then repeat."
        ) from error
