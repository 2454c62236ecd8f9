"""Topic, Entry, Passage, Hit: the records everything else is written in

Read this first. Nothing here does anything to speak of; every other room takes and returns these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:  # for whoever only looks at a library: numpy takes longer to import than a catalog to be read
    import numpy as np
    import numpy.typing as npt

Slot: TypeAlias = Literal["What", "How", "Example"]
SLOTS: tuple[Slot, ...] = ("What", "How", "Example")
SLOT_NAMED: dict[str, Slot] = {slot.lower(): slot for slot in SLOTS}
"""Each slot by its name in small letters, as it is typed."""

Span: TypeAlias = tuple[int, int]
"""Where a stretch of a text begins and ends, in characters."""

Vectors: TypeAlias = "npt.NDArray[np.float32]"
"""Unit vectors as rows: shape (texts, dimension), float32."""

PassageKind: TypeAlias = Literal["entry", "topic", "asked"]
"""What a passage contains: an entry or a stretch of one, a topic as a whole, or one other way to ask for it."""

Ids: TypeAlias = "npt.NDArray[np.int64]"
"""Row ids of topics, or positions among them: shape (topics,), int64."""

DocumentStatus: TypeAlias = Literal["indexed", "skipped", "failed"]


Anchor: TypeAlias = tuple[tuple[str, str | int], ...]
"""Where something stands in a document without lines, a kind and a value each: `(("page", 3),)`; empty in a note."""


class Location(NamedTuple):
    """Where a stretch of an entry's text stands in its file."""

    start: int
    """Where the stretch begins in the entry's text, in characters."""
    line: int
    """Of the file where it has lines, else of its text as it was read; counted from 1."""
    anchor: Anchor = ()


class Tokens(NamedTuple):
    """The tokens (subwords) that a model reads in a text, each with a vector."""

    spans: Sequence[Span]
    vectors: Vectors
    """Shape (tokens, dimension)."""


WordForms: TypeAlias = Mapping[str, frozenset[str]]
"""By the stem of a word, the stems of its other forms."""

NO_FORMS: Final[WordForms] = {}

BinaryTokens: TypeAlias = "npt.NDArray[np.uint8]"
"""The signs of the vectors that tokens have where they stand, a bit each: shape (tokens, dimension / 8)."""


EntryTokens: TypeAlias = tuple[int, bytes]
"""The position of an entry in its topic, and the binary token vectors of one of its passages."""


class Encoded(NamedTuple):
    """Passages as the model reads them."""

    vectors: Vectors
    binary_tokens: Sequence[BinaryTokens]
    """One array for each passage; without rows where the model gives no vectors of tokens."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a topic says under one slot, as Markdown; the slot is None where the note has none."""

    slot: Slot | None
    text: str
    line: int
    """Where the text begins in its document, counted from 1."""
    locations: tuple[Location, ...] = ()
    """Where each stretch of it stands, in order, in a document that is no note; a note's text stands on its lines."""

    def location(self, start: int) -> Location:
        """Return where the character at a position of the text stands."""
        before = next(
            (location for location in reversed(self.locations) if location.start <= start), Location(0, self.line)
        )
        return Location(start, before.line + self.text.count("\n", before.start, start), before.anchor)


