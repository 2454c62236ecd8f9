"""follow a library's sources: what is edited is in the library within two seconds (home of watchfiles)"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from stat import S_ISDIR
from threading import Event
from typing import Final, TypeAlias

from watchfiles import Change, watch

from index.errors import LibraryBusyError, TopicsError
from index.library import Library
from index.sources import SUFFIXES, mode_of, source_root
from index.sync import SyncReport

QUIET_MS: Final = 200
"""An editor's storm of saves is one sync: it is over when nothing has changed for so long."""
LONGEST_STORM_MS: Final = 1_000
"""What goes on changing is read all the same after so long."""
LOOK_MS: Final = 500
"""How often it is seen whether sources were added, came back, or are single files that have changed."""

Ground: TypeAlias = dict[str, tuple[int, ...]]
"""What tells that a source is another than before: its place on the disk, and of a single file its size and time."""


def follow(
    library: Library,
    stop: Event,
    on_sync: Callable[[SyncReport], None],
    on_error: Callable[[TopicsError], None],
) -> None:
    """Sync whenever a source changes, until `stop` is set; made for a thread of its own.

    The first sync comes at once. One that fails is told and tried again with the next change, or as soon as another
    change of the library has ended; sources that another process adds or removes are followed from then on.
    """
    synced: Ground | None = None
    waits = False
    while not stop.is_set():
        ground = _ground(library)
        for changed in _changes(ground, stop):
            if changed or waits or ground != synced:
                waits = _must_wait(library, on_sync, on_error, waited=waits)
                synced = ground
            if _ground(library) != ground:
                break


def _must_wait(
    library: Library,
    on_sync: Callable[[SyncReport], None],
    on_error: Callable[[TopicsError], None],
    *,
    waited: bool,
) -> bool:
    """Sync, or say that another change of the library has to end first, which is told once."""
    try:
        report = library.sync()
    except LibraryBusyError as error:
        if not waited:
            on_error(error)
        return True
    except TopicsError as error:
        on_error(error)
    else:
        on_sync(report)
    return False


def _changes(ground: Ground, stop: Event) -> Iterator[bool]:
    """Yield whether something has changed in the folders: after each storm, and every `LOOK_MS`."""
    folders = [root for root in map(source_root, ground) if S_ISDIR(mode_of(root))]
    for changes in watch(
        *folders,
        watch_filter=lambda change, path: _matters(change, Path(path), folders),
        debounce=LONGEST_STORM_MS,
        step=QUIET_MS,
        rust_timeout=LOOK_MS,
        yield_on_timeout=True,
        stop_event=stop,
        ignore_permission_denied=True,
    ):
        yield bool(changes)


def _matters(change: Change, path: Path, folders: list[Path]) -> bool:
    """Say whether a change can concern a note: one of its own, or of a whole folder that came or went."""
    parts = next((path.relative_to(folder).parts for folder in folders if path.is_relative_to(folder)), ())
    if any(part.startswith(".") for part in parts[:-1]) or (path.name.startswith(".") and path.name != ".gitignore"):
        return False
    is_read = path.suffix.lower() in SUFFIXES or path.name == ".gitignore"
    return is_read or change == Change.deleted or S_ISDIR(mode_of(path))


def _ground(library: Library) -> Ground:
    return {source: _place(source_root(source)) for source in library.sources()}


def _place(root: Path) -> tuple[int, ...]:
    try:
        status = root.stat()
    except OSError:
        return ()
    place = (status.st_dev, status.st_ino)
    return place if S_ISDIR(status.st_mode) else (*place, status.st_size, status.st_mtime_ns)
