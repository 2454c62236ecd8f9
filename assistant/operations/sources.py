"""which folders and files does a library read, and how do they differ from what was read?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.operations.uploads import are_uploads
from index.catalog import StoredDocument
from index.indexing import Comparison
from index.library import Library
from index.sources import BUILTIN


@dataclass(frozen=True, slots=True)
class Source:
    """A folder or file that the library reads, as it is now."""

    path: str
    are_copies: bool
    """Its files were uploaded, and are deleted with it."""
    is_there: bool
    is_emptied: bool
    """It had files and has none, as where a disk is not mounted."""
    topics: int
    files: Mapping[str, int]
    """How many are indexed, skipped and failed."""
    stale: int
    """Files that are new, changed or gone since they were read."""
    is_elsewhere: bool = False
    """Another machine reads it: the library is on a server, and its files are not here."""
    inner: tuple[str, ...] = ()
    """The folders and files in it that are sources of their own."""

    @property
    def name(self) -> str:
        """What a person calls it."""
        if self.are_copies:
            return "Uploaded notes"
        return "The bundled topics" if self.path == BUILTIN else self.path

    @property
    def is_sound(self) -> bool:
        """Return whether all of it is in the library."""
        is_whole = self.is_elsewhere or (self.is_there and not self.is_emptied and not self.stale)
        return is_whole and not self.files.get("failed")


def read_sources(library: Library) -> list[Source]:
    """Return every source, compared with its files as they are now."""
    documents = library.documents()
    return [
        _source(
            comparison,
            [document for document in documents if document.source == comparison.source],
            are_copies=are_uploads(library, comparison.source),
            is_elsewhere=library.is_on_server and not comparison.is_there,
        )
        for comparison in library.compared()
    ]


def _source(
    comparison: Comparison, documents: Sequence[StoredDocument], *, are_copies: bool, is_elsewhere: bool
) -> Source:
    return Source(
        comparison.source,
        are_copies,
        comparison.is_there,
        comparison.is_emptied,
        sum(document.topics for document in documents),
        Counter(document.status for document in documents),
        sum(1 for _ in comparison.stale()),
        is_elsewhere,
        comparison.inner,
    )


def folder_size(folder: Path) -> int:
    """Return the bytes of all files in a folder; one that goes in the meantime counts nothing."""
    return sum(_size(file) for file in folder.rglob("*"))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size if file.is_file() else 0
    except OSError:
        return 0