@dataclass(frozen=True, slots=True)
class Topic:
    """One heading of a note and what stands under it."""

    subject: str
    title: str
    entries: tuple[Entry, ...]
    line: int
    """Where the heading stands in its document, counted from 1."""
    parents: tuple[str, ...] = ()
    """The headings between the subject and this one, outermost first."""
    asked_as: tuple[str, ...] = ()
    """Other ways to ask for this topic: searched, never shown as the answer."""
    id: str = ""
    """Its topic id, unique in a library; before a library has taken it in, the `_id` of a .jsonl line, or empty."""
    aliases: tuple[str, ...] = ()
    """Other names of it: a question that is one of them is answered by it."""
    tags: tuple[str, ...] = ()
    """What its note is tagged with, without the `#`."""
    fields: tuple[tuple[str, str], ...] = ()
    """What else the front matter of its note says, a name and a value each: searched, shown where asked for."""
    anchor: Anchor = ()
    """Where the heading stands in a document that is no note."""
    days: tuple[str, ...] = ()
    """The days that the front matter dates its note with, as `2026-11-03`: of its making, or of its last change."""

    @property
    def heading_path(self) -> str:
        """Return `Subject > Parent > Title`, naming a heading once that repeats the one above it."""
        headings = (self.subject, *self.parents, self.title)
        return " > ".join(
            heading for above, heading in zip(("", *headings), headings, strict=False) if heading != above
        )

    @property
    def texts(self) -> tuple[str, ...]:
        """Return what it says: its title, and each entry."""
        return (self.title, *(entry.text for entry in self.entries))

    @property
    def fields_text(self) -> str:
        """Return what the front matter says, on one line."""
        return "; ".join(f"{name}: {value}" for name, value in self.fields)

    @property
    def entries_text(self) -> str:
        """Return the texts of its entries, one below the other."""
        return "\n".join(entry.text for entry in self.entries)

    @property
    def full_text(self) -> str:
        """Return all that is searched of it: the headings, the entries, the ways to ask for it and the front matter."""
        texts = (self.heading_path, *(entry.text for entry in self.entries), *self.asked_as, *self.aliases)
        return "\n".join((*texts, self.fields_text) if self.fields else texts)


@dataclass(frozen=True, slots=True)
class Document:
    """One file of a source as it was read: its topics, or the reason why there are none."""

    path: str
    """Relative to the source's folder, with forward slashes; the bare name for a single file."""
    fingerprint: str
    """SHA-256 of the file's bytes; empty when they could not be read."""
    size: int
    """Bytes."""
    modified_ns: int
    """Modification time in nanoseconds, as the file system gives it."""
    status: DocumentStatus
    reason: str = ""
    """Why it was skipped, failed, or read only in part; empty when all is well."""
    topics: tuple[Topic, ...] = ()
    inode: int = 0
    """What tells the file from one that was put in its place; 0 where the file system does not say."""
    changed_ns: int = 0
    """When its content or anything else about it changed, which no program can set back; 0 where nobody knows."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a topic that fits the model; what is embedded is `text`."""

    kind: PassageKind
    text: str
    """The heading path and the stretch, without slot labels; a way to ask stands without headings."""
    entry: int | None = None
    """The position of its entry in the topic; None for a whole topic or a way to ask."""
    start: int = 0
    """Where the stretch begins in the entry's text, in characters."""
    end: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """A topic that matches a question, with the score of each of its entries."""

    row_id: int
    """The catalog's number for the topic, until its file changes."""
    id: str
    """Its topic id, which stays when the file changes or moves, as long as the topic can be told from others."""
    topic: Topic
    path: str
    score: float
    """Higher is better, at most 1; 1.0 is a topic whose title is the question, or that was marked as answering it."""
    similarity: float
    """By meaning alone: a cosine."""
    entry_scores: tuple[float, ...]
    """One score for each entry, in the topic's order: its similarity token by token (MaxSim), or else a cosine."""
    entry_spans: tuple[Span, ...]
    """For each entry, where in its text the best-matching passage begins and ends, in characters."""

    @property
    def note_name(self) -> str:
        """The name of its note's file, without the suffix."""
        return PurePosixPath(self.path).stem


class KeyedPassage(NamedTuple):
    """A passage with the key of its vector in place of its text."""

    kind: PassageKind
    entry: int | None
    """The position of its entry in the topic; None for a whole topic or a way to ask."""
    start: int
    """Where the passage begins in the entry's text, in characters."""
    end: int
    key: bytes


class KeptDocument(NamedTuple):
    """A file with all that a library has stored of it, to be stored in another library."""

    source: str
    document: Document
    """Each of its topics has its topic id."""
    passages: tuple[tuple[KeyedPassage, ...], ...]
    """For each topic, in the document's order."""


