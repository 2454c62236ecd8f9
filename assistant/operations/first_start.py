"""what can be asked at the first start of a library, and how long does it take? words, until the model is ready"""

from __future__ import annotations

import threading
import time
from typing import Final

from assistant.operations.jobs import JobProgress
from index.embedding import DEFAULT_MODEL
from index.errors import TopicsError
from index.indexing import FirstWords
from index.library import Library
from index.progress import Phase

DEFAULT_MODEL_SECONDS: Final = 3.0
OTHER_MODEL_SECONDS: Final = 40.0
"""What making a model ready takes on two cores that have nothing else to do: put together, or exported by torch."""

BYTES_A_SECOND: Final = 40_000
"""Bytes of notes that are embedded in a second on such a machine, until the speed of this one is measured."""

MIN_SECONDS: Final = 1.0


class FirstStart:
    """The first reading of a library, and the search by words until it is done."""

    def __init__(self, library: Library) -> None:
        """Start reading the words of the notes in a background thread."""
        self.words = FirstWords()
        self._began = time.monotonic()
        self._model_seconds = _model_seconds(library)
        threading.Thread(target=self._read, args=(library,), daemon=True).start()

    def _read(self, library: Library) -> None:
        try:
            self.words.read_all(library.compared())
        except TopicsError:  # reported by the sync, which reads the same files
            self.words.is_whole = True

    @property
    def seconds(self) -> float:
        """The seconds since it began."""
        return time.monotonic() - self._began

    def remaining(self, progress: JobProgress | None) -> float:
        """Return the seconds left: by the measured speed of embedding, or by the usual one before it begins."""
        if progress and progress.phase == Phase.EMBEDDING and progress.remaining is not None:
            return progress.remaining + MIN_SECONDS
        return max(self._model_seconds + self.words.size / BYTES_A_SECOND - self.seconds, MIN_SECONDS)

    def share(self, progress: JobProgress | None) -> float:
        """Return the share that is done, 0 to 1."""
        return self.seconds / (self.seconds + self.remaining(progress))


def _model_seconds(library: Library) -> float:
    if library.encoder.store.is_ready():
        return 0.0
    return DEFAULT_MODEL_SECONDS if library.encoder.name == DEFAULT_MODEL else OTHER_MODEL_SECONDS
