"""how PostgreSQL is spoken to: connections, one revision for a question, errors in plain words (home of psycopg)"""

from __future__ import annotations

import os
import select
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final, Literal, LiteralString, NamedTuple, TypeAlias

import psycopg
from psycopg.abc import Buffer
from psycopg.conninfo import make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.types.string import StrDumper, StrDumperUnknown

from index.engine.server.address import Address, read_password
from index.errors import LibraryError

Row: TypeAlias = tuple[Any, ...]

Activity: TypeAlias = Literal["asks", "writes", "works", "listens"]
"""What a connection is for, as the server's own list of programs shows it."""

IDLE_CONNECTIONS: Final = 8
"""Connections that stay open for later questions; further ones that threads need at once are closed after use."""

READING_MS: Final = 15_000
"""How long a statement that reads may take: a question takes a hundredth of that, a map of 200,000 topics half."""

WRITING_MS: Final = 600_000
"""How long a statement that writes may take; the graph over all vectors may take longer."""

LOCK_WAIT_MS: Final = 10_000
"""How long a row that another transaction holds is waited for."""

EF_SEARCH: Final = 200
"""Vectors that the graph (HNSW) looks at for a question: .998 of the ten nearest of 35,000 passages are found."""

COMES_BACK_SECONDS: Final = 8.0
"""How long a server that has gone is looked for again before a question fails: a replica is promoted in less."""

LOOK_AGAIN_SECONDS: Final = 0.1

ANSWERS_SECONDS: Final = 1.0
"""How long the answer to the end of the last question is waited for, before another connection takes its place."""


class Statement(NamedTuple):
    """SQL as it stands in this project, and the values that go beside it, never into it."""

    sql: LiteralString
    values: Sequence[object] | Mapping[str, object] = ()

    @property
    def named_values(self) -> Mapping[str, object]:
        """The values of a statement that names them, to be put into another one with it."""
        return self.values if isinstance(self.values, Mapping) else {}


def _storable(text: str) -> str:
    return text.replace("\0", "\ufffd")


class _Text(StrDumper):
    """Text as the server can hold it: NUL, which it cannot, becomes U+FFFD, as CommonMark has it."""

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(_storable(obj))


class _TextOfAnyType(StrDumperUnknown):
    """The same where the server finds out what type a text stands for."""

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(_storable(obj))


BEGIN_READING: Final[LiteralString] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class _Pinned(threading.local):
    """The transaction that the present thread reads in."""

    connection: psycopg.Connection[Row] | None = None
    has_begun: bool = False
    depth: int = 0


