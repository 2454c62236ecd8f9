"""how SQLite is spoken to: the schema and its versions, transactions, errors in plain words (home of sqlite3)"""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from index.disk import is_own_file
from index.errors import LibraryError

FILE_NAME: Final = "catalog.sqlite3"
BUSY_SECONDS: Final = 10.0

UNWRITABLE: Final = frozenset({"READONLY", "CANTOPEN"})
"""What SQLite calls it when a file may only be read, or none can be made beside it."""

OF_VALUES: Final = (sqlite3.DataError, sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError)
"""What SQLite raises where the values are wrong, and not the file or the disk."""

_SCHEMA: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE source (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);
CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
    path TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    UNIQUE (source_id, path)
);
CREATE TABLE topic (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
    stable_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    title TEXT NOT NULL,
    line INTEGER NOT NULL,
    parents TEXT NOT NULL,
    asked_as TEXT NOT NULL,
    entries TEXT NOT NULL
);
CREATE INDEX topic_document ON topic (document_id);
CREATE TABLE passage (
    id INTEGER PRIMARY KEY,
    topic_id INTEGER NOT NULL REFERENCES topic ON DELETE CASCADE,
    kind TEXT NOT NULL,
    entry INTEGER,
    slot TEXT,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    vector_key BLOB NOT NULL
);
CREATE INDEX passage_topic ON passage (topic_id);
CREATE INDEX passage_vector ON passage (vector_key);
CREATE TABLE vector (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE gone_topic (id INTEGER PRIMARY KEY, revision INTEGER NOT NULL);
CREATE TABLE loose_vector (key BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TRIGGER topic_gone AFTER DELETE ON topic BEGIN
    INSERT INTO gone_topic VALUES (old.id, 1 + (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'revision'));
END;
CREATE TRIGGER passage_gone AFTER DELETE ON passage BEGIN
    INSERT OR IGNORE INTO loose_vector VALUES (old.vector_key);
END;
INSERT INTO meta VALUES ('id', lower(hex(randomblob(16)))), ('revision', '0'), ('remembers_since', '0');
"""

_PATTERNS: Final = """
ALTER TABLE source ADD COLUMN include TEXT NOT NULL DEFAULT '[]';
ALTER TABLE source ADD COLUMN exclude TEXT NOT NULL DEFAULT '[]';
"""

_LEARNED: Final = """
CREATE TABLE learned (
    key TEXT NOT NULL,
    stable_id TEXT NOT NULL,
    question TEXT NOT NULL,
    PRIMARY KEY (key, stable_id)
) WITHOUT ROWID;
CREATE INDEX learned_topic ON learned (stable_id);
CREATE INDEX topic_stable ON topic (stable_id);
"""

_LINKS: Final = """
CREATE TABLE link (
    topic_id INTEGER NOT NULL REFERENCES topic ON DELETE CASCADE,
    target TEXT NOT NULL,
    PRIMARY KEY (topic_id, target)
) WITHOUT ROWID;
CREATE INDEX link_target ON link (target);
CREATE TABLE topic_name (
    topic_id INTEGER NOT NULL REFERENCES topic ON DELETE CASCADE,
    name TEXT NOT NULL,
    PRIMARY KEY (topic_id, name)
) WITHOUT ROWID;
CREATE INDEX topic_name_name ON topic_name (name);
"""

_HISTORY: Final = """
CREATE TABLE past (revision INTEGER PRIMARY KEY, token TEXT NOT NULL);
INSERT INTO past SELECT CAST(value AS INTEGER), lower(hex(randomblob(8))) FROM meta WHERE key = 'revision';
DELETE FROM meta WHERE key = 'remembers_since';
"""

_SIGNS: Final = """
CREATE TABLE token_signs (
    key BLOB PRIMARY KEY REFERENCES vector ON DELETE CASCADE,
    signs BLOB NOT NULL
);
"""

_PROPERTIES: Final = """
ALTER TABLE topic ADD COLUMN properties TEXT NOT NULL DEFAULT '{}';
ALTER TABLE document ADD COLUMN inode INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN changed_ns INTEGER NOT NULL DEFAULT 0;
"""

MIGRATIONS: Final = (_SCHEMA, _PATTERNS, _LEARNED, _LINKS, _HISTORY, _SIGNS, _PROPERTIES)
"""What takes a library from each version to the next, an empty one first; a change of the schema is one more."""
SCHEMA_VERSION: Final = len(MIGRATIONS)

_CREATE: Final = re.compile(r"\s*CREATE TRIGGER\s+(?P<name>\w+)")


class Database:
    """One library's SQLite file; any number of threads may read it, one after the other."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Open the file in a library folder, or make an empty one; an older one is brought to the present version.

        Raises:
            LibraryError: it cannot be read or written, is damaged, or was made by a newer version.

        """
        self.path = folder / FILE_NAME
        self._lock = threading.RLock()
        if create:
            _make_folder(folder)
        with self._explained():
            self._db = connect(self.path, _prepare, create=create, busy_seconds=BUSY_SECONDS)
            version = self._version()
        if version > SCHEMA_VERSION:
            raise LibraryError(
                f"The library at {folder} was made by a newer Topic Assistant (its format is {version}, this one "
                f"knows up to {SCHEMA_VERSION}). Update this one, or choose another folder with --library."
            )
        if version < 1 and not create:
            raise LibraryError(_damaged(self.path, "it holds no library"))
        with self._explained():
            refuse_foreign(self._db, self.path, _TRIGGERS if version else frozenset())
        if version < SCHEMA_VERSION:
            self._bring_forward()

    @staticmethod
    def exists(folder: Path) -> bool:
        """Say whether a library has been made in this folder."""
        return (folder / FILE_NAME).is_file()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """Make everything inside one transaction: all of it is kept, or none."""
        with self._explained(), self._db:
            self._db.execute("BEGIN IMMEDIATE")
            yield

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Make everything inside a part of a change: all of it is kept, or none while the rest of the change is.

        Raises:
            ValueError: SQLite takes no such values.
            LibraryError: the library cannot be changed at all.

        """
        with self._explained():
            self._db.execute("SAVEPOINT attempt")
            try:
                yield
            except BaseException as error:
                with suppress(sqlite3.Error):  # on a full disk, all of the change is undone by then
                    self._db.execute("ROLLBACK TO attempt")
                    self._db.execute("RELEASE attempt")
                if isinstance(error, OF_VALUES):
                    raise ValueError(str(error)) from error  # noqa: TRY004 (it is the value that is refused)
                raise
            self._db.execute("RELEASE attempt")

    @contextmanager
    def view(self) -> Iterator[None]:
        """See one revision in everything that is read inside."""
        with self._lock, self._explained():
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._db.execute("ROLLBACK")

    def leave_nothing_beside(self) -> None:
        """Move every change into the file itself: what stands beside it still holds what was deleted."""
        self._all("PRAGMA wal_checkpoint(TRUNCATE)")

    def damage(self) -> str:
        """Return what SQLite finds wrong with the file; nothing where it is sound."""
        found = [row for (row,) in self._all("PRAGMA integrity_check(3)") if row != "ok"]
        return "; ".join(found) or ("rows refer to what is not there" if self._all("PRAGMA foreign_key_check") else "")

    def _one(self, query: str, *values: object) -> tuple[Any, ...] | None:
        return next(iter(self._all(query, *values)), None)

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, self._explained():
            return self._db.execute(query, values).fetchall()

    def _count(self, query: str, *values: object) -> int:
        return int(self._all(query, *values)[0][0])

    def _version(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    def _bring_forward(self) -> None:
        with self._explained():
            try:
                self._migrate()
            except sqlite3.OperationalError as error:
                if _kind(error) not in UNWRITABLE:
                    raise
                raise LibraryError(_outdated(self.path.parent)) from error

    def _migrate(self) -> None:
        """Bring the file to the present version, in one transaction; whoever comes second finds it done."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            for version, script in enumerate(MIGRATIONS[self._version() :], start=self._version() + 1):
                for statement in _statements(script):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {version}")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise LibraryError(_explanation(self.path, error)) from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(
            f"A library cannot be made at {folder} ({error.strerror}). "
            "Choose a folder you can write to with --library or TOPICS_LIBRARY."
        ) from error


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _triggers() -> frozenset[str]:
    """Return the triggers of a library, as SQLite keeps them."""
    statements = (statement for script in MIGRATIONS for statement in _statements(script))
    return frozenset(_normal(statement) for statement in statements if _CREATE.match(statement))


def _normal(sql: str) -> str:
    return " ".join(sql.split()).removesuffix(";")


_TRIGGERS: Final = _triggers()


def refuse_foreign(db: sqlite3.Connection, path: Path, own: frozenset[str] = frozenset()) -> None:
    """See that a file holds the triggers that are ours and nothing else that acts by itself or stands for a table.

    Raises:
        LibraryError: it holds another one, or lacks one.
        sqlite3.Error: it cannot be read.

    """
    rows = db.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'view') OR sql LIKE 'CREATE VIRTUAL%'"
    ).fetchall()
    foreign = [f"{kind} {name!r}" for kind, name, sql in rows if _normal(str(sql)) not in own]
    if foreign:
        raise LibraryError(
            f"The file {path} holds what Topic Assistant never puts there ({', '.join(foreign[:3])}). Somebody else "
            "has changed or made it, so it is not opened. Move it away; a library is made anew from your notes by "
            "`topics add` and `topics sync`."
        )
    if len(rows) < len(own):
        raise LibraryError(_damaged(path, "a trigger of it is gone"))


def _refuse_links(path: Path) -> None:
    """See that a SQLite file is no link, and that no journal of another program stands beside it.

    A library writes ahead (WAL) and never has a rollback journal: one that came with it may name any file of the
    machine as its super-journal, which SQLite deletes once it has rolled back.

    Raises:
        LibraryError: there is one.

    """
    if os.path.lexists(path) and not is_own_file(path):
        raise LibraryError(
            f"{path} is a link or no regular file, and is not opened: what it leads to may be somebody else's. "
            "Put the file itself there, or choose another folder with --library."
        )
    journal = path.with_name(f"{path.name}-journal")
    if os.path.lexists(journal):
        raise LibraryError(
            f"{journal} is none of Topic Assistant's files, and SQLite would act on it. Move it away, then repeat."
        )


def connect(
    path: Path, prepare: Callable[[sqlite3.Connection], object], *, create: bool, busy_seconds: float
) -> sqlite3.Connection:
    """Return a connection to a SQLite file that is prepared for use, or only reads where nothing can be written.

    Raises:
        LibraryError: it is a link, or a journal of another program stands beside it.
        sqlite3.Error: it is not there and not to be made, or cannot be read.

    """
    _refuse_links(path)

    def connected(mode: str) -> sqlite3.Connection:
        uri = f"{path.absolute().as_uri()}?{mode}"
        opened = sqlite3.connect(uri, busy_seconds, isolation_level=None, check_same_thread=False, uri=True)
        opened.execute("PRAGMA trusted_schema = OFF")  # what a file says of itself calls no function that does more
        return opened

    db = connected("mode=rwc" if create else "mode=rw")
    try:
        prepare(db)
    except sqlite3.Error as error:
        db.close()
        if _kind(error) not in UNWRITABLE:
            raise
        return connected("immutable=1")  # a library on a read-only disk can still be asked
    return db


def _prepare(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA secure_delete = ON").fetchone()  # not every build of SQLite overwrites what it deletes
    db.execute("PRAGMA journal_mode = WAL").fetchone()
    db.execute("PRAGMA user_version").fetchone()


def _kind(error: sqlite3.Error) -> str:
    """Return SQLite's name for what went wrong, without its details: `READONLY` for `SQLITE_READONLY_DIRECTORY`."""
    return getattr(error, "sqlite_errorname", "").removeprefix("SQLITE_").split("_")[0]


def _explanation(path: Path, error: sqlite3.Error) -> str:
    match _kind(error):
        case "READONLY" | "CANTOPEN" | "PERM":
            return (
                f"The library at {path.parent} cannot be opened for writing. Check that you may write to that folder "
                "and that its disk is not read-only, or choose another one with --library."
            )
        case "FULL":
            return f"The disk of the library at {path.parent} is full; nothing was changed. Free some space and repeat."
        case "BUSY" | "LOCKED":
            return f"Another process is writing to the library at {path.parent}. Repeat when it has finished."
        case "NOTADB" | "CORRUPT":
            return _damaged(path, str(error))
    return f"The library at {path.parent} cannot be used ({error}). Run `topics doctor` to see what is wrong."


def _outdated(folder: Path) -> str:
    return (
        f"The library at {folder} was made by an older Topic Assistant and has to be brought up to date once, "
        "which changes its files, and they cannot be written. Make the folder writable, or copy it to where you may "
        "write and name the copy with --library; then repeat."
    )


def _damaged(path: Path, what: str) -> str:
    return (
        f"The file {path} is not a library or is damaged ({what}). Move it away and run `topics sync`: "
        "the library is made anew from your notes, which are untouched; add your folders again with `topics add`."
    )
