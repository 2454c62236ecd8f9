"""what the record of every note says, asked of the server: the statements of a `CatalogReader`"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from index.catalog import ALL_FILES, MAX_LINKS, as_document, named_target, read_anchor, read_properties, read_topic
from index.engine.columns import KINDS
from index.engine.server.connection import Row, Server, Statement
from index.engine.server.schema import VERSION
from index.errors import LibraryError
from index.records import (
    DocumentKey,
    EntryTokens,
    Heading,
    KeptDocument,
    KeptVector,
    KeyedPassage,
    NoteFacts,
    Patterns,
    Slot,
    Span,
    StoredDocument,
    StoredTopic,
    Topic,
    slot_bit,
)
from index.text import title_key

READ_AT_ONCE: Final = 500
"""Topics in memory at a time when all are gone through."""

COMES_ALONG_BYTES: Final = 4_000
"""How large a file of the library's own is at most that comes along with a question, as its settings do."""

HEADER_BYTES: Final = 4
"""What stands before the numbers of a vector as the server sends it: its dimension, and a reserve."""

STATE: Final = Statement(
    """SELECT l.id, l.uid, l.revision, l.topics, l.terms, coalesce(s.id, 0), coalesce(s.dimension, 0),
              coalesce(s.has_graph, false), m.value, v.oldest_reader, v.oldest_writer, coalesce(i.value, '')
       FROM topics.library l CROSS JOIN topics.version v
       LEFT JOIN topics.setting i ON i.library = l.id AND i.key = 'search'
       LEFT JOIN topics.setting m ON m.library = l.id AND m.key = 'model'
       LEFT JOIN topics.shelf s ON s.library = l.id AND s.model = m.value
       WHERE l.name = current_setting('topics.library')"""
)

SUBJECTS: Final = """SELECT subject, count(*) FROM topics.topic WHERE library = %s AND is_searched
                     GROUP BY subject ORDER BY min(id)"""


class State(NamedTuple):
    """What a library is at one revision."""

    library: int
    """Its number on the server."""
    uid: str
    revision: int
    topics: int
    terms: int
    """How long all of them are together."""
    shelf: int
    """The number of its model's vectors; 0 before the first sync."""
    dimension: int
    has_graph: bool
    model: str | None
    oldest_reader: int
    oldest_writer: int
    search: str
    """The address of the search engine that names candidates; empty where PostgreSQL does."""

    @property
    def average_length(self) -> float:
        """How many terms a topic has in the mean."""
        return self.terms / max(self.topics, 1)


PassageTokens: TypeAlias = tuple[int, int, int, int, bytes]
"""Entry, slot, start, end and binary token vectors of a passage."""


@dataclass
class _Ahead(threading.local):
    """What was fetched for the question that the present thread asks, before each part of it is asked for."""

    is_on: bool = False
    state: State | None = None
    asked_by: dict[str, list[int]] = field(default_factory=dict)
    called: dict[str, list[int]] = field(default_factory=dict)
    topics: dict[int, StoredTopic] = field(default_factory=dict)
    rows: dict[int, Row] = field(default_factory=dict)
    """Topics as they came along with their passages; few of them are looked at."""
    binary_tokens: dict[int, list[PassageTokens]] = field(default_factory=dict)
    learned: dict[str, tuple[str, ...]] = field(default_factory=dict)
    files: dict[str, str | None] | None = None
    """The small files of the library by name: None for one that is too large to come along."""

    def forget(self) -> None:
        """Be ready for another question."""
        self.state = self.files = None
        for known in (self.asked_by, self.called, self.topics, self.rows, self.binary_tokens, self.learned):
            known.clear()


