"""files -> documents, in their order: notes one by one, other documents by several processes ahead of their turn"""

from __future__ import annotations

import hashlib
import os
import stat
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from io import BufferedReader
from pathlib import PurePosixPath
from typing import Final

from index.formats import (
    DEFAULT_LIMITS,
    DocumentReader,
    Format,
    Limits,
    Unreadable,
    document_topics,
    format_of,
    read_jsonl,
    read_note,
)
from index.records import Document, DocumentStatus, Topic
from index.sources.faults import reason_of
from index.sources.files import FoundFile
from index.text import day_of_path, decode, is_jsonl, plain_name, storable

MAX_NOTE_BYTES: Final = 4 * 2**20
"""A larger note is skipped: War and Peace has 3.2 MiB. It is read into memory whole, and takes minutes to embed."""
MAX_LINES_BYTES: Final = 2**30
"""A larger `.jsonl` is skipped: its lines are read one by one, but its topics are held in memory."""

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


def read_document(file: FoundFile, reader: DocumentReader | None = None) -> Document:
    """Return the file's topics; one that cannot be read becomes a document that says why, never an error.

    What is no note is read by `reader`, or else by one of its own.
    """
    if file.unread:
        return _without_topics(file, *file.unread)
    if kind := format_of(file.path):
        with nullcontext(reader) if reader else DocumentReader() as used:
            return _read_apart(file, kind, used)
    is_lines = is_jsonl(file.path)
    limit = MAX_LINES_BYTES if is_lines else MAX_NOTE_BYTES
    if file.size > limit:
        return _without_topics(file, "skipped", f"too large: {_mebibytes(file.size)}, of at most {_mebibytes(limit)}")
    try:
        if not stat.S_ISREG(file.path.stat().st_mode):  # a pipe would be waited on for ever
            return _without_topics(file, "skipped", "not a regular file")
        with file.path.open("rb") as opened:
            fingerprint = hashlib.file_digest(opened, "sha256").hexdigest()
            opened.seek(0)
            topics, reason = (read_jsonl if is_lines else _read_markdown)(opened, name_of(file.name, file.path.stem))
    except Exception as error:  # whatever it is, the other files are read
        return _without_topics(file, "failed", reason_of(error))
    if not topics:
        return _without_topics(file, "skipped", reason or "holds no text", fingerprint)
    return _document_record(file, fingerprint, "indexed", reason, topics)


def name_of(path: str, stem: str | None = None) -> str:
    """Return what a file is called where nothing in it says so: by its name, or the day that this is."""
    return day_of_path(path) or plain_name(storable(PurePosixPath(path).stem if stem is None else stem))


def _read_apart(file: FoundFile, kind: Format, reader: DocumentReader) -> Document:
    """Return the topics of a document that is no note, read in a process of its own."""
    limits = reader.limits
    limit = (limits.text_megabytes if kind.is_text else limits.megabytes) * 2**20
    if file.size > limit:
        return _without_topics(file, "skipped", f"too large: {_mebibytes(file.size)}, of at most {_mebibytes(limit)}")
    try:
        if not stat.S_ISREG(file.path.stat().st_mode):
            return _without_topics(file, "skipped", "not a regular file")
        with file.path.open("rb") as opened:
            content = opened.read(limit + 1)
    except OSError as error:
        return _without_topics(file, "failed", reason_of(error))
    fingerprint = hashlib.sha256(content).hexdigest()
    try:
        extract = reader.read(kind.module, content)
        topics = document_topics(extract, name_of(file.name, file.path.stem))
    except Unreadable as error:  # it stays so until it is another file
        return _without_topics(file, "skipped", str(error), fingerprint)
    except Exception as error:
        return _without_topics(file, "failed", reason_of(error))
    if not topics:
        return _without_topics(file, "skipped", extract.problem or "holds no text", fingerprint)
    return _document_record(file, fingerprint, "indexed", extract.problem, topics)


def _read_markdown(file: BufferedReader, name: str) -> tuple[tuple[Topic, ...], str]:
    text, reason = decode(file.read(MAX_NOTE_BYTES))
    if text is None:
        return (), reason
    note = read_note(text, name)
    return note.topics, "; ".join(filter(None, (reason, note.problem)))


def _without_topics(file: FoundFile, status: DocumentStatus, reason: str, fingerprint: str = "") -> Document:
    return _document_record(file, fingerprint, status, reason)


def _document_record(
    file: FoundFile, fingerprint: str, status: DocumentStatus, reason: str, topics: tuple[Topic, ...] = ()
) -> Document:
    size_and_time = (file.size, file.modified_ns)
    return Document(file.name, fingerprint, *size_and_time, status, reason, topics, file.inode, file.changed_ns)


def _mebibytes(size: int) -> str:
    return f"{size / 2**20:.1f} MiB"
