"""what changes a library on a server: each change is one transaction, which counts its words as it goes"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import psycopg

from index.engine.server.catalog.documents import DocumentWriter
from index.engine.server.connection import Row, Server, Statement, explained
from index.engine.server.news import TELL
from index.engine.server.schema import VERSION
from index.engine.server.searching.dense import EXACT_FILTERED_UP_TO
from index.errors import LibraryBusyError, LibraryError

if TYPE_CHECKING:
    from index.engine.milvus.index import MilvusIndex

LOCK_SECONDS: Final = 5.0
"""How long a second writer waits before it says who writes."""

GRAPH_FROM: Final = EXACT_FILTERED_UP_TO
"""Vectors from which on a search graph over them is worth its maintenance: fewer are all compared in 5 ms."""

OF_VALUES: Final = (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.ProgramLimitExceeded)
"""What is raised where the values are wrong, and not the server or the way to it."""


class ServerWriter(DocumentWriter):
    """One connection that holds the library's lock; questions go on over others."""

    def __init__(self, server: Server, connection: psycopg.Connection[Row], search: MilvusIndex | None = None) -> None:
        """Write by a connection of its own, and keep a search engine's index in step where there is one."""
        super().__init__(server, connection, search)
        self._seen = self.state().revision

    @contextmanager
    def change(self) -> Iterator[None]:
        """Make everything inside one transaction: all of it is stored, or nothing.

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
        """Make everything inside a savepoint of a change: if it fails, the rest of the change is stored without it.

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
        """Record that what can be found has changed; after the last change, delete vectors that nothing uses."""
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
        """Delete vectors that no passage uses, those of syncs that were interrupted."""
        with self.change():
            self._drop_unused_vectors()

    def wipe(self) -> None:
        """Delete what nothing uses; the server itself overwrites what was deleted in its own time."""
        self.repair()


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
