"""changes to a library in a thread of their own, one after the other: how far, how fast, how long yet, cancelled

A job runner writes with a Library of its own, so that whoever asks goes on with the other one, and sees what is new
when it has landed.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from assistant.terminal import say_error
from index.errors import LibraryBusyError, TopicsError
from index.indexing import SyncReport
from index.library import Library
from index.progress import Progress

SETTLED: Final = "Ordering"
"""The part of a change that comes when it is written: it is made by then, and can be cancelled no more."""

Work: TypeAlias = Callable[[Library, Progress], SyncReport | None]
"""A change to a library that tells how it gets on."""


class Cancelled(Exception):  # noqa: N818 (nothing went wrong)
    """Someone wants a change to stop; the library keeps the revisions that were made by then."""


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far a change has come."""

    what: str
    done: int = 0
    total: int = 0
    """0 where nobody knows."""
    first: int = 0
    """How much was done when this part of the work began."""
    seconds: float = 0.0
    """Since then."""

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1."""
        return min(self.done / self.total, 1.0) if self.total else 0.0

    @property
    def speed(self) -> float:
        """How many are done in a second; 0 as long as that cannot be said."""
        return (self.done - self.first) / self.seconds if self.seconds else 0.0

    @property
    def remaining(self) -> float | None:
        """The seconds that the rest will take at this speed; None as long as that cannot be said."""
        return (self.total - self.done) / self.speed if self.total and self.speed else None

    def at(self, what: str, done: int, total: int, seconds: float) -> JobProgress:
        """Return the progress after a further report, given the seconds since this part of the work began."""
        if what != self.what:
            return JobProgress(what, done, total, done)
        return JobProgress(what, done, total, self.first, seconds)


@dataclass(frozen=True, slots=True)
class JobResult:
    """What became of the last change."""

    at: datetime
    report: SyncReport | None = None
    error: str = ""
    cancelled: bool = False


class JobRunner:
    """Makes the changes to one library; at most one at a time."""

    def __init__(self, open_library: Callable[[], Library]) -> None:
        """Begin with nothing to do; the library for writing is opened for each change."""
        self._open = open_library
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._waiting: deque[Work] = deque()
        self._cancel = threading.Event()
        self._leave = False  # what a cancelled change has left is not taken up by whoever follows
        self._part_began = 0.0
        self.progress: JobProgress | None = None
        """How far the present change has come; None when there is none."""
        self.last: JobResult | None = None

    @property
    def is_busy(self) -> bool:
        """Say whether a change is being made."""
        return self.progress is not None

    def start(self, work: Work) -> None:
        """Make a change, once those that were started before it have ended."""
        with self._lock:
            self._leave = False
            self._waiting.append(work)
            if not self.is_busy:
                self.progress = JobProgress("Starting")
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def cancel(self) -> None:
        """Stop the present change at its next step, unless it is written by then, and begin none that waits."""
        with self._lock:
            self._waiting.clear()
            self._cancel.set()
            self._leave = True

    def join(self, seconds: float | None = None) -> None:
        """Wait until every change has ended."""
        with self._lock:  # it may just be starting
            thread = self._thread
        if thread:
            thread.join(seconds)

    def follow(self, stop: threading.Event) -> None:
        """Bring what is edited into the library while the app runs, until `stop` is set; for a thread of its own."""
        from index import watch  # it brings a watcher, which only those need who follow

        with closing(self._open()) as library:
            gate = watch.Gate(lambda: self.is_busy, self._was_cancelled)
            watch.follow(library, stop, self._landed, self.fail, gate)

    def fail(self, error: Exception) -> None:
        """Keep why the notes are not followed, to be shown, and say it in the terminal."""
        message = _message(error)
        if message != (self.last.error if self.last else ""):
            say_error(message)
        self._keep(JobResult(_now(), error=message))

    def recover(self) -> None:
        """Forget why the notes were not followed, now that they are."""
        if self.last and self.last.error:
            self.last = None

    def _was_cancelled(self) -> bool:
        was, self._leave = self._leave, False
        return was

    def _landed(self, report: SyncReport) -> None:
        if report.changed or report.removed or self.last is None or self.last.error:
            self._keep(JobResult(_now(), report))

    def _run(self) -> None:
        while work := self._next():
            self._keep(self._result(work))

    def _next(self) -> Work | None:
        with self._lock:
            self._cancel.clear()
            self._part_began = time.monotonic()
            self.progress = JobProgress("Starting") if self._waiting else None
            return self._waiting.popleft() if self._waiting else None

    def _result(self, work: Work) -> JobResult:
        try:
            with closing(self._open()) as library:
                report = self._persist(work, library)
            return JobResult(_now(), report)
        except Cancelled:
            return JobResult(_now(), cancelled=True)
        except Exception as error:  # the thread has nobody above it who would say so
            return JobResult(_now(), error=_message(error))

    def _persist(self, work: Work, library: Library) -> SyncReport | None:
        """Do the work, waiting for whoever else is changing the library."""
        while True:
            try:
                return work(library, self._report)
            except LibraryBusyError:
                self._report("Waiting for another change to end", 0, 0)

    def _report(self, what: str, done: int, total: int) -> None:
        if self._cancel.is_set() and what != SETTLED:
            raise Cancelled
        before, now = self.progress or JobProgress(""), time.monotonic()
        if what != before.what:
            self._part_began = now
        self.progress = before.at(what, done, total, now - self._part_began)

    def _keep(self, result: JobResult) -> None:
        self.last = result


def _message(error: Exception) -> str:
    return str(error) if isinstance(error, TopicsError) else f"Something went wrong that should not have ({error!r})."


def _now() -> datetime:
    return datetime.now().astimezone()
