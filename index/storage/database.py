"""one library's SQLite file: opened and brought forward, transactions, and errors in plain words"""

from __future__ import annotations

import re
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from index.errors import LibraryError
from index.storage.disk import PRIVATE_FOLDER, close_to_others
from index.storage.schema import MIGRATIONS, SCHEMA_VERSION, TRIGGERS, statements
from index.storage.sqlite_files import (
    UNWRITABLE,
    Connection,
    connect,
    damaged,
    emptied_wal,
    error_kind,
    refuse_foreign,
    version_of,
    write_ahead,
)

FILE_NAME: Final = "catalog.sqlite3"
BUSY_SECONDS: Final = 10.0

OF_VALUES: Final = (sqlite3.DataError, sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError)
"""What SQLite raises where the values are wrong, and not the file or the disk."""

PRIVATE: Final = "private"
"""What is remembered once a library has been closed to other users."""

OWN_NAME: Final = re.compile(
    r"(?:catalog|journal)\.sqlite3(?:-wal|-shm)?|(?:words|checkpoint)(?:\.json|\.part|-[0-9a-f]{16})"
    r"|map\.json(?:\.part)?|model|uploaded-notes|write\.lock|writer|\.[0-9a-f]{16}\.part"
)
"""What the files and folders of a library are called."""

MIN_ROOM: Final = 2**20
"""Bytes below which a disk is full when SQLite says no more than that it could not be written."""


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
        version, folder = version_of(db), self.path.parent
        if version > SCHEMA_VERSION:
            raise LibraryError(
                f"The library at {folder} was made by a newer Topic Assistant (its format is {version}, this one "
                f"knows up to {SCHEMA_VERSION}). Update this one, or choose another folder with --library."
            )
        if version < 1 and not is_new:
            raise LibraryError(damaged(self.path, "it holds no library"))
        refuse_foreign(db, self.path, TRIGGERS if version else frozenset())

    @staticmethod
    def exists(folder: Path) -> bool:
        """Return whether a library has been made in this folder."""
        return (folder / FILE_NAME).is_file()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """Make everything inside one transaction: all of it is stored, or nothing."""
        with self._explained(), self._db:
            self._db.execute("BEGIN IMMEDIATE")
            yield

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Make everything inside a savepoint of a change: if it fails, the rest of the change is stored without it.

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
        """Return whether anything was changed through this connection."""
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
            return version_of(self._db)

    def _bring_forward(self) -> None:
        with self._explained():
            try:
                self._migrate()
            except sqlite3.OperationalError as error:
                if error_kind(error) not in UNWRITABLE:
                    raise
                raise LibraryError(_outdated(self.path.parent)) from error

    def _migrate(self) -> None:
        """Bring the file to the present version, in one transaction; whoever comes second finds it done."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            for version, script in enumerate(MIGRATIONS[self._version() :], start=self._version() + 1):
                for statement in statements(script):
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


def _prepare(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA secure_delete = ON").fetchone()  # not every build of SQLite overwrites what it deletes
    write_ahead(db)
    db.execute("PRAGMA user_version").fetchone()


def _explanation(path: Path, error: sqlite3.Error) -> str:
    match error_kind(error):
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
            return damaged(path, str(error))
    return f"The library at {path.parent} cannot be used ({error}). Run `topics doctor` to see what is wrong."


def _outdated(folder: Path) -> str:
    return (
        f"The library at {folder} was made by an older Topic Assistant and has to be brought up to date once, "
        "which changes its files, and they cannot be written. Make the folder writable and see that its disk has room, "
        "or copy it to where you may write and name the copy with --library; then repeat."
    )
