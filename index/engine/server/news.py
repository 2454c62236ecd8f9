"""changes that somebody else makes, told by the server as they land: LISTEN and NOTIFY"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final, LiteralString

import psycopg

from index.engine.server.address import Address
from index.engine.server.connection import Row, Server
from index.errors import LibraryError

TELL: Final[LiteralString] = "SELECT pg_notify('topics', %s::text)"
"""Notifies, when the transaction is committed, with the number of the library that has changed."""

LOOK_SECONDS: Final = 1.0
"""How often it is looked where a server tells nothing, as a replica does, or was just away."""


class News:
    """One connection that only listens, made when it is first needed."""

    def __init__(self, address: Address) -> None:
        """Listen to a server."""
        self._server = Server(address, does="listens")
        self._lock = threading.Lock()
        self._connection: psycopg.Connection[Row] | None = None
        self._revision: int | None = None

    def close(self) -> None:
        """Close the connection."""
        if self._connection:
            self._connection.close()

    def wait(self, seconds: float, revision: Callable[[], int]) -> bool:
        """Wait up to some seconds for another revision than at the end of the wait before; say whether it is there."""
        with self._lock:
            if self._revision is None:
                self._revision = revision()
            if self._has_moved(revision):  # while nobody listened
                return True
            self._listen(seconds)
            return self._has_moved(revision)

    def _has_moved(self, revision: Callable[[], int]) -> bool:
        before, self._revision = self._revision, revision()
        return before != self._revision

    def _listen(self, seconds: float) -> None:
        """Wait for a notification, or until the time is over."""
        try:
            if self._connection is None or self._connection.closed:
                self._connection = self._server.connected()
                self._connection.execute("LISTEN topics")
                return  # what landed just before is seen by its revision
            for _ in self._connection.notifies(timeout=seconds, stop_after=1):
                pass
        except (psycopg.Error, LibraryError):
            self.close()
            self._connection = None
            time.sleep(min(seconds, LOOK_SECONDS))
