"""what a button changes in the library: a source is read, or taken out, as a job of its own"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.operations import Work, remove_source
from index.indexing import SyncReport
from index.library import Library
from index.progress import CancelToken, Phase, Progress
from index.sources import source_name


def removing(path: str) -> Work:
    """Return the work of taking a source out of the library."""

    def remove(library: Library, progress: Progress, _: CancelToken) -> None:
        progress(Phase.REMOVING, 0, 0)
        if path in library.sources():  # pressed twice, it is gone by now
            remove_source(library, path)

    return remove


def forgetting(path: str) -> Work:
    """Return the work of forgetting what was read of a source without notes, which stays a source."""

    def forget(library: Library, progress: Progress, _: CancelToken) -> None:
        progress(Phase.REMOVING, 0, 0)
        if path in library.sources():
            include, exclude = library.reader.patterns(path)
            library.remove(path)
            library.add(path, include=include, exclude=exclude)

    return forget


def reading(source: str | Path, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> Work:
    """Return the work of adding a source and reading it; one that is cancelled before any of it was read goes again."""

    def read(library: Library, progress: Progress, is_cancelled: CancelToken) -> SyncReport:
        is_new = source_name(source) not in library.sources()
        library.add(source, include=include, exclude=exclude)
        report = library.sync(progress, is_cancelled)
        is_read = any(document.source == source_name(source) for document in library.documents())
        if report.is_cancelled and is_new and not is_read:
            library.remove(source)
        return report

    return read
