"""a journal in a file of its own beside the catalog (home of sqlite3)

Keeping a question never waits for a sync and a sync never for it.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from index.errors import LibraryError
from index.storage import (
    AskedRow,
    Connection,
    JournalRows,
    LastAsked,
    NotedKind,
    NotedRow,
    connect,
    emptied_wal,
    refuse_foreign,
    write_ahead,
)

FILE_NAME: Final = "journal.sqlite3"

BUSY_SECONDS: Final = 0.2
"""How long to wait for another process that has the file locked: a question is not recorded after that."""

ERASING_SECONDS: Final = 5.0
"""How long erasing waits for others to end what they read: an answer takes a fraction of a second."""

_FORMAT: Final = 2
_SCHEMA: Final = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS asked (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    question TEXT NOT NULL,
    at TEXT NOT NULL,
    answered INTEGER NOT NULL,
    confidence REAL NOT NULL,
    topic_id TEXT NOT NULL,
    topic TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS asked_key ON asked (key);
CREATE TABLE IF NOT EXISTS mark (
    key TEXT NOT NULL,
    topic_id TEXT NOT NULL,
    question TEXT NOT NULL,
    useful INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (key, topic_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS saved (key TEXT PRIMARY KEY, question TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dismissed (key TEXT PRIMARY KEY, question TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
PRAGMA user_version = {_FORMAT};
COMMIT;
"""


class JournalFile:
    """The journal of the library in a folder; its file is made when there is something to keep."""

    def __init__(self, folder: Path) -> None:
        """Remember where the journal is."""
        self.path = folder / FILE_NAME
        self._lock = threading.Lock()
        self._connection: Connection | None = None

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        if self._connection:
            self._connection.db.close()
        self._connection = None

    # whether it is on

    def setting(self) -> str:
        """Return `on` or `off` as somebody has turned it, or nothing where nobody has."""
        settings = {name for (name,) in self._read("SELECT name FROM setting WHERE name IN ('on', 'off')")}
        return "off" if "off" in settings else "on" if "on" in settings else ""

    def set(self, setting: str) -> None:
        """Keep whether it is on."""
        self._write(
            ("DELETE FROM setting WHERE name <> ?", (setting,)),
            ("INSERT OR REPLACE INTO setting VALUES (?, 'yes')", (setting,)),
        )

    # what was asked

    def add(self, row: AskedRow, *, at_most: int, once: bool) -> None:
        """Store a question, unless it is to be stored once and is there; the oldest go beyond a number."""
        statement = (_RECORD_ONCE, (*row, row.key)) if once else (_RECORD, row)
        self._write(statement, (_FORGET_OLDEST, (at_most,)))

    def last_asked(self, count: int, *, unanswered: bool) -> list[LastAsked]:
        """Return up to `count` questions, each as it was last asked, the last first.

        Of the `unanswered`, those that had no answer or a wrong one and were not dismissed, the most asked first.
        """
        # the columns beside max() are those of the row that has it (sqlite.org/lang_select.html, "bare columns")
        rows = self._read(
            f"""SELECT a.key, a.question, a.at, a.answered, a.confidence, a.topic_id, a.topic, count(*), m.useful,
                       max(a.id)
                FROM asked a LEFT JOIN mark m ON m.key = a.key AND m.topic_id = a.topic_id
                GROUP BY a.key {_UNANSWERED if unanswered else _RECENT}""",  # noqa: S608 (both stand in this file)
            count,
        )
        marked = {None: None, 0: False, 1: True}
        return [LastAsked(_asked_row(row), times, marked[useful]) for *row, times, useful, _ in rows]

    def edition(self) -> tuple[int, int]:
        """Return the number of the last question and how many there are."""
        rows = self._read("SELECT coalesce(max(id), 0), count(*) FROM asked")
        return rows[0] if rows else (0, 0)

    # what people said about it

    def note(self, rows: Sequence[NotedRow]) -> None:
        """Keep what somebody said of questions; the last time counts."""
        self._write(*((_NOTE[row.kind], row._asdict()) for row in rows))

    def drop(self, kind: NotedKind, key: str, topic_id: str = "") -> None:
        """Delete what somebody said of a question."""
        self._write((_DROP[kind], {"key": key, "topic_id": topic_id}))

    def noted(self, kind: NotedKind, key: str | None = None) -> list[NotedRow]:
        """Return all of a kind that was said, or what was said of a question, the last first."""
        return [
            NotedRow(kind, key_, topic_id, question, bool(useful), at)
            for key_, topic_id, question, useful, at in self._read(_NOTED[kind], key)
        ]

    # as a whole

    def erase(self, key: str | None) -> None:
        """Erase everything, or all about a question, from the disk, too; whether it is on stays.

        Raises:
            LibraryError: another process that reads the file keeps what it held from being overwritten.

        """
        if not self.path.exists():
            return
        self._write(*((statement, (key,)) for statement in _ERASE))
        with self._lock, self._explained():
            self.db().execute("VACUUM")
            is_erased = emptied_wal(self.db(), ERASING_SECONDS)
        if not is_erased:
            raise LibraryError(
                f"What was erased is in no list any more, but {self.path} still holds it: another process is reading "
                "it. Close the app and what else uses this library, then erase again."
            )

    def rows(self) -> JournalRows:
        """Return all records, in the order in which they came."""
        questions = self._read(
            "SELECT key, question, at, answered, confidence, topic_id, topic FROM asked ORDER BY id",
        )
        noted = [row for kind in _NOTED for row in self.noted(kind)]
        return JournalRows(self.setting(), [_asked_row(row) for row in questions], noted)

    def keep(self, rows: JournalRows) -> None:
        """Keep what another journal held."""
        self._write(
            *((_RECORD, row) for row in rows.questions),
            *((_NOTE[row.kind], row._asdict()) for row in rows.noted),
        )
        if rows.setting:
            self.set(rows.setting)

    # below: how SQLite is spoken to

    def _read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        if not self.path.exists():
            return []
        with self._lock, self._explained(), closing(self.db().execute(query, values)) as rows:
            return rows.fetchall()

    def _write(self, *statements: tuple[str, tuple[object, ...] | dict[str, object]]) -> None:
        with self._lock, self._explained():
            db = self.db()
            with db:
                db.execute("BEGIN IMMEDIATE")
                for statement, values in statements:
                    db.execute(statement, values)

    def db(self) -> sqlite3.Connection:
        """Return the open file; it is opened anew after somebody deleted or replaced it."""
        before = self._connection
        if before and (not self.path.exists() or before.is_outdated(self.path)):
            self._let_go()  # someone deleted the file, which is as good as erasing it, or changed what we can only read
        if self._connection is None:
            self._connection = self._connected()
        return self._connection.db

    def _connected(self) -> Connection:
        connection = connect(self.path, _prepare, create=True, busy_seconds=BUSY_SECONDS)
        try:
            refuse_foreign(connection.db, self.path)
        except BaseException:
            connection.db.close()
            raise
        return connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise LibraryError(
                f"The journal at {self.path} cannot be used ({error}). See that its folder can be written and that its "
                "disk has room. It may be deleted: only what was asked, marked and saved is lost, no note."
            ) from error


