"""how SQLite is spoken to: the schema and its versions, transactions, errors in plain words (home of sqlite3)"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from index.errors import LibraryError
from index.storage.disk import PRIVATE_FOLDER, close_to_others, is_own_file, make_file

FILE_NAME: Final = "catalog.sqlite3"
BUSY_SECONDS: Final = 10.0

UNWRITABLE: Final = frozenset({"READONLY", "CANTOPEN"})
"""What SQLite calls it when a file may only be read, or none can be made beside it."""

OF_VALUES: Final = (sqlite3.DataError, sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError)
"""What SQLite raises where the values are wrong, and not the file or the disk."""

WITHOUT_ROOM: Final = frozenset({"FULL", "IOERR"})
"""What SQLite calls it when a disk has no room for what it keeps beside a file, even to read it."""

WAL_BYTES: Final = 2**20
"""What may stand beside the file for good of changes written ahead: SQLite moves them into it from 4 MB on, and of a
large sync a file of its size would stay as long as the app runs."""

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

_REVISIONS: Final = """
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

MIGRATIONS: Final = (_SCHEMA, _PATTERNS, _LEARNED, _LINKS, _REVISIONS, _SIGNS, _PROPERTIES)
"""What takes a library from each version to the next, an empty one first; a change of the schema is one more."""
SCHEMA_VERSION: Final = len(MIGRATIONS)

PRIVATE: Final = "private"
"""What is remembered once a library has been closed to other users."""

OWN_NAME: Final = re.compile(
    r"(?:catalog|journal)\.sqlite3(?:-wal|-shm)?|(?:words|checkpoint)(?:\.json|\.part|-[0-9a-f]{16})"
    r"|map\.json(?:\.part)?|model|uploaded-notes|write\.lock|writer|\.[0-9a-f]{16}\.part"
)
"""What the files and folders of a library are called."""

MIN_ROOM: Final = 2**20
"""Bytes below which a disk is full when SQLite says no more than that it could not be written."""

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
            _make_private(folder)
        self.connection = self._connected(create=create)
        if self._version() < SCHEMA_VERSION:
            self._bring_forward()
        if create:
            self.mark_private()
        else:
            self._make_private_once()

    def _make_private_once(self) -> None:
        """Close a library to others that was made before libraries were; a damaged one opens, for the doctor to see."""
        with suppress(LibraryError):
            if not self._is_private():
                _make_private(self.path.parent)

    def mark_private(self) -> None:
        """Remember that the folder was closed to others: whoever opens it to them later means it."""
        if not self._is_private():
            with self.change():
                self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, 'yes')", (PRIVATE,))

    def _is_private(self) -> bool:
        return self._one("SELECT 1 FROM meta WHERE key = ?", PRIVATE) is not None

    @property
    def _db(self) -> sqlite3.Connection:
        return self.connection.db

    def _connected(self, *, create: bool = False) -> Connection:
        with self._explained():
            connection = connect(self.path, _prepare, create=create, busy_seconds=BUSY_SECONDS)
            try:
                self._check(connection.db, is_new=create)
            except BaseException:
                connection.db.close()
                raise
        return connection

    def _check(self, db: sqlite3.Connection, *, is_new: bool) -> None:
        """See that a file is a library, of this version or an older one, and holds nothing of somebody else's."""
        version, folder = _version(db), self.path.parent
        if version > SCHEMA_VERSION:
            raise LibraryError(
                f"The library at {folder} was made by a newer Topic Assistant (its format is {version}, this one "
                f"knows up to {SCHEMA_VERSION}). Update this one, or choose another folder with --library."
            )
        if version < 1 and not is_new:
            raise LibraryError(_damaged(self.path, "it holds no library"))
        refuse_foreign(db, self.path, _TRIGGERS if version else frozenset())

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
            self._renew()
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._db.execute("ROLLBACK")

    def leave_nothing_beside(self, wait_seconds: float) -> bool:
        """Move every change into the file itself, and return whether that was possible: not while another one reads.

        What stands beside the file, and what it held before, still tells what was deleted.
        """
        with self._lock, self._explained():
            return emptied_wal(self._db, wait_seconds)

    @property
    def has_changed(self) -> bool:
        """Say whether anything was changed through this connection."""
        return self._db.total_changes > 0

    def vacuum(self) -> None:
        """Write the file anew without what was deleted from it."""
        with self._lock, self._explained():
            self._db.execute("VACUUM")

    def _renew(self) -> None:
        """Open the file again where it is read as one that never changes, and has changed."""
        if self.connection.is_outdated(self.path) and not self._db.in_transaction:
            before = self.connection
            self.connection = self._connected()
            before.db.close()

    def damage(self) -> str:
        """Return what SQLite finds wrong with the file; nothing where it is sound."""
        faults = [row for (row,) in self._all("PRAGMA integrity_check(3)") if row != "ok"]
        return "; ".join(faults) or ("rows refer to what is not there" if self._all("PRAGMA foreign_key_check") else "")

    def _one(self, query: str, *values: object) -> tuple[Any, ...] | None:
        return next(iter(self._all(query, *values)), None)

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, self._explained():
            self._renew()
            return self._db.execute(query, values).fetchall()

    def _count(self, query: str, *values: object) -> int:
        return int(self._all(query, *values)[0][0])

    def _version(self) -> int:
        with self._explained():
            return _version(self._db)

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
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(PRIVATE_FOLDER, exist_ok=True)
    except OSError as error:
        raise LibraryError(
            f"A library cannot be made at {folder} ({error.strerror}). "
            "Choose a folder you can write to with --library or TOPICS_LIBRARY."
        ) from error


