"""a SQLite file, opened so that it does no harm whoever made it: no link, no trigger or journal of others"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from index.errors import LibraryError
from index.storage.disk import is_own_file, make_file
from index.storage.schema import normal

UNWRITABLE: Final = frozenset({"READONLY", "CANTOPEN"})
"""What SQLite calls it when a file may only be read, or none can be made beside it."""

WITHOUT_ROOM: Final = frozenset({"FULL", "IOERR"})
"""What SQLite calls it when a disk has no room for what it keeps beside a file, even to read it."""

WAL_BYTES: Final = 2**20
"""What may stand beside the file for good of changes written ahead: SQLite moves them into it from 4 MB on, and of a
large sync a file of its size would stay as long as the app runs."""


def refuse_foreign(db: sqlite3.Connection, path: Path, own: frozenset[str] = frozenset()) -> None:
    """See that a file holds the triggers that are ours and nothing else that acts by itself or stands for a table.

    Raises:
        LibraryError: it holds another one, or lacks one.
        sqlite3.Error: it cannot be read.

    """
    rows = db.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'view') OR sql LIKE 'CREATE VIRTUAL%'"
    ).fetchall()
    foreign = [f"{kind} {name!r}" for kind, name, sql in rows if normal(str(sql)) not in own]
    if foreign:
        raise LibraryError(
            f"The file {path} holds what Topic Assistant never puts there ({', '.join(foreign[:3])}). Somebody else "
            "has changed or made it, so it is not opened. Move it away; a library is made anew from your notes by "
            "`topics add` and `topics sync`."
        )
    if len(rows) < len(own):
        raise LibraryError(damaged(path, "a trigger of it is gone"))


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
        is_full = error_kind(error) in WITHOUT_ROOM and seen[0] is not None and seen[0][1] > 0
        if error_kind(error) not in UNWRITABLE and not is_full:
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


def write_ahead(db: sqlite3.Connection) -> None:
    """Let readers go on while another one writes, and what is written ahead be cut back after a large change."""
    db.execute("PRAGMA journal_mode = WAL").fetchone()
    db.execute(f"PRAGMA journal_size_limit = {WAL_BYTES}").fetchone()


def version_of(db: sqlite3.Connection) -> int:
    """Return the version of the format that a file says it has; 0 for an empty one."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def error_kind(error: sqlite3.Error) -> str:
    """Return SQLite's name for what went wrong, without its details: `READONLY` for `SQLITE_READONLY_DIRECTORY`."""
    return getattr(error, "sqlite_errorname", "").removeprefix("SQLITE_").split("_")[0]


def damaged(path: Path, what: str) -> str:
    """Return what to say of a file that is no library, or no sound one."""
    return (
        f"The file {path} is not a library or is damaged ({what}). Move it away and run `topics sync`: "
        "the library is made anew from your notes, which are untouched; add your folders again with `topics add`."
    )
