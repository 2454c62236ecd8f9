"""one library's tables on a server: what it is at a revision, what was fetched ahead for a question, who writes"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, LiteralString, NamedTuple, TypeAlias

import psycopg

from index.engine.milvus.following import Following
from index.engine.server.connection import Row, Server, Statement
from index.engine.server.counting import WordCounts
from index.engine.server.schema import VERSION
from index.errors import LibraryError
from index.records import StoredTopic

if TYPE_CHECKING:
    from index.engine.milvus.index import MilvusIndex

READ_AT_ONCE: Final = 500
"""Topics in memory at a time when all are gone through."""

COMES_ALONG_BYTES: Final = 4_000
"""How large a file of the library's own is at most that comes along with a question, as its settings do."""

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
class Ahead(threading.local):
    """What was prefetched for the question of the present thread."""

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


class LibraryTables:
    """The tables of one library, for whoever reads them; any number of threads may."""

    def __init__(self, server: Server) -> None:
        """Read by the connections to a server."""
        self._server = server
        self._ahead = Ahead()

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

    def subjects(self) -> dict[str, int]:
        """Return every subject, as it is written, with the number of its topics that can be found."""
        return dict(self._server.all(SUBJECTS, self.number))


class WritableTables(LibraryTables):
    """The same by one connection, with what is counted and noted along with its changes."""

    def __init__(self, server: Server, connection: psycopg.Connection[Row], search: MilvusIndex | None = None) -> None:
        """Write by a connection of its own, and keep a search engine's index in step where there is one."""
        super().__init__(_Single(server, connection))
        self._db = connection
        self._following = Following(self._server, search)
        self._counts = WordCounts(self._server, self.number)
        self._freed: set[tuple[int, bytes]] = set()  # shelf and key of vectors whose passages went

    def _run(self, sql: LiteralString, *values: object, **named: object) -> None:
        self._server.several(Statement(sql, named or values))


class _Single(Server):
    """One connection that is not shared, behind the same statements."""

    def __init__(self, server: Server, connection: psycopg.Connection[Row]) -> None:
        """Use a connection of a server."""
        super().__init__(server.address)
        self._pinned.connection, self._pinned.has_begun = connection, True


def ids_of(rows: Iterable[Row]) -> list[int]:
    """Return the ids that are all that some rows say."""
    return [id_ for (id_,) in rows]
