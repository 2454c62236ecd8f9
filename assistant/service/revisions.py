"""what is computed once for each revision of a library?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from index.library import Library

Value = TypeVar("Value")


class OfRevision(Generic[Value]):
    """A value computed from the present revision of a library, once for all threads."""

    def __init__(self, make: Callable[[Library], Value]) -> None:
        """Take the function that computes the value."""
        self._make = make
        self._lock = threading.Lock()
        self._made: tuple[int, Value] | None = None

    def get(self, library: Library) -> Value:
        """Return the value of the present revision."""
        with self._lock:
            revision = library.snapshot().revision
            if self._made is None or self._made[0] != revision:
                self._made = revision, self._make(library)
            return self._made[1]
