"""one writer at a time: a lock that says who holds it (home of filelock)"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from index.errors import LibraryBusyError, LibraryError
from index.storage.disk import read_own, write_whole
from index.text import storable

LOCK_SECONDS: Final = 5.0
"""How long a second writer waits for the first one, before it gives up and says so."""

LOCK_FILE: Final = "write.lock"
HOLDER_FILE: Final = "writer"


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the lock of a library folder.

    Raises:
        LibraryBusyError: another process holds it and has not let go for `LOCK_SECONDS`.
        LibraryError: the folder cannot be written.

    """
    from filelock import FileLock, Timeout  # it brings asyncio, and a library is read without a lock

    holder = folder / HOLDER_FILE
    lock = FileLock(folder / LOCK_FILE, timeout=LOCK_SECONDS)
    try:
        with disk_errors(folder):
            lock.acquire()
            write_whole(holder, f"process {os.getpid()}, since {datetime.now():%H:%M:%S}", lasting=False)
    except Timeout as error:
        who = _holder(holder)
        raise LibraryBusyError(
            f"Another process is changing the library at {folder} ({who}). Wait until it has finished, then repeat."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _holder(file: Path) -> str:
    try:
        return storable(read_own(file))
    except (OSError, ValueError):
        return "unknown"


@contextmanager
def one_at_a_time(file: Path, seconds: float) -> Iterator[None]:
    """Hold a lock that is a file of its own, waiting for whoever holds it.

    Raises:
        OSError: it cannot be written, or was not let go in time.

    """
    from filelock import FileLock

    with FileLock(file, timeout=seconds):
        yield


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Say in a LibraryError what a disk refuses."""
    from filelock import Timeout

    try:
        yield
    except Timeout:  # it is an OSError, too
        raise
    except OSError as error:
        raise LibraryError(
            f"The library at {folder} cannot be changed ({error.strerror or error}). "
            "Make its folder writable and see that its disk has room, or choose another folder with --library."
        ) from error
