"""every change of what a library holds: made, then its confidence calibrated on what is there now"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING, Final, TypeVar

from assistant.calibration import calibrate
from index.errors import LibraryBusyError, TopicsError
from index.library import Library
from index.sync import Progress, SyncReport, silent

if TYPE_CHECKING:
    from index.watch import Gate

Result = TypeVar("Result")

SETTLED: Final = frozenset({"Ordering", "Calibrating"})
"""Parts of a change that come when it is written: it is made by then, and can be cancelled no more."""


def change(library: Library, work: Callable[[Library, Progress], Result], progress: Progress = silent) -> Result:
    """Make a change, such as `Library.sync`, calibrate the library, and return what the change did."""
    result = work(library, progress)
    progress("Calibrating", 0, 0)
    with suppress(LibraryBusyError):  # the change is made: the next one, as of whoever holds the lock, calibrates
        calibrate(library)
    return result


def follow(
    library: Library,
    stop: Event,
    on_sync: Callable[[SyncReport], None],
    on_error: Callable[[TopicsError], None],
    gate: Gate | None = None,
) -> None:
    """Read what is edited in a library's sources until `stop` is set, and calibrate it each time."""
    from index import watch  # it brings a watcher, which only those need who follow

    def landed(report: SyncReport) -> None:
        on_sync(report)
        try:
            calibrate(library)
        except Exception as error:  # what was read is there all the same
            on_error(watch.explained(error))

    if gate:
        watch.follow(library, stop, landed, on_error, gate)
    else:
        watch.follow(library, stop, landed, on_error)
