"""what is in the library? its subjects, topics and slots, as a table of contents"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter

from assistant.discovery.grouping import Grouping, grouping_of
from index.catalog import StoredTopic
from index.library import Library
from index.records import Anchor, Slot
from index.text import called, compared, title_key


@dataclass(frozen=True, slots=True)
class Listed:
    """A topic in the table of contents."""

    number: int
    """Its row id in the catalog, until its file changes."""
    id: str
    """Its topic id."""
    subject: str
    topic: str
    path: str
    line: int
    parents: tuple[str, ...] = ()
    anchor: Anchor = ()
    """The place in a document that is no note."""
    document: int = 0
    """The row id of its document: two sources may have documents of one path."""


@dataclass(frozen=True)
class Contents:
    """What one revision of a library holds."""

    topics: tuple[Listed, ...]
    """Ordered by subject, and within it as they were read."""
    slots: dict[Slot, int]
    """The number of topics with an entry in each slot."""

    @cached_property
    def subjects(self) -> dict[str, int]:
        """Every subject with the number of its topics, the largest first."""
        return dict(Counter(topic.subject for topic in self.topics).most_common())

    @cached_property
    def grouping(self) -> Grouping:
        """How its topics are grouped: by subject, by folder, or not at all."""
        return grouping_of(self.topics)

    @cached_property
    def groups(self) -> dict[str, int]:
        """Every group with the number of its topics, the largest first."""
        return self.grouping.counts(self.topics)

    @cached_property
    def _by_id(self) -> dict[str, Listed]:
        return {topic.id: topic for topic in reversed(self.topics)}

    @cached_property
    def _names(self) -> dict[str, str]:
        return {compared(subject): subject for subject in self.subjects}

    def called(self, subject: str) -> str:
        """Return a subject as the library writes it, whatever its case."""
        return self._names.get(compared(subject), subject)

    def get(self, id: str) -> Listed | None:
        """Return the topic with a topic id."""
        return self._by_id.get(id)

    @cached_property
    def _by_path(self) -> dict[str, dict[int, list[Listed]]]:
        """The topics of each document, in their order, by its path and its row id."""
        by_path: dict[str, dict[int, list[Listed]]] = {}
        for topic in sorted(self.topics, key=attrgetter("path", "line", "number")):
            by_path.setdefault(topic.path, {}).setdefault(topic.document, []).append(topic)
        return by_path

    @property
    def paths(self) -> Collection[str]:
        """The paths of all documents."""
        return self._by_path.keys()

    def at(self, path: str, line: int) -> list[Listed]:
        """Return the topic in which a line stands, of each document with a path; none of one that begins below it."""
        above = ([topic for topic in topics if topic.line <= line] for topics in self._by_path.get(path, {}).values())
        return [topics[-1] for topics in above if topics]

    def first_of(self, path: str) -> list[Listed]:
        """Return the first topic of each document with a path."""
        return [topics[0] for topics in self._by_path.get(path, {}).values()]

    def of_document(self, topic: Listed) -> Sequence[Listed]:
        """Return the topics of the document in which a topic stands, in their order."""
        return self._by_path[topic.path][topic.document]

    def around(self, topic: Listed) -> tuple[Listed | None, Listed | None]:
        """Return the topics before and after one in its document."""
        beside = self.of_document(topic)
        position = beside.index(topic)
        before = beside[position - 1] if position else None
        return before, beside[position + 1] if position + 1 < len(beside) else None

    def filtered(self, words: str) -> tuple[Listed, ...]:
        """Return the topics whose subject and title together hold every typed word or part of a word."""
        wanted = title_key(words).split()
        return tuple(topic for topic in self.topics if _has_all(topic, wanted)) if wanted else self.topics


def contents(library: Library) -> Contents:
    """Return what the present revision holds."""
    slots = library.snapshot().slot_counts()
    headings = library.reader.headings()
    names = called(Counter(heading.subject for heading in headings.values()))
    listed = [Listed(number, *heading._replace(subject=names[heading.subject])) for number, heading in headings.items()]
    listed.sort(key=lambda topic: topic.subject.casefold())
    return Contents(tuple(listed), {slot: count for slot, count in slots.items() if count})


def by_subject(topics: Sequence[Listed]) -> dict[str, tuple[Listed, ...]]:
    """Return topics that are ordered by subject, grouped by subject."""
    return {subject: tuple(some) for subject, some in groupby(topics, key=attrgetter("subject"))}


def read_topic(library: Library, listed: Listed) -> StoredTopic | None:
    """Return a whole topic; None if a sync has changed its file meanwhile."""
    return library.topics([listed.number]).get(listed.number)


def _has_all(topic: Listed, wanted: Sequence[str]) -> bool:
    text = title_key(f"{topic.subject} {topic.topic}")
    return all(word in text for word in wanted)
