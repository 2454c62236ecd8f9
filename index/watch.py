"""follow a library's sources: what is edited is in the library within two seconds (home of watchfiles)"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR
from threading import Event
from typing import Final, NamedTuple, TypeAlias

from watchfiles import Change, watch

from index.errors import LibraryBusyError, TopicsError
from index.formats import SUFFIXES
from index.indexing import SyncReport
from index.library import Library
from index.sources import mode_of, source_root

QUIET_MS: Final = 200
"""An editor's storm of saves is one sync: it is over when nothing has changed for so long."""
LONGEST_STORM_MS: Final = 1_000
"""What goes on changing is read all the same after so long."""
LOOK_MS: Final = 500
"""How often it is seen whether sources were added, came back, or are single files that have changed."""

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 60.0
"""Seconds before what has failed is tried again: twice as long each time."""

POLL_MS: Final = 2_000
"""How often files are looked at where the system tells nothing of them: it follows only so many folders."""

Ground: TypeAlias = dict[str, tuple[int, ...]]
"""What tells that a source is another than before: its place on the disk, and of a single file its size and time."""


class Gate(NamedTuple):
    """Who else in this process changes the library."""

    is_held: Callable[[], bool]
    """Says whether a change is being made, which is waited for."""
    is_cancelled: Callable[[], bool]
    """Says, once, whether somebody has cancelled a change: what it has left waits for the next edit."""


OPEN: Final = Gate(lambda: False, lambda: False)


def follow(
    library: Library,
    stop: Event,
    on_sync: Callable[[SyncReport], None],
    on_error: Callable[[TopicsError], None],
    gate: Gate = OPEN,
) -> None:
    """Sync whenever a source changes, until `stop` is set; made for a thread of its own, which nothing else ends.

    The first sync comes at once. One that fails is told, the same failure once, and tried again, later each time, or
    as soon as another change of the library has ended; sources that another process adds or removes are followed from
    then on.
    """
    follower = _Follower(library, stop, on_sync, on_error, gate)
    while not stop.is_set():
        try:
            follower.run()
        except Exception as error:  # nobody would follow any more, and nobody would know
            follower.must_poll = follower.must_poll or follower.is_watching
            follower.fail(error)
            stop.wait(follower.pause)


def explained(error: Exception) -> TopicsError:
    """Return an error as one whose text a person can be told."""
    if isinstance(error, TopicsError):
        return error
    return TopicsError(f"Your notes could not be followed for the moment, which is tried again ({error!r}).")


@dataclass
class _Follower:
    library: Library
    stop: Event
    on_sync: Callable[[SyncReport], None]
    on_error: Callable[[TopicsError], None]
    gate: Gate
    synced: Ground | None = None
    """The sources as they were at the last sync."""
    waits: bool = False
    """Whether there is something to be read that could not be."""
    told: str = ""
    pause: float = FIRST_PAUSE
    again_at: float = 0.0
    is_watching: bool = False
    """Whether the system is being asked for changes: what fails then is that."""
    must_poll: bool = False

    def run(self) -> None:
        """Follow the sources until they are others."""
        ground = _ground(self.library)
        changes = _changes(ground, self.stop, polling=self.must_poll)
        while (changed := self._next(changes)) is not None:
            is_due = self.waits and time.monotonic() >= self.again_at
            present = _ground(self.library)  # before the sync: a source may come back while it goes on
            if changed or is_due or present != self.synced:
                self._sync_or_wait(changed=changed)
                self.synced = present
            if present != ground:
                self.synced = None  # what changes until the others are watched is read then
                break

    def _next(self, changes: Iterator[bool]) -> bool | None:
        self.is_watching = True
        changed = next(changes, None)
        self.is_watching = False
        return changed

    def _sync_or_wait(self, *, changed: bool) -> None:
        self.waits = True
        if self.gate.is_held():
            return
        if self.gate.is_cancelled() and not changed:
            self.waits = False
            return
        try:
            report = self.library.sync()
        except LibraryBusyError as error:
            self._tell(error)
        except Exception as error:
            self.fail(error)
        else:
            self.waits, self.told, self.pause = False, "", FIRST_PAUSE
            self.on_sync(report)

    def fail(self, error: Exception) -> None:
        """Tell what has failed, and try again later than after the failure before."""
        self._tell(error)
        self.waits, self.again_at = True, time.monotonic() + self.pause
        self.pause = min(2 * self.pause, LONGEST_PAUSE)

    def _tell(self, error: Exception) -> None:
        known = explained(error)
        if str(known) != self.told:
            self.told = str(known)
            self.on_error(known)


def _changes(ground: Ground, stop: Event, *, polling: bool) -> Iterator[bool]:
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
        force_polling=polling or None,
        poll_delay_ms=POLL_MS,
    ):
        yield bool(changes)


def _matters(change: Change, path: Path, folders: list[Path]) -> bool:
    """Return whether a change can concern a note: one of its own, or of a whole folder that came or went."""
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
