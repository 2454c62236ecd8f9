"""how is a library changed in the background? jobs, one after the other, with progress, and cancelled on demand

A job runner writes through a `Library` of its own, so that questions go on with another one, which sees each revision
once it is committed.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from assistant.terminal import say_error
from index.errors import LibraryBusyError, TopicsError
from index.indexing import SyncReport
from index.library import Library
from index.progress import CancelToken, Phase, Progress

Work: TypeAlias = Callable[[Library, Progress, CancelToken], SyncReport | None]
"""A change to a library that reports its progress, and asks whether it is cancelled."""


@dataclass(frozen=True, slots=True)
class JobProgress:
    """The progress of a change."""

    phase: Phase
    done: int = 0
    total: int = 0
    """0 if unknown."""
    first: int = 0
    """The count of `done` when this phase began."""
    seconds: float = 0.0
    """Seconds since this phase began."""

    @property
    def share(self) -> float:
        """The share that is done, 0 to 1."""
        return min(self.done / self.total, 1.0) if self.total else 0.0

    @property
    def speed(self) -> float:
        """Units done in a second; 0 while unknown."""
        return (self.done - self.first) / self.seconds if self.seconds else 0.0

    @property
    def remaining(self) -> float | None:
        """The seconds left at this speed; None while unknown."""
        return (self.total - self.done) / self.speed if self.total and self.speed else None

    def at(self, phase: Phase, done: int, total: int, seconds: float) -> JobProgress:
        """Return the progress after a further report, given the seconds since this part of the work began."""
        if phase != self.phase:
            return JobProgress(phase, done, total, done)
        return JobProgress(phase, done, total, self.first, seconds)


@dataclass(frozen=True, slots=True)
class JobResult:
    """The result of the last change."""

    at: datetime
    report: SyncReport | None = None
    error: str = ""
    cancelled: bool = False


class JobRunner:
    """Runs the changes to one library, one at a time."""

    def __init__(self, open_library: Callable[[], Library]) -> None:
        """Take the function that opens the library for each change."""
        self._open = open_library
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._waiting: deque[Work] = deque()
        self._cancel = threading.Event()
        self._leave = False  # after a cancelled change, following waits for the next edit
        self._part_began = 0.0
        self.progress: JobProgress | None = None
        """The progress of the present change; None if there is none."""
        self.last: JobResult | None = None

    @property
    def is_busy(self) -> bool:
        """Return whether a change is running."""
        return self.progress is not None

    def start(self, work: Work) -> None:
        """Run a change after those that were started before it."""
        with self._lock:
            self._leave = False
            self._waiting.append(work)
            if not self.is_busy:
                self.progress = JobProgress(Phase.STARTING)
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def cancel(self) -> None:
        """Stop the present change at its next step, unless it is written, and drop the waiting ones."""
        with self._lock:
            self._waiting.clear()
            self._cancel.set()
            self._leave = True

    def join(self, seconds: float | None = None) -> None:
        """Wait until every change has ended, up to `seconds` if given."""
        with self._lock:  # a change may just be starting
            thread = self._thread
        if thread:
            thread.join(seconds)

    def follow(self, stop: threading.Event) -> None:
        """Sync edits until `stop` is set; runs in a thread of its own."""
        from index import watch  # imported here: only following needs the watcher

        with closing(self._open()) as library:
            gate = watch.Gate(lambda: self.is_busy, self._was_cancelled)
            watch.follow(library, stop, self._landed, self.fail, gate)

    def fail(self, error: Exception) -> None:
        """Record why edits cannot be followed, to be shown, and print it in the terminal."""
        message = _message(error)
        if message != (self.last.error if self.last else ""):
            say_error(message)
        self._keep(JobResult(_now(), error=message))

    def recover(self) -> None:
        """Clear the reason why edits could not be followed."""
        if self.last and self.last.error:
            self.last = None

    def _was_cancelled(self) -> bool:
        was, self._leave = self._leave, False
        return was

    def _landed(self, report: SyncReport) -> None:
        if report.changed or report.removed or self.last is None or self.last.error or report.away != self._away:
            self._keep(JobResult(_now(), report))

    @property
    def _away(self) -> list[str]:
        return self.last.report.away if self.last and self.last.report else []

    def _run(self) -> None:
        while work := self._next():
            self._keep(self._result(work))

    def _next(self) -> Work | None:
        with self._lock:
            self._cancel.clear()
            self._part_began = time.monotonic()
            self.progress = JobProgress(Phase.STARTING) if self._waiting else None
            return self._waiting.popleft() if self._waiting else None

    def _result(self, work: Work) -> JobResult:
        try:
            with closing(self._open()) as library:
                report = self._persist(work, library)
            return JobResult(_now(), cancelled=True) if report and report.is_cancelled else JobResult(_now(), report)
        except Exception as error:  # nothing above this thread would report it
            return JobResult(_now(), error=_message(error))

    def _persist(self, work: Work, library: Library) -> SyncReport | None:
        """Do the work, waiting while another process writes to the library."""
        while True:
            try:
                return work(library, self._report, self._cancel.is_set)
            except LibraryBusyError:
                if self._cancel.is_set():
                    return SyncReport(is_cancelled=True)
                self._report(Phase.WAITING, 0, 0)

    def _report(self, phase: Phase, done: int, total: int) -> None:
        before, now = self.progress or JobProgress(Phase.STARTING), time.monotonic()
        if phase != before.phase:
            self._part_began = now
        self.progress = before.at(phase, done, total, now - self._part_began)

    def _keep(self, result: JobResult) -> None:
        self.last = result


def _message(error: Exception) -> str:
    return str(error) if isinstance(error, TopicsError) else f"Something went wrong that should not have ({error!r})."


def _now() -> datetime:
    return datetime.now().astimezone()
