"""files -> documents in their order: notes one by one, other documents by several processes ahead of their turn"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from index.formats import DEFAULT_LIMITS, DocumentReader, Limits, format_of
from index.records import Document
from index.sources.files import FoundFile, read_document

MAX_PROCESSES: Final = 4
"""Documents read at once, at most: each may take a gigabyte."""

AHEAD: Final = 2
"""Files for each process that are read before their turn, at most: they wait in memory."""


class FileReader:
    """Reads files in their order."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        """Begin without a thread or a process: only documents that are no notes need any."""
        self._count = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2, MAX_PROCESSES)
        self._documents = DocumentReader(limits)
        self._threads: ThreadPoolExecutor | None = None

    def __enter__(self) -> FileReader:
        """Return the reader itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Wait for what is being read, and end the processes."""
        if self._threads:
            self._threads.shutdown(cancel_futures=True)
        self._documents.close()

    def read_all(self, files: Iterable[FoundFile]) -> Iterator[Document]:
        """Yield the document of each file."""
        waiting: deque[FoundFile | Future[Document]] = deque()
        for file in files:
            waiting.append(file if file.unread or format_of(file.name) is None else self._begin(file))
            if len(waiting) > AHEAD * self._count:
                yield self._finish(waiting.popleft())
        while waiting:
            yield self._finish(waiting.popleft())

    def _begin(self, file: FoundFile) -> Future[Document]:
        self._threads = self._threads or ThreadPoolExecutor(self._count, thread_name_prefix="documents")
        return self._threads.submit(read_document, file, self._documents)

    def _finish(self, file: FoundFile | Future[Document]) -> Document:
        return read_document(file) if isinstance(file, FoundFile) else file.result()