def _asked_row(row: Sequence[Any]) -> AskedRow:
    return AskedRow(*row)._replace(answered=bool(row[3]))


_RECENT: Final = "ORDER BY max(a.id) DESC LIMIT ?"
_UNANSWERED: Final = """
    HAVING (NOT a.answered OR a.key IN (SELECT key FROM mark WHERE NOT useful))
       AND a.key NOT IN (SELECT key FROM dismissed)
    ORDER BY count(*) DESC, max(a.id) DESC LIMIT ?"""

_NOTE: Final[dict[NotedKind, str]] = {
    "mark": "INSERT OR REPLACE INTO mark VALUES (:key, :topic_id, :question, :useful, :at)",
    "saved": "INSERT OR REPLACE INTO saved VALUES (:key, :question, :at)",
    "dismissed": "INSERT OR REPLACE INTO dismissed VALUES (:key, :question, :at)",
}
_DROP: Final[dict[NotedKind, str]] = {
    "mark": "DELETE FROM mark WHERE key = :key AND topic_id = :topic_id",
    "saved": "DELETE FROM saved WHERE key = :key",
    "dismissed": "DELETE FROM dismissed WHERE key = :key",
}
_NOTED: Final[dict[NotedKind, str]] = {
    "mark": "SELECT key, topic_id, question, useful, at FROM mark WHERE key = coalesce(?, key) ORDER BY at DESC",
    "saved": "SELECT key, '', question, 0, at FROM saved WHERE key = coalesce(?, key) ORDER BY at DESC",
    "dismissed": "SELECT key, '', question, 0, at FROM dismissed WHERE key = coalesce(?, key) ORDER BY at DESC, key",
}
_ERASE: Final = (
    "DELETE FROM asked WHERE key = coalesce(?, key)",
    "DELETE FROM mark WHERE key = coalesce(?, key)",
    "DELETE FROM saved WHERE key = coalesce(?, key)",
    "DELETE FROM dismissed WHERE key = coalesce(?, key)",
)
_RECORD: Final = (
    "INSERT INTO asked (key, question, at, answered, confidence, topic_id, topic) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_RECORD_ONCE: Final = (
    "INSERT INTO asked (key, question, at, answered, confidence, topic_id, topic) "
    "SELECT ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM asked WHERE key = ?)"
)
_FORGET_OLDEST: Final = "DELETE FROM asked WHERE id <= (SELECT max(id) FROM asked) - ?"


def _prepare(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA secure_delete = ON").fetchone()
    db.execute("PRAGMA temp_store = MEMORY")  # what is written anew to be erased is in no other file meanwhile
    write_ahead(db)
    db.execute("PRAGMA synchronous = NORMAL")
    if db.execute("PRAGMA user_version").fetchone()[0] < _FORMAT:
        db.executescript(_SCHEMA)
