"""which notes hold the words of a question, before the first sync has embedded any?

Notes are read beside the first sync and held in memory only, in batches, so that the first are found within a second.
Once the sync is written, the library answers instead.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from index.catalog import TopicIdAssigner
from index.engine import LexicalIndex
from index.formats import format_of
from index.indexing.comparing import Comparison
from index.records import Document, DocumentKey, Slot, StoredTopic
from index.sources import FoundFile, read_document
from index.storage import Filters
from index.text import spellings, terms

PART_BYTES: Final = 200_000
"""Bytes of notes in a batch that becomes searchable at once: a fifth of a second of reading."""

MAX_UNINDEXED_BYTES: Final = 20_000_000
"""Bytes of notes that are read at most: twenty seconds of reading and 100 MB of memory. By then some are embedded."""


@dataclass
class FirstWords:
    """The topics of a library that is read for the first time; one thread reads while any number search."""

    lexical: LexicalIndex = field(default_factory=LexicalIndex.empty)
    files: int = 0
    """The number of files to read."""
    read: int = 0
    size: int = 0
    """The size of all files in bytes."""
    is_whole: bool = False
    """Whether reading has ended."""
    subjects: dict[str, int] = field(default_factory=dict)
    _topics: dict[int, StoredTopic] = field(default_factory=dict)

    def read_all(self, sources: Sequence[Comparison]) -> None:
        """Read the notes of every source, up to `MAX_UNINDEXED_BYTES`; other documents come with the sync."""
        files = [
            (compared.source, file)
            for compared in sources
            for file, _ in compared.files
            if format_of(file.name) is None
        ]
        self.files, self.size = len(files), sum(file.size for _, file in files)
        assigner = TopicIdAssigner(lambda _: (), (), {})
        numbers = count(1)
        for part in _in_batches(files):
            documents = [(source, document) for source, file in part if (document := _read_or_none(file))]
            self._take_in(
                [
                    (source, assigner.identified(DocumentKey(source, document.path), document))
                    for source, document in documents
                ],
                numbers,
            )
            self.read += len(part)
        self.is_whole = True

    def find(
        self, text: str, limit: int, *, subject: str | None = None, slot: Slot | None = None
    ) -> list[tuple[StoredTopic, float]]:
        """Return up to `limit` topics that hold words of a text, best first, with the share of words they hold, 0 to 1.

        Raises:
            QuestionError: no topic has the subject.

        """
        subjects = None if subject is None else spellings(subject, self.subjects)
        words = list(dict.fromkeys(terms(text)))
        shares = self.lexical.best(words, limit, Filters(subjects, slot))
        return [(self._topics[id_], share) for id_, share in shares.items()]

    def _take_in(self, documents: Iterable[tuple[str, Document]], numbers: Iterator[int]) -> None:
        new = {
            next(numbers): StoredTopic(topic.id or "", document.path, source, topic)
            for source, document in documents
            for topic in document.topics
            if topic.entries
        }
        self._topics |= new  # before they can be found
        self.lexical = self.lexical.extended((number, stored.topic) for number, stored in new.items())
        subjects = dict(self.subjects)
        for stored in new.values():
            subjects[stored.topic.subject] = subjects.get(stored.topic.subject, 0) + 1
        self.subjects = subjects


def _in_batches(files: Iterable[tuple[str, FoundFile]]) -> Iterator[list[tuple[str, FoundFile]]]:
    """Yield batches of files, up to `MAX_UNINDEXED_BYTES` altogether."""
    part: list[tuple[str, FoundFile]] = []
    size = total = 0
    for source, file in files:
        if total + file.size > MAX_UNINDEXED_BYTES:
            break
        part.append((source, file))
        size, total = size + file.size, total + file.size
        if size >= PART_BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part


def _read_or_none(file: FoundFile) -> Document | None:
    """Return the document of a file; None if it cannot be read, which the sync reports."""
    try:
        return read_document(file)
    except Exception:  # a note that cannot be read keeps no other from being found
        logging.getLogger(__name__).debug("%s is not found by words", file.name, exc_info=True)
        return None