class ServerCatalog:
    """The tables of one library, for whoever reads them; any number of threads may."""

    def __init__(self, server: Server) -> None:
        """Read by the connections to a server."""
        self._server = server
        self._ahead = _Ahead()

    @contextmanager
    def looking_ahead(self) -> Iterator[None]:
        """Keep what is fetched in this thread until the end: it belongs to one revision."""
        before, self._ahead.is_on = self._ahead.is_on, True
        try:
            yield
        finally:
            self._ahead.is_on = before
            if not before:
                self._ahead.forget()

    # what the library is

    def state(self) -> State:
        """Return what the library is at present, or at the revision that this thread reads.

        Raises:
            LibraryError: there is no such library, or it was written by a version that is too new.

        """
        if self._ahead.state:
            return self._ahead.state
        return self.take_state(self._server.several(STATE)[0])

    def take_state(self, rows: Sequence[Row]) -> State:
        """Return what the rows of `STATE` say, and keep it for the present question."""
        name = self._server.address.name
        if not rows:
            raise LibraryError(f"There is no library {name}, or you may not see it. `topics add` makes one.")
        state = State._make(rows[0])
        if state.oldest_reader > VERSION:
            raise LibraryError(
                f"The library {name} was brought forward by a newer Topic Assistant, and this one (tables of version "
                f"{VERSION}) can no longer read it. Update this one."
            )
        if self._ahead.is_on:
            self._ahead.state = state
        return state

    @cached_property
    def number(self) -> int:
        """The library's number on the server, which it keeps."""
        return self.state().library

    @property
    def id(self) -> str:
        """What tells this library from every other."""
        return self.state().uid

    def get(self, key: str) -> str | None:
        """Return a setting of the library."""
        if key == "model" and self._ahead.state:
            return self._ahead.state.model
        row = self._server.one("SELECT value FROM topics.setting WHERE library = %s AND key = %s", self.number, key)
        return row[0] if row else None

    def file(self, name: str) -> str | None:
        """Return a small file that belongs to the library and to no note; None where it is not there."""
        ahead = self._ahead.files
        if ahead is not None and (name not in ahead or ahead[name] is not None):
            return ahead.get(name)
        row = self._server.one("SELECT content FROM topics.file WHERE library = %s AND name = %s", self.number, name)
        return row[0] if row else None

    def _small_files(self) -> Statement:
        return Statement(
            """SELECT name, CASE WHEN octet_length(content) <= %s THEN content END FROM topics.file
               WHERE library = %s""",
            (COMES_ALONG_BYTES, self.number),
        )

    def revision(self) -> int:
        """Return the number of changes this library has seen."""
        return self.state().revision

    def count_passages(self) -> int:
        """Return how many passages there are."""
        row = self._server.one("SELECT count(*) FROM topics.passage WHERE library = %s", self.number)
        return int(row[0]) if row else 0

    def subjects(self) -> dict[str, int]:
        """Return every subject, as it is written, with the number of its topics that can be found."""
        return dict(self._server.all(SUBJECTS, self.number))

    # sources and documents

    def sources(self) -> list[str]:
        """Return the remembered sources in the order they were added."""
        rows = self._server.all("SELECT path FROM topics.source WHERE library = %s ORDER BY id", self.number)
        return [path for (path,) in rows]

    def patterns(self, source: str) -> Patterns:
        """Return which files of a source are read."""
        row = self._server.one(
            "SELECT include, exclude FROM topics.source WHERE library = %s AND path = %s", self.number, source
        )
        return Patterns(*(tuple(json.loads(globs)) for globs in row)) if row else ALL_FILES

    def documents(self, source: str | None = None) -> list[StoredDocument]:
        """Return what is remembered of every file, or of one source's."""
        rows = self._server.all(
            """SELECT s.path, d.path, d.fingerprint, d.size, d.modified_ns, d.status, d.reason,
                      (SELECT count(*) FROM topics.topic t WHERE t.document_id = d.id), d.inode::text, d.changed_ns
               FROM topics.document d JOIN topics.source s ON s.id = d.source_id
               WHERE s.library = %s AND s.path = coalesce(%s::text, s.path) ORDER BY s.id, d.path COLLATE "C" """,
            self.number,
            source,
        )
        return [StoredDocument._make((*row[:8], int(row[8]), row[9])) for row in rows]

    def documents_of(self, fingerprint: str) -> list[StoredDocument]:
        """Return what is remembered of every file that has this content."""
        rows = self._server.all(
            """SELECT s.path, d.path, d.fingerprint, d.size, d.modified_ns, d.status, d.reason, 0, d.inode::text,
                      d.changed_ns
               FROM topics.document d JOIN topics.source s ON s.id = d.source_id
               WHERE s.library = %s AND d.fingerprint = %s ORDER BY d.id""",
            self.number,
            fingerprint,
        )
        return [StoredDocument._make((*row[:8], int(row[8]), row[9])) for row in rows]

    # topics

    def topics_of(self, place: DocumentKey) -> list[Topic]:
        """Return the topics of a file, in their order."""
        rows = self._server.all(
            """SELECT t.id FROM topics.topic t JOIN topics.document d ON d.id = t.document_id
               JOIN topics.source s ON s.id = d.source_id
               WHERE s.library = %s AND s.path = %s AND md5(d.path) = md5(%s) AND d.path = %s ORDER BY t.id""",
            self.number,
            place.source,
            place.path,
            place.path,
        )
        return [stored.topic for stored in self.topics(_ids(rows)).values()]

    def note_facts(self) -> Iterator[NoteFacts]:
        """Yield what each topic can be filtered by, in the order of their ids."""
        for row_id, source, path, modified_ns, properties in self._server.all(
            """SELECT t.id, s.path, d.path, d.modified_ns, t.properties FROM topics.topic t
               JOIN topics.document d ON d.id = t.document_id JOIN topics.source s ON s.id = d.source_id
               WHERE t.library = %s ORDER BY t.id""",
            self.number,
        ):
            told = read_properties(properties) if properties != "{}" else {}
            yield NoteFacts(row_id, source, path, modified_ns, told.get("tags", ()), told.get("days", ()))

    def topics(self, ids: Iterable[int]) -> dict[int, StoredTopic]:
        """Return those of the topics that are there, by their ids and in that order."""
        wanted = [int(id_) for id_ in ids]
        known = self._ahead.topics | _stored(self._ahead.rows[id_] for id_ in wanted if id_ in self._ahead.rows)
        if missing := [id_ for id_ in wanted if id_ not in known]:
            known |= _stored(self._server.several(_topics_of(missing))[0])
        return {id_: known[id_] for id_ in wanted if id_ in known}

    def topics_after(self, row_id: int) -> Iterator[tuple[int, Topic]]:
        """Yield every topic with a higher id than one, its learned questions among the ways it is asked for."""
        while rows := self._server.all(
            """SELECT t.id, t.stable_id, t.subject, t.title, t.line, t.parents, t.asked_as, t.entries, t.properties,
                      (SELECT coalesce(array_agg(l.question ORDER BY l.key COLLATE "C"), '{}') FROM topics.learned l
                       WHERE l.library = t.library AND l.stable_id = t.stable_id)
               FROM topics.topic t WHERE t.library = %s AND t.id > %s ORDER BY t.id LIMIT %s""",
            self.number,
            row_id,
            READ_AT_ONCE,
        ):
            for row_id, *row, learned in rows:
                topic = read_topic(*row)
                yield row_id, replace(topic, asked_as=topic.asked_as + tuple(learned))

    def row_ids(self, topic_id: str) -> list[int]:
        """Return the ids that a topic has at present: none where it is gone."""
        return _ids(
            self._server.all(
                "SELECT id FROM topics.topic WHERE library = %s AND stable_id = %s ORDER BY id", self.number, topic_id
            )
        )

    def headings(self) -> dict[int, Heading]:
        """Return the heading of every topic by its id, in the order they were read."""
        rows = self._server.all(
            """SELECT t.id, t.stable_id, t.subject, t.title, d.path, t.line, t.parents, t.properties
               FROM topics.topic t JOIN topics.document d ON d.id = t.document_id
               WHERE t.library = %s ORDER BY d.id, t.line, t.id""",
            self.number,
        )
        return {
            id_: Heading._make(
                (*row, tuple(json.loads(parents)), read_anchor(json.loads(properties).get("anchor", ())))
            )
            for id_, *row, parents, properties in rows
        }

    def sample_topics(self, count: int) -> list[StoredTopic]:
        """Return some topics, taking each subject in turn and those first that say how people ask for them."""
        rows = self._server.all(
            """SELECT id FROM topics.topic WHERE library = %s
               ORDER BY asked_as = '[]', row_number() OVER (PARTITION BY subject ORDER BY id), id LIMIT %s""",
            self.number,
            count,
        )
        return list(self.topics(_ids(rows)).values())

    # links

    def links_of(self, row_id: int) -> list[tuple[int, int, int]]:
        """Return how a topic is linked: from topic, to topic, and by how many links the two share it with others.

        Of several topics that a link may mean, each is returned; of more than MAX_LINKS either way, some.
        """
        return self._server.several(self.asking_links(row_id))[0]

    def asking_links(self, row_id: int) -> Statement:
        """Return what asks how a topic is linked."""
        return Statement(
            """SELECT source, target, max(greatest(
                       (SELECT count(*) FROM (SELECT 1 FROM topics.link k WHERE k.topic_id = source LIMIT %(most)s) o),
                       (SELECT count(*) FROM (SELECT 1 FROM topics.link k WHERE k.library = %(library)s
                                               AND k.target = name LIMIT %(most)s) i)))
                   FROM ((SELECT l.topic_id AS source, n.topic_id AS target, n.name AS name FROM topics.link l
                          JOIN topics.topic_name n ON n.library = l.library AND n.name = l.target
                          WHERE l.topic_id = %(topic)s LIMIT %(most)s)
                         UNION
                         (SELECT l.topic_id, n.topic_id, n.name FROM topics.topic_name n
                          JOIN topics.link l ON l.library = n.library AND l.target = n.name
                          WHERE n.topic_id = %(topic)s LIMIT %(most)s)) pair
                   WHERE source <> target GROUP BY source, target ORDER BY source, target""",
            {"topic": int(row_id), "most": MAX_LINKS, "library": self.number},
        )

    def leads(self, targets: Iterable[str], place: str) -> dict[str, str]:
        """Return the id of the topic that links lead to in a document at a place, by the link as written.

        Those that lead to no topic are left out; of several topics, the first one is meant.
        """
        named = {target: name for target in targets if (name := named_target(target, place))}
        rows = self._server.all(
            """SELECT n.name, t.stable_id FROM topics.topic_name n JOIN topics.topic t ON t.id = n.topic_id
               WHERE n.library = %s AND n.name = ANY(%s) ORDER BY t.document_id DESC, t.line DESC""",
            self.number,
            list(named.values()),
        )
        ids: dict[str, str] = dict(rows)
        return {target: ids[name] for target, name in named.items() if name in ids}

    # what a question may be without a search: a name, or something learned

    def is_expected(self, question: str) -> bool:
        """Return whether it was asked ahead what a question may be."""
        return title_key(question) in self._ahead.asked_by

    def look_ahead(self, question: str, *others: Statement) -> list[list[Row]]:
        """Ask at once what is the state, and which topics are called as a question or have learned it.

        Return the rows of the other statements, which go along.
        """
        key = title_key(question)
        state, asked_by, called, files, *rows = self._server.several(
            STATE, self._asked_by(key), self._called(key), self._small_files(), *others
        )
        self.take_state(state)
        self._ahead.files = dict(files)
        self._ahead.asked_by[key], self._ahead.called[key] = _ids(asked_by), _ids(called)
        return rows

    def topics_called(self, name: str) -> list[int]:
        """Return the ids of the topics that have a name beside their title."""
        key = title_key(name)
        known = self._ahead.called.get(key)
        return _ids(self._server.several(self._called(key))[0]) if known is None else known

    def topics_asked_by(self, key: str) -> list[int]:
        """Return the ids of the topics that a question is a learned way to ask for."""
        known = self._ahead.asked_by.get(key)
        return _ids(self._server.several(self._asked_by(key))[0]) if known is None else known

    def _called(self, key: str) -> Statement:
        return Statement(
            "SELECT topic_id FROM topics.topic_name WHERE library = %s AND name = %s", (self.number, f"={key}")
        )

    def _asked_by(self, key: str) -> Statement:
        return Statement(
            """SELECT t.id FROM topics.learned l
               JOIN topics.topic t ON t.library = l.library AND t.stable_id = l.stable_id
               WHERE l.library = %s AND l.key = %s ORDER BY t.id""",
            (self.number, key),
        )

    def learned(self, topic_id: str) -> tuple[str, ...]:
        """Return the questions that are learned ways to ask for a topic."""
        if topic_id in self._ahead.learned:
            return self._ahead.learned[topic_id]
        rows = self._server.all(
            'SELECT question FROM topics.learned WHERE library = %s AND stable_id = %s ORDER BY key COLLATE "C"',
            self.number,
            topic_id,
        )
        return tuple(question for (question,) in rows)

    def all_learned(self) -> list[tuple[str, str]]:
        """Return every learned question with the id of its topic."""
        rows = self._server.all(
            """SELECT question, stable_id FROM topics.learned WHERE library = %s
               ORDER BY key COLLATE "C", stable_id COLLATE "C" """,
            self.number,
        )
        return [(question, id_) for question, id_ in rows]

    # files as another library needs them

    def kept_documents(self) -> Iterator[KeptDocument]:
        """Yield every file as it is kept, source by source."""
        for stored in self.documents():
            rows = self._server.all(
                """SELECT t.id, t.stable_id, t.subject, t.title, t.line, t.parents, t.asked_as, t.entries, t.properties
                   FROM topics.topic t JOIN topics.document d ON d.id = t.document_id
                   JOIN topics.source s ON s.id = d.source_id
                   WHERE s.library = %s AND s.path = %s AND md5(d.path) = md5(%s) AND d.path = %s ORDER BY t.id""",
                self.number,
                stored.source,
                stored.path,
                stored.path,
            )
            passages = self._kept_passages([id_ for id_, *_ in rows])
            topics = tuple(read_topic(*row) for _, *row in rows)
            yield KeptDocument(
                stored.source, as_document(stored, topics), tuple(tuple(passages.get(id_, ())) for id_, *_ in rows)
            )

    def _kept_passages(self, row_ids: Sequence[int]) -> dict[int, list[KeyedPassage]]:
        passages: dict[int, list[KeyedPassage]] = {}
        for row_id, kind, entry, first, last, key in self._server.all(
            """SELECT topic_id, kind, entry, first, last, vector_key FROM topics.passage
               WHERE topic_id = ANY(%s) ORDER BY id""",
            list(row_ids),
        ):
            passage = KeyedPassage(KINDS[kind], None if entry < 0 else entry, first, last, bytes(key))
            passages.setdefault(row_id, []).append(passage)
        return passages

    def kept_vectors(self) -> Iterator[list[KeptVector]]:
        """Yield what was embedded by the present model, some at a time."""
        after = b""
        while rows := self._server.all(
            """SELECT key, halfvec_send(embedding), signs FROM topics.vector
               WHERE shelf = %s AND key > %s ORDER BY key LIMIT %s""",
            self.state().shelf,
            after,
            READ_AT_ONCE,
        ):
            yield [
                KeptVector(
                    bytes(key), halves_of(sent).tobytes(), None if binary_tokens is None else bytes(binary_tokens)
                )
                for key, sent, binary_tokens in rows
            ]
            after = bytes(rows[-1][0])

    # binary token vectors

    def topic_tokens(self, row_ids: Iterable[int], slot: Slot | None = None) -> dict[int, list[EntryTokens]]:
        """Return the binary token vectors of topics, passage by passage: those of the entries in a slot."""
        tokens: dict[int, list[EntryTokens]] = {}
        for row_id, passages in self._token_rows([int(id_) for id_ in row_ids]).items():
            binary_tokens = [
                (entry, bits) for entry, bit, _, _, bits in passages if slot is None or bit == slot_bit(slot)
            ]
            if binary_tokens:
                tokens[row_id] = binary_tokens
        return tokens

    def entry_tokens(self, row_id: int, entry: int) -> list[tuple[Span, bytes]]:
        """Return where in the text of an entry each of its passages stands, with its binary token vectors, in order."""
        passages = self._token_rows([int(row_id)]).get(int(row_id), [])
        ordered = sorted((first, last, bits) for number, _, first, last, bits in passages if number == entry)
        return [((first, last), bits) for first, last, bits in ordered]

    def _token_rows(self, row_ids: Sequence[int]) -> dict[int, list[PassageTokens]]:
        """Return the passages of topics; within a question, the topics themselves come along and both are kept."""
        missing = [id_ for id_ in row_ids if id_ not in self._ahead.binary_tokens]
        passages = {id_: self._ahead.binary_tokens.get(id_, []) for id_ in row_ids}
        if missing:
            also = [_topics_of(missing), _learned_by_topics(missing)] if self._ahead.is_on else []
            rows, *beside = self._server.several(_binary_tokens(missing), *also)
            for row_id, *passage in rows:
                passages[row_id] = [*passages[row_id], (passage[0], passage[1], passage[2], passage[3], passage[4])]
            if self._ahead.is_on:
                self._ahead.binary_tokens |= passages
                self._keep_topics(*beside)
        return passages

    def keep_rows(self, rows: Iterable[Row]) -> None:
        """Keep topics for the present question as the server sends them."""
        if self._ahead.is_on:
            self._ahead.rows |= {row[0]: row for row in rows}

    def _keep_topics(self, rows: Sequence[Row], learned: Iterable[Row]) -> None:
        topics = _stored(rows)
        self._ahead.topics |= topics
        for stored in topics.values():
            self._ahead.learned[stored.topic_id] = ()
        for topic_id, question in learned:
            self._ahead.learned[topic_id] += (question,)