def _make_private(folder: Path) -> None:
    """Close a library's files to other users, and its folder where nothing else lies in it."""
    try:
        names = [path.name for path in folder.iterdir()]
        close_to_others([folder / name for name in names if OWN_NAME.fullmatch(name)])
        if all(map(OWN_NAME.fullmatch, names)):
            close_to_others([folder])
    except OSError:  # of somebody else's, or on a disk that cannot be written: it stays as it is
        return


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


FileState: TypeAlias = tuple[tuple[int, int, int] | None, ...]


class Connection(NamedTuple):
    """A connection to a SQLite file."""

    db: sqlite3.Connection
    seen: FileState | None = None
    """What the file was like, where it is read as one that never changes; None where SQLite follows its changes."""

    def is_outdated(self, path: Path) -> bool:
        """Return whether the file has changed, and SQLite does not notice."""
        return self.seen is not None and self.seen != _file_state(path)


def _file_state(path: Path) -> FileState:
    """Return what changes whenever a SQLite file does: of it and of what is written ahead."""
    states: list[tuple[int, int, int] | None] = []
    for file in (path, path.with_name(f"{path.name}-wal")):
        try:
            status = file.stat()
        except OSError:
            states.append(None)
        else:
            states.append((status.st_ino, status.st_size, status.st_mtime_ns))
    return tuple(states)


def emptied_wal(db: sqlite3.Connection, wait_seconds: float) -> bool:
    """Move what is written ahead into the file and return whether all of it was: not while another one reads."""
    before = db.execute("PRAGMA busy_timeout").fetchone()[0]
    db.execute(f"PRAGMA busy_timeout = {int(wait_seconds * 1000)}")
    try:
        return int(db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]) == 0
    finally:
        db.execute(f"PRAGMA busy_timeout = {before}")


def connect(
    path: Path, prepare: Callable[[sqlite3.Connection], object], *, create: bool, busy_seconds: float
) -> Connection:
    """Return a connection to a SQLite file that is prepared for use, or only reads where nothing can be written.

    On a disk without room for the 32 kB that processes share of what is written ahead, it only reads, too.

    Raises:
        LibraryError: it is a link, or a journal of another program stands beside it.
        sqlite3.Error: it is not there and not to be made, or cannot be read.

    """
    _refuse_links(path)
    if create:
        make_file(path)
    seen = _file_state(path)

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
        is_full = _kind(error) in WITHOUT_ROOM and seen[0] is not None and seen[0][1] > 0
        if _kind(error) not in UNWRITABLE and not is_full:
            raise
        if is_full and seen[1] is not None and seen[1][1] > 0:
            return Connection(_alone(connected("mode=rw"), prepare))
        return Connection(connected("immutable=1"), seen)  # a library on a read-only disk can still be asked
    return Connection(db)


def _alone(db: sqlite3.Connection, prepare: Callable[[sqlite3.Connection], object]) -> sqlite3.Connection:
    """Keep what processes share of the changes written ahead in memory, for one that has the file to itself."""
    try:
        db.execute("PRAGMA locking_mode = EXCLUSIVE").fetchone()
        prepare(db)
    except sqlite3.Error:
        db.close()
        raise
    return db


def _prepare(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA secure_delete = ON").fetchone()  # not every build of SQLite overwrites what it deletes
    write_ahead(db)
    db.execute("PRAGMA user_version").fetchone()


def write_ahead(db: sqlite3.Connection) -> None:
    """Let readers go on while another one writes, and what is written ahead be cut back after a large change."""
    db.execute("PRAGMA journal_mode = WAL").fetchone()
    db.execute(f"PRAGMA journal_size_limit = {WAL_BYTES}").fetchone()


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


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
        case "IOERR" if shutil.disk_usage(path.parent).free < MIN_ROOM:
            return f"The disk of the library at {path.parent} is full. Free some space and repeat."
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
        "which changes its files, and they cannot be written. Make the folder writable and see that its disk has room, "
        "or copy it to where you may write and name the copy with --library; then repeat."
    )


def _damaged(path: Path, what: str) -> str:
    return (
        f"The file {path} is not a library or is damaged ({what}). Move it away and run `topics sync`: "
        "the library is made anew from your notes, which are untouched; add your folders again with `topics add`."
    )
