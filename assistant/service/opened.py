"""when can a library be asked? it is opened, read if it never was, and its model is warmed"""

from __future__ import annotations

import ctypes
import gc
import os
import threading
import time
from contextlib import suppress
from typing import Final

from assistant.calibration import calibrate
from assistant.operations import FirstStart, JobRunner
from assistant.settings import MODEL_VARIABLE, open_library
from index.errors import LibraryError, TopicsError
from index.library import Library

FIRST_NOTES_CHECK_SECONDS: Final = 0.05
"""Seconds between two looks whether the first notes can be asked."""


class OpenedLibrary:
    """A library that is opened, read and warmed when it is first needed; thread-safe."""

    def __init__(self, library: Library | None, jobs: JobRunner) -> None:
        """Take an opened library, or for None the one that the settings name."""
        self._library = library
        self._jobs = jobs
        self._lock = threading.Lock()
        self._preparing = threading.Lock()
        self._first_start: FirstStart | None = None
        self._opener: threading.Thread | None = None
        self.is_ready = False
        """Whether the library is open, so that a question need not wait for it."""
        self.problem = ""
        """Why the library could not be opened when that was tried last; empty if it could, or was not tried."""

    def ready(self) -> Library:
        """Return the opened library with its model loaded.

        Raises:
            TopicsError: it cannot be opened or read, or its model cannot be loaded.

        """
        library = self.unprepared()
        if not self.is_ready:
            with self._preparing:  # only the first thread opens it
                if not self.is_ready:
                    self._prepare(library)
                    self.is_ready = True
        return library

    def unprepared(self) -> Library:
        """Return the opened library, even if it was not read or warmed yet."""
        with self._lock:
            if self._library is None:
                self._library = open_library(measure=calibrate)
            elif _is_read_otherwise(self._library):
                reranker, place = self._library.reranker, self._library.place
                self._library = open_library(place, measure=calibrate)
                self._library.reranker = reranker
            return self._library

    def another(self) -> Library:
        """Return a second library on the same folder, sharing the model; the caller closes it.

        Raises:
            LibraryError: the folder was deleted; no new library is made in its place.

        """
        library = self.unprepared()
        if not library.storage.is_there():
            raise LibraryError(f"There is no library at {library.name} any more. Put it back, or start the app again.")
        return library.another()

    @property
    def first_start(self) -> FirstStart | None:
        """The first start of the library while it goes on; None otherwise."""
        if self._first_start and self.is_ready and not self._jobs.is_busy:
            self._first_start = None
        return self._first_start

    def waiting(self) -> FirstStart | None:
        """Return the first start, begun if need be, if nothing can be asked yet; None if the library is ready.

        A library that was read before opens in a moment: this waits for it.

        Raises:
            TopicsError: the library cannot be opened.

        """
        library = self.unprepared()
        if self.is_ready or library.is_on_server or not library.is_unread:
            return None
        first_start = self._begin_first_start(library)
        self.open_in_background()
        return first_start

    def open_in_background(self) -> threading.Thread:
        """Open the library in a background thread, unless one does; return the thread."""
        with self._lock:
            if self._opener is None or not self._opener.is_alive():
                self._opener = threading.Thread(target=self._open, daemon=True)
                self._opener.start()
            return self._opener

    def join(self, seconds: float) -> None:
        """Wait up to `seconds` for the background thread that opens the library, if there is one."""
        if self._opener:
            self._opener.join(seconds)

    def _open(self) -> None:
        with suppress(TopicsError):  # kept in `problem`
            self.ready()

    def _begin_first_start(self, library: Library) -> FirstStart:
        with self._lock:
            self._first_start = self._first_start or FirstStart(library)
            return self._first_start

    def _prepare(self, library: Library) -> None:
        try:
            self._read_and_warm(library)
        except TopicsError as error:
            self.problem = str(error)
            raise
        self.problem = ""
        # Streamlit collects garbage after every rerun; what is loaded now is exempt, or each would walk the whole model
        gc.collect()
        gc.freeze()
        _give_back_memory()

    def _read_and_warm(self, library: Library) -> None:
        if library.is_unread and library.is_on_server:
            raise LibraryError(
                f"Nothing was read into the library {library.name} yet. Run `topics sync` on the machine where its "
                "notes are: what has landed is found here from then on."
            )
        if library.is_unread:
            self._begin_first_start(library)
            self._read_for_the_first_time(library)
        library.snapshot()
        if not library.is_unread:
            library.encoder.encode_queries(["warm up"])

    def _read_for_the_first_time(self, library: Library) -> None:
        """Read the notes of a new library as a job with progress; wait until the first of them can be asked."""
        self._jobs.start(lambda own, *told: own.sync(*told))
        while self._jobs.is_busy and library.is_unread:
            time.sleep(FIRST_NOTES_CHECK_SECONDS)
        if library.is_unread and self._jobs.last and self._jobs.last.error:
            raise LibraryError(self._jobs.last.error)


def _give_back_memory() -> None:
    """Return memory that only loading needed to the system, by a call of glibc: 16 MB with the default model."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _is_read_otherwise(library: Library) -> bool:
    """Return whether another process has embedded the library by another model since it was opened."""
    with suppress(LibraryError):  # reported by the next question
        return library.model not in (None, library.encoder.name) and not os.environ.get(MODEL_VARIABLE)
    return False