class Server:
    """Connections to one database for one library; any number of threads may use it."""

    def __init__(self, address: Address, *, does: Activity = "asks") -> None:
        """Remember the address; the first statement connects. The server is told what the program `does`."""
        self.address = address
        self._does = does
        self._idle: list[psycopg.Connection[Row]] = []
        self._lock = threading.Lock()
        self._pinned = _Pinned()
        self.journeys = 0
        """How often the server was waited for: what a question costs beyond its computing."""

    # one statement, or several in one journey

    def all(self, sql: LiteralString, *values: object) -> list[Row]:
        """Return the rows of a statement."""
        return self.several(Statement(sql, values))[0]

    def one(self, sql: LiteralString, *values: object) -> Row | None:
        """Return the first row of a statement; None where there is none."""
        return next(iter(self.all(sql, *values)), None)

    def several(self, *statements: Statement) -> list[list[Row]]:
        """Return the rows of several statements that are sent together and answered together."""
        if self._pinned.connection is not None:
            return self._in_pinned(self._pinned.connection, statements)
        with self._borrowed() as connection:
            return self.run(connection, statements)

    def _in_pinned(self, connection: psycopg.Connection[Row], statements: Sequence[Statement]) -> list[list[Row]]:
        begin = () if self._pinned.has_begun else (Statement(BEGIN_READING),)
        self._pinned.has_begun = True
        with explained(self.address):
            return self.run(connection, (*begin, *statements))[len(begin) :]

    def run(self, connection: psycopg.Connection[Row], statements: Sequence[Statement]) -> list[list[Row]]:
        """Run statements on a connection in one journey, and return the rows of each."""
        self.journeys += 1
        if len(statements) == 1:
            return [_fetched_rows(connection.execute(statements[0].sql, statements[0].values or None))]
        with connection.pipeline():
            cursors = [connection.execute(sql, values or None) for sql, values in statements]
        return [_fetched_rows(cursor) for cursor in cursors]

    def in_one_step(self, *statements: Statement) -> None:
        """Run statements that change something: all of them, or none."""
        with self._borrowed() as connection, connection.transaction():
            self.run(connection, statements)

    # one revision

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See one revision in everything that this thread reads inside; it begins with the first statement."""
        pinned = self._pinned
        if pinned.depth:
            pinned.depth += 1
            try:
                yield
            finally:
                pinned.depth -= 1
            return
        with self._borrowed() as connection:
            pinned.connection, pinned.has_begun, pinned.depth = connection, False, 1
            try:
                yield
            finally:
                has_begun, pinned.connection, pinned.has_begun, pinned.depth = pinned.has_begun, None, False, 0
                if has_begun and not connection.closed:
                    with suppress(psycopg.Error):  # of what was only read, nothing is lost, and nobody waits for it
                        connection.pgconn.send_query(b"COMMIT")
                        connection.pgconn.flush()

    # connections

    @contextmanager
    def _borrowed(self) -> Iterator[psycopg.Connection[Row]]:
        """Give a connection that works now: one that the server has closed meanwhile is not handed out."""
        with explained(self.address):
            connection = self._taken()
            try:
                yield connection
            except BaseException:
                with suppress(psycopg.Error):
                    connection.close()
                raise
            self._give_back(connection)

    def _taken(self) -> psycopg.Connection[Row]:
        while True:
            with self._lock:
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                return self.connected()
            if _is_alive(connection):
                return connection
            connection.close()

    def _give_back(self, connection: psycopg.Connection[Row]) -> None:
        with self._lock:
            if len(self._idle) < IDLE_CONNECTIONS and not connection.closed:
                self._idle.append(connection)
                return
        connection.close()

    def connected(self) -> psycopg.Connection[Row]:
        """Return a new connection that sees this library, waiting for a server that is just coming back.

        Raises:
            LibraryError: there is no such server, or it refuses.

        """
        with explained(self.address):
            until = time.monotonic() + COMES_BACK_SECONDS
            while True:
                try:
                    return self._connected_now()
                except psycopg.OperationalError as error:
                    if time.monotonic() > until or not _may_come_back(error):
                        raise
                    time.sleep(LOOK_AGAIN_SECONDS)

    def _connected_now(self) -> psycopg.Connection[Row]:
        limit = READING_MS if self._does == "asks" else WRITING_MS
        settings = {
            "statement_timeout": limit,
            "lock_timeout": LOCK_WAIT_MS,
            "idle_in_transaction_session_timeout": limit,
            "hnsw.ef_search": EF_SEARCH,
            "hnsw.iterative_scan": "strict_order",  # goes on where that is not enough
            "plan_cache_mode": "force_custom_plan",  # which of the libraries is meant decides which index serves
            "random_page_cost": 1.1,  # a solid disk, or memory: a few rows are not found by reading a whole table
            "jit": "off",  # compiling takes longer than these statements run
        }
        told = dict(self.address.parameters)
        told["application_name"] = f"topics {self._does} {os.getpid()}@{socket.gethostname()}"[:63]
        told["options"] = " ".join(f"-c {name}={value}" for name, value in settings.items())
        if password := read_password():
            told["password"] = password
        connection = psycopg.connect(make_conninfo("", **told), autocommit=True)
        for dumper in (_Text, _TextOfAnyType):
            connection.adapters.register_dumper(str, dumper)
        try:
            connection.execute("SELECT set_config('topics.library', %s, false)", (self.address.library,))
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Close the connections that nobody uses."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()


def _fetched_rows(cursor: psycopg.Cursor[Row]) -> list[Row]:
    return cursor.fetchall() if cursor.description else []


def _is_alive(connection: psycopg.Connection[Row]) -> bool:
    """Return whether the server has not closed a connection: to one that asks nothing, it says nothing else."""
    if connection.closed:
        return False
    try:
        return _has_ended(connection) and not select.select([connection.fileno()], [], [], 0)[0]
    except (psycopg.Error, OSError, ValueError):
        return False


def _has_ended(connection: psycopg.Connection[Row]) -> bool:
    """Read the answer to a COMMIT, which has come long ago, and say whether the connection is free for the next."""
    server = connection.pgconn
    while server.is_busy():
        if not select.select([connection.fileno()], [], [], ANSWERS_SECONDS)[0]:
            return False
        server.consume_input()
    while server.get_result():
        pass
    return connection.info.transaction_status == TransactionStatus.IDLE


def _may_come_back(error: psycopg.OperationalError) -> bool:
    """Return whether a server that refuses may take a connection in a moment: starting, promoted, or just gone."""
    message = str(error).lower()
    lasting = (
        "password",
        "authentication",
        "does not exist",
        "certificate",
        "ssl",
        "no pg_hba",
        "translate host",
        "resolve host",
    )
    return not any(word in message for word in lasting)


@contextmanager
def explained(address: Address) -> Iterator[None]:
    """Say in a LibraryError what the server or the way to it refuses."""
    try:
        yield
    except psycopg.Error as error:
        raise LibraryError(_explanation(address, error)) from error


def _explanation(address: Address, error: psycopg.Error) -> str:
    match error:
        case psycopg.errors.UndefinedTable() | psycopg.errors.InvalidSchemaName() | psycopg.errors.UndefinedFunction():
            return (
                f"The database of {address.name} is not prepared, or by an older version ({_cause(error)}). "
                "Run `topics server init ADDRESS`, or `topics server upgrade ADDRESS`, as a user who owns it."
            )
        case psycopg.errors.InsufficientPrivilege() if not address.library:
            return (
                f"This user may not prepare {address.name} ({_cause(error)}). Do it as a user who may make roles and "
                "tables there, as `postgres` may."
            )
        case psycopg.errors.InsufficientPrivilege():
            return (
                f"The library {address.name} may not be used so by this user ({_cause(error)}). "
                "Its owner grants the role topics_reader to those who ask and topics_writer to those who sync."
            )
        case psycopg.errors.QueryCanceled():
            return f"The server of {address.name} took too long and was stopped ({_cause(error)}). Repeat in a moment."
        case psycopg.errors.DeadlockDetected() | psycopg.errors.SerializationFailure():
            return f"Two programs changed the library {address.name} at the same moment. Repeat in a moment."
        case psycopg.errors.LockNotAvailable():
            return f"Another process is writing to the library {address.name}. Repeat when it has finished."
        case psycopg.errors.DiskFull():
            return f"The disk of the server of {address.name} is full; nothing was changed."
        case psycopg.errors.ReadOnlySqlTransaction():
            return f"The server of {address.name} is a replica, which can be asked and not changed ({_cause(error)})."
        case psycopg.OperationalError() | psycopg.InterfaceError():
            return (
                f"The server of {address.name} cannot be reached ({_cause(error)}). See that it runs, that the address "
                "is right, and that your password or certificate is where it is looked for; then repeat."
            )
    return f"The library {address.name} cannot be used ({_cause(error)})."


def _cause(error: psycopg.Error) -> str:
    return " ".join((error.diag.message_primary or str(error)).split())[:300]
