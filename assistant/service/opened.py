"""a library made ready to be asked: opened, read for the first time where it never was, its model warmed"""

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
"""How often it is seen whether the first notes can be asked."""


class OpenedLibrary:
    """A library that is opened, read and warmed when it is first needed; any number of threads may need it at once."""

    def __init__(self, library: Library | None, jobs: JobRunner) -> None:
        """Begin with a library that is opened by now, or else with the one that the settings mean."""
        self._library = library
        self._jobs = jobs
        self._lock = threading.Lock()
        self._preparing = threading.Lock()
        self._first_start: FirstStart | None = None
        self._opener: threading.Thread | None = None
        self.is_ready = False
        """Whether questions can be asked without waiting for the library to be opened."""
        self.problem = ""
        """Why the library could not be made ready; empty where it could, or nobody has tried."""

    def ready(self) -> Library:
        """Return the library, ready to be asked.

        Raises:
            TopicsError: it cannot be opened or read, or its model cannot be loaded.

        """
        library = self.unprepared()
        if not self.is_ready:
            with self._preparing:  # once, however many wait for it
                if not self.is_ready:
                    self._prepare(library)
                    self.is_ready = True
        return library

    def unprepared(self) -> Library:
        """Return the library as it is, whether or not it can be asked."""
        with self._lock:
            if self._library is None:
                self._library = open_library(measure=calibrate)
            elif _is_read_otherwise(self._library):
                reranker, place = self._library.reranker, self._library.place
                self._library = open_library(place, measure=calibrate)
                self._library.reranker = reranker
            return self._library

    def another(self) -> Library:
        """Return a library of its own on the same folder, with the same model: to be closed by whoever uses it.

        Raises:
            LibraryError: its folder has gone since; another one is not begun in its place.

        """
        library = self.unprepared()
        if not library.storage.is_there():
            raise LibraryError(f"There is no library at {library.name} any more. Put it back, or start the app again.")
        return library.another()

    @property
    def first_start(self) -> FirstStart | None:
        """The first start of the library while it lasts."""
        if self._first_start and self.is_ready and not self._jobs.is_busy:
            self._first_start = None
        return self._first_start

    def waiting(self) -> FirstStart | None:
        """Return the first start where nothing can be asked yet, and see that it goes on; None where all is ready.

        A library that was read before is opened in a moment, which is waited for.

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
        """Make the library ready in a thread of its own, unless one does; return the thread."""
        with self._lock:
            if self._opener is None or not self._opener.is_alive():
                self.problem = ""  # of the attempt before
                self._opener = threading.Thread(target=self._open, daemon=True)
                self._opener.start()
            return self._opener

    def join(self, seconds: float) -> None:
        """Wait for the thread that makes the library ready, where there is one; so many seconds at most."""
        if self._opener:
            self._opener.join(seconds)

    def _open(self) -> None:
        with suppress(TopicsError):  # what is wrong is kept as the problem
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
        # Streamlit collects garbage after every rerun, which would walk the whole model: what is loaded now stays
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
        """Read the notes of a new library as a job, whose progress is shown; wait until the first can be asked."""
        self._jobs.start(lambda own, progress: own.sync(progress))
        while self._jobs.is_busy and library.is_unread:
            time.sleep(FIRST_NOTES_CHECK_SECONDS)
        if library.is_unread and self._jobs.last and self._jobs.last.error:
            raise LibraryError(self._jobs.last.error)


def _give_back_memory() -> None:
    """Let the system have what only the loading needed: 16 MB with the default model; only glibc has a word for it."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _is_read_otherwise(library: Library) -> bool:
    """Say whether another process has had a library read by another model since it was opened."""
    with suppress(LibraryError):  # whoever asks is told what is wrong
        return library.model not in (None, library.encoder.name) and not os.environ.get(MODEL_VARIABLE)
    return False
