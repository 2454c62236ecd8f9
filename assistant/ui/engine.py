"""the one library that all sessions of the app share"""

from __future__ import annotations

import gc
import threading

from assistant.settings import open_library
from index.errors import TopicsError
from index.library import Library


class Engine:
    """A library that is opened, indexed and warmed when it is first needed."""

    def __init__(self) -> None:
        """Start with nothing: the settings say which library it is, unless `use` does."""
        self._lock = threading.Lock()
        self._library: Library | None = None
        self._is_ready = False

    def use(self, library: Library) -> None:
        """Show this library from now on."""
        with self._lock:
            self._library, self._is_ready = library, False

    def library(self) -> Library:
        """Return the library, ready to be asked.

        Raises:
            TopicsError: it cannot be opened or indexed, or its model cannot be loaded.

        """
        with self._lock:
            self._library = self._library or open_library()
            if not self._is_ready:
                self._prepare(self._library)
                self._is_ready = True
            return self._library

    def warm_up(self) -> None:
        """Make ready in the background, so that the first visitor does not wait for the model."""
        threading.Thread(target=self._try, daemon=True).start()

    def _try(self) -> None:
        try:
            self.library()
        except TopicsError:
            return  # the page tries again, and shows what is wrong

    @staticmethod
    def _prepare(library: Library) -> None:
        if library.is_empty:
            library.sync()
        library.snapshot()
        library.encoder.encode_queries(["warm up"])
        # Streamlit collects garbage after every rerun, which would walk the whole model: what is loaded now stays
        gc.collect()
        gc.freeze()


engine = Engine()