def _topics_of(ids: Sequence[int]) -> Statement:
    return Statement(
        """SELECT t.id, d.path, s.path,
                  t.stable_id, t.subject, t.title, t.line, t.parents, t.asked_as, t.entries, t.properties
           FROM topics.topic t JOIN topics.document d ON d.id = t.document_id JOIN topics.source s ON s.id = d.source_id
           WHERE t.id = ANY(%s)""",
        (list(ids),),
    )


def _learned_by_topics(ids: Sequence[int]) -> Statement:
    return Statement(
        """SELECT t.stable_id, l.question FROM topics.topic t
           JOIN topics.learned l ON l.library = t.library AND l.stable_id = t.stable_id
           WHERE t.id = ANY(%s) ORDER BY l.key COLLATE "C" """,
        (list(ids),),
    )


def _stored(rows: Iterable[Row]) -> dict[int, StoredTopic]:
    return {id_: StoredTopic(row[0], path, source, read_topic(*row)) for id_, path, source, *row in rows}


def _binary_tokens(row_ids: Sequence[int]) -> Statement:
    return Statement(
        """SELECT p.topic_id, p.entry, p.slot, p.first, p.last, v.signs
           FROM topics.passage p JOIN topics.vector v ON v.shelf = p.shelf AND v.key = p.vector_key
           WHERE p.topic_id = ANY(%s) AND p.kind = 0 AND v.signs IS NOT NULL ORDER BY p.id""",
        (list(row_ids),),
    )


def halves_of(sent: bytes) -> npt.NDArray[np.float16]:
    """Return the numbers of a vector, or of several one after the other, as the server sends each."""
    return np.frombuffer(sent[HEADER_BYTES:], dtype=">f2").astype("<f2")


def _ids(rows: Iterable[Row]) -> list[int]:
    return [id_ for (id_,) in rows]
