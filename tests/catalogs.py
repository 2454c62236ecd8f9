"""The catalog under a library that lies in a folder, for tests that look below the seam."""

from __future__ import annotations

from index.engine.local.storage import LocalReader
from index.library import Library


def catalog_of(library: Library) -> LocalReader:
    """Return what reads the library's file."""
    reader = library.storage.reader
    assert isinstance(reader, LocalReader)
    return reader