class KeptVector(NamedTuple):
    """A vector that a library has stored, under its key."""

    key: bytes
    vector: bytes
    """Float16, the lower byte first."""
    binary_tokens: bytes | None
    """Those of a passage of an entry; None for other passages."""


class PassageRow(NamedTuple):
    """A passage as the catalog gives it out, topic by topic."""

    row_id: int
    subject: str
    title: str
    kind: PassageKind
    entry: int
    """The position of the entry in its topic; -1 where there is none."""
    slot: Slot | None
    start: int
    end: int
    vector: bytes


class DocumentKey(NamedTuple):
    """What tells a file from every other of a library: its source, and its path within it."""

    source: str
    path: str


class Trait(NamedTuple):
    """What a topic is recognised by when its file is read again, so that it keeps its topic id."""

    id: str
    heading: str
    """Its heading path."""
    title: str
    text: bytes
    """A hash of its text; empty where the text is so short that other topics may have the same."""


class StoredDocument(NamedTuple):
    """What the catalog has stored of a file."""

    source: str
    path: str
    fingerprint: str
    size: int
    modified_ns: int
    status: DocumentStatus
    reason: str
    topics: int
    """How many topics it has."""
    inode: int = 0
    changed_ns: int = 0
    """As in `Document`; both 0 where it was read before these two were stored."""


class Patterns(NamedTuple):
    """Which files of a source are read, in the manner of .gitignore."""

    include: tuple[str, ...] = ()
    """Only files that match one of these; all of them where there is none."""
    exclude: tuple[str, ...] = ()


class StoredTopic(NamedTuple):
    """A topic with where it stands."""

    topic_id: str
    path: str
    source: str
    topic: Topic


@dataclass(frozen=True, slots=True)
class NoteFilter:
    """Which notes are searched; all of them where nothing is given."""

    folders: tuple[str, ...] = ()
    """Notes in one of these folders, given by the last parts of its path, or below it."""
    tags: tuple[str, ...] = ()
    """Notes that have all of these tags, or tags below them."""
    sources: tuple[str, ...] = ()
    """Notes of one of these sources, given by their path or the last part of it."""
    kinds: tuple[str, ...] = ()
    """Notes of one of these kinds of document."""
    after: date | None = None
    """Notes of this day or a later one."""
    before: date | None = None
    """Notes of an earlier day."""
    without: tuple[str, ...] = ()
    """Topics that hold none of these words."""
    without_topics: tuple[str, ...] = ()
    """Topics other than these, given by their topic ids."""

    def __bool__(self) -> bool:
        """Return whether any note is left out."""
        return self != ALL_NOTES

    def __and__(self, other: NoteFilter) -> NoteFilter:
        """Return a filter that lets through what both do."""
        return NoteFilter(
            self.folders + other.folders,
            self.tags + other.tags,
            self.sources + other.sources,
            self.kinds + other.kinds,
            max(filter(None, (self.after, other.after)), default=None),
            min(filter(None, (self.before, other.before)), default=None),
            self.without + other.without,
            self.without_topics + other.without_topics,
        )


ALL_NOTES: Final = NoteFilter()


class NoteFacts(NamedTuple):
    """What a topic can be filtered by: where its note stands, what it is tagged with and when it was written."""

    row_id: int
    source: str
    path: str
    modified_ns: int
    tags: tuple[str, ...]
    days: tuple[str, ...]
    """Those of `Topic.days`."""


class Heading(NamedTuple):
    """What a topic is called, and where it stands."""

    topic_id: str
    subject: str
    title: str
    path: str
    line: int
    parents: tuple[str, ...]
    """The headings between the subject and this one, outermost first."""
    anchor: Anchor = ()
    """Where it stands in a document that is no note."""
    document: int = 0
    """The row id of its document: two sources may have documents of one path."""


def slot_bit(slot: Slot | None) -> int:
    """Return the bit that stands for a slot; 0 for an entry without one."""
    return 1 << SLOTS.index(slot) if slot else 0
