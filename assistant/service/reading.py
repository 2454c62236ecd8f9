"""what does a door read of a library beside answers? search results, whole topics, related topics, contents"""

from __future__ import annotations

import time
from dataclasses import dataclass

from assistant.answer import Related, TopicResult
from assistant.answering import search
from assistant.discovery import Contents, Listed, nearest_topics, read_topic, related_topics, split_place
from assistant.export import to_markdown, topic_rows
from assistant.location import AnchorJson, anchor_json
from assistant.service.answers import AskRequest
from index.catalog import StoredTopic
from index.errors import QuestionError
from index.library import Library
from index.records import Entry, Slot
from index.text import spellings


@dataclass(frozen=True, slots=True)
class TopicRef:
    """A topic by its headings and its place."""

    id: str
    """Its topic id."""
    subject: str
    topic: str
    path: str
    line: int
    """The line of its heading in the file, counted from 1."""
    parents: tuple[str, ...] = ()
    """The headings between the subject and the topic, outermost first."""
    anchor: AnchorJson | None = None
    """The place of its heading in a document that is no note."""


@dataclass(frozen=True, slots=True)
class TopicEntry:
    """What a topic says under one slot."""

    slot: Slot | None
    text: str
    """Markdown."""
    line: int
    """The first line of the text in the file, counted from 1."""
    anchor: AnchorJson | None = None
    """The place where it begins in a document that is no note."""


@dataclass(frozen=True, slots=True)
class WholeTopic:
    """A topic as a whole."""

    id: str
    subject: str
    topic: str
    path: str
    line: int
    parents: tuple[str, ...]
    markdown: str
    """The topic as a note that the library would read the same."""
    entries: tuple[TopicEntry, ...]
    """In the order of the note."""
    previous: TopicRef | None
    """The topic before it in its file."""
    next: TopicRef | None
    """The topic after it in its file."""
    anchor: AnchorJson | None = None
    """The place of its heading in a document that is no note."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of the topics that match a question."""

    query: str
    results: tuple[TopicResult, ...]
    limit: int
    start: int
    next: int | None
    """The position at which the next page starts; null on the last page."""
    elapsed_ms: float


@dataclass(frozen=True, slots=True)
class RelatedPage:
    """The topics that are related to one topic."""

    id: str
    subject: str
    topic: str
    path: str
    line: int
    related: tuple[Related, ...]
    anchor: AnchorJson | None = None
    """The place of the topic in a document that is no note."""


@dataclass(frozen=True, slots=True)
class ContentsPage:
    """A page of the table of contents."""

    subjects: dict[str, int]
    """Every subject with the number of its topics, the largest first."""
    topics: tuple[TopicRef, ...]
    total: int
    """The number of topics of the subject asked for, or of the library."""
    limit: int
    start: int
    next: int | None
    """The position at which the next page starts; null on the last page."""


class UnknownTopicError(QuestionError):
    """No topic has that id or place; `near` are topics that may be meant."""

    def __init__(self, typed: str, near: list[Listed], why: str = "") -> None:
        """Name what was typed, and topics that may be meant."""
        offered = ", ".join(f"{topic.id} ({topic.topic}, {topic.path}:{topic.line})" for topic in near)
        why = why or f"There is no topic {typed!r} here."
        super().__init__(f"{why} By their ids, these may be meant: {offered}." if near else why)
        self.near = tuple(map(ref, near))


def ref(topic: Listed) -> TopicRef:
    """Return a reference to a topic of the table of contents."""
    return TopicRef(
        topic.id, topic.subject, topic.topic, topic.path, topic.line, topic.parents, anchor_json(topic.anchor)
    )


def search_page(library: Library, request: AskRequest, start: int) -> SearchPage:
    """Return the topics that match a question, from position `start` on."""
    began = time.perf_counter()
    cards = search(
        library,
        request.question,
        limit=request.limit + 1,
        start=start,
        subject=request.subject,
        slot=request.slot,
        notes=request.notes,
        as_typed=request.as_typed,
    )
    following = start + request.limit if len(cards) > request.limit else None
    elapsed = round((time.perf_counter() - began) * 1000, 1)
    return SearchPage(request.question, cards[: request.limit], request.limit, start, following, elapsed)


def listed_topic(contents: Contents, id: str) -> Listed:
    """Return the listed topic with an id.

    Raises:
        UnknownTopicError: no topic has the id or place.

    """
    if listed := contents.get(id):
        return listed
    raise UnknownTopicError(id, nearest_topics(contents, id))


def topic_at(contents: Contents, place: str) -> Listed:
    """Return the listed topic with an id, or the one at a place such as `notes.md:12`.

    Raises:
        UnknownTopicError: no topic has the id or place, or the topics of several files have it.

    """
    at_place = contents.at(*split_place(place))
    if len(at_place) > 1:
        raise UnknownTopicError(place, at_place, f"{place!r} is a place in {len(at_place)} files of that name.")
    return contents.get(place) or next(iter(at_place), None) or listed_topic(contents, place)


def stored_topic(library: Library, listed: Listed) -> StoredTopic:
    """Return a stored topic with its entries.

    Raises:
        UnknownTopicError: a sync has changed its file meanwhile.

    """
    if stored := read_topic(library, listed):
        return stored
    raise UnknownTopicError(listed.id, [])


def whole_topic(library: Library, contents: Contents, listed: Listed) -> WholeTopic:
    """Return a whole topic with references to the topics before and after it in its file."""
    stored = stored_topic(library, listed)
    before, after = contents.around(listed)
    return WholeTopic(
        listed.id,
        listed.subject,
        listed.topic,
        listed.path,
        listed.line,
        listed.parents,
        to_markdown(topic_rows([stored])),
        tuple(map(_topic_entry, stored.topic.entries)),
        ref(before) if before else None,
        ref(after) if after else None,
        anchor_json(listed.anchor),
    )


def _topic_entry(entry: Entry) -> TopicEntry:
    return TopicEntry(entry.slot, entry.text, entry.line, anchor_json(entry.location(0).anchor))


def related_page(library: Library, listed: Listed, limit: int) -> RelatedPage:
    """Return up to `limit` topics that are related to one."""
    stored = stored_topic(library, listed)
    related = related_topics(library, listed.number, stored.topic, limit)
    place = (listed.path, listed.line)
    return RelatedPage(listed.id, listed.subject, listed.topic, *place, related, anchor_json(listed.anchor))


def contents_page(contents: Contents, subject: str | None, limit: int, start: int) -> ContentsPage:
    """Return the topics of a subject, or of all, from position `start` on.

    Raises:
        QuestionError: no topic has the subject.

    """
    if subject is not None:
        spellings(subject, contents.subjects)  # or there is none such
    chosen = None if subject is None else contents.called(subject)
    topics = contents.topics if chosen is None else [topic for topic in contents.topics if topic.subject == chosen]
    shown = tuple(map(ref, topics[start : start + limit]))
    following = start + limit if start + limit < len(topics) else None
    return ContentsPage(contents.subjects, shown, len(topics), limit, start, following)
