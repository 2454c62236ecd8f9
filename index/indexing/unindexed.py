"""notes that no sync has taken in yet, searched by their words: what can be found before any vector is made

They are read beside the first sync and kept in memory only, a part after the other, so that the first are found within
a second. The sync, once it lands, is the truth.
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
from index.text import spellings, terms

PART_BYTES: Final = 200_000
"""Notes that are read before they can be found: a fifth of a second's work."""

MAX_UNINDEXED_BYTES: Final = 20_000_000
"""Notes that are read at most: twenty seconds' work, and 100 MB of memory. By then the first are found by meaning."""


@dataclass
class FirstWords:
    """The topics of a library that is read for the first time; any number of threads may ask while one reads."""

    lexical: LexicalIndex = field(default_factory=LexicalIndex.empty)
    files: int = 0
    """How many are there to be read."""
    read: int = 0
    size: int = 0
    """The bytes of all of them."""
    is_whole: bool = False
    """Whether all were read that will be."""
    subjects: dict[str, int] = field(default_factory=dict)
    _topics: dict[int, StoredTopic] = field(default_factory=dict)

    def read_all(self, sources: Sequence[Comparison]) -> None:
        """Read the notes of every source, as many as are worth their memory; other documents come with the sync."""
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
        """Return up to `limit` topics that hold words of a text, best first, each with its share of them, 0 to 1.

        Raises:
            QuestionError: there is no such subject.

        """
        subjects = None if subject is None else spellings(subject, self.subjects)
        words = list(dict.fromkeys(terms(text)))
        shares = self.lexical.best(words, limit, subjects=subjects, slot=slot)
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
    """Yield files by the part, until they are more than are worth their memory."""
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
    """Read a file; what is wrong with one is found, and said, by the sync."""
    try:
        return read_document(file)
    except Exception:  # a note that cannot be read keeps no other from being found
        logging.getLogger(__name__).debug("%s is not found by words", file.name, exc_info=True)
        return None
