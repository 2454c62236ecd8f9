"""what every engine offers, and all that the rest of the product sees of it

Storage ─┬─ reading() -> Reader: one revision for as long as a question lasts
         │     CatalogReader   what the record of every note says, by id and page by page
         │     DenseReader     which passages are nearest, and how near topics are
         │     LexicalReader   which topics hold the words, and how rare each word is
         └─ writing() -> Writer: one for each library at a time; a change is one transaction

The engine names candidates and gives their rows, the product ranks: no method here returns a finished answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from index.records import (
    Document,
    DocumentKey,
    Encoded,
    EntryTokens,
    Heading,
    KeptDocument,
    KeptVector,
    NoteFacts,
    Passage,
    Patterns,
    Slot,
    Span,
    StoredDocument,
    StoredTopic,
    Topic,
    Trait,
    Vectors,
)
from index.storage.journal import JournalStore
from index.storage.searching import DenseReader, LexicalReader, Neighbours, TopicFacts
from index.storage.server_state import ServerState


@dataclass(frozen=True, slots=True)
class Orphans:
    """What a library can do without."""

    paths: tuple[Path, ...]
    """Files and folders that nothing uses."""
    unused_vectors: int
    """Vectors that no passage uses, of syncs that were interrupted."""


class CatalogReader(Protocol):
    """What the record of every note says."""

    @property
    def id(self) -> str:
        """What tells this library from every other."""

    def get(self, key: str) -> str | None:
        """Return a setting of the library."""

    def revision(self) -> int:
        """Return the number of changes this library has seen."""

    def count_passages(self) -> int:
        """Return how many passages there are."""

    def subjects(self) -> dict[str, int]:
        """Return every subject, as it is written, with the number of its topics that can be found."""

    def sources(self) -> list[str]:
        """Return the remembered sources in the order they were added."""

    def patterns(self, source: str) -> Patterns:
        """Return which files of a source are read."""

    def documents(self, source: str | None = None) -> list[StoredDocument]:
        """Return what is remembered of every file, or of one source's."""

    def documents_of(self, fingerprint: str) -> list[StoredDocument]:
        """Return what is remembered of every file that has this content."""

    def topics(self, ids: Iterable[int]) -> dict[int, StoredTopic]:
        """Return those of the topics that are there, by their ids and in that order."""

    def topics_of(self, place: DocumentKey) -> list[Topic]:
        """Return the topics of a file, in their order."""

    def topics_after(self, row_id: int) -> Iterator[tuple[int, Topic]]:
        """Yield every topic with a higher id than one, its learned questions among the ways it is asked for."""

    def row_ids(self, topic_id: str) -> list[int]:
        """Return the ids that a topic has at present: none where it is gone."""

    def note_facts(self) -> Iterator[NoteFacts]:
        """Yield what each topic can be filtered by, in the order of their ids."""

    def headings(self) -> dict[int, Heading]:
        """Return the heading of every topic by its id, in the order they were read."""

    def sample_topics(self, count: int) -> list[StoredTopic]:
        """Return some topics, taking each subject in turn and those first that say how people ask for them."""

    def links_of(self, row_id: int) -> list[tuple[int, int, int]]:
        """Return how a topic is linked: from topic, to topic, and by how many links the two share it with others."""

    def leads(self, targets: Iterable[str], place: str) -> dict[str, str]:
        """Return the id of the topic that links lead to in a document at a place, by the link as written."""

    def topics_called(self, name: str) -> list[int]:
        """Return the ids of the topics that have a name beside their title."""

    def topics_asked_by(self, key: str) -> list[int]:
        """Return the ids of the topics that a question is a learned way to ask for."""

    def learned(self, topic_id: str) -> tuple[str, ...]:
        """Return the questions that are learned ways to ask for a topic."""

    def all_learned(self) -> list[tuple[str, str]]:
        """Return every learned question with the id of its topic."""

    def topic_tokens(self, row_ids: Iterable[int], slot: Slot | None = None) -> dict[int, list[EntryTokens]]:
        """Return the binary token vectors of topics, passage by passage: those of the entries in a slot."""

    def kept_documents(self) -> Iterator[KeptDocument]:
        """Yield every file as it is kept, source by source."""

    def kept_vectors(self) -> Iterator[list[KeptVector]]:
        """Yield what was embedded, some at a time."""

    def entry_tokens(self, row_id: int, entry: int) -> list[tuple[Span, bytes]]:
        """Return where in the text of an entry each of its passages stands, with its binary token vectors, in order."""


class Reader(CatalogReader, Protocol):
    """What a library holds, for whoever reads it; any number of threads may."""

    def snapshot(self) -> DenseReader:
        """Return the vectors of the present revision."""

    def lexical(self) -> LexicalReader:
        """Return the words of the present revision."""

    def present(self) -> tuple[DenseReader, LexicalReader]:
        """Return the vectors and the words of the present revision."""

    def expect(self, question: str, words: Iterable[str]) -> None:
        """Make ready what a question and its words need, at once where each would be a journey of its own."""

    def facts_of(self, row_id: int, title: str, words: Iterable[str]) -> TopicFacts:
        """Return what a topic's neighbours are looked for by, and make ready what its title and words tell."""

    def neighbours(
        self, vector: Vectors, passages: int, words: Sequence[str], holders: int, others: Iterable[int]
    ) -> Neighbours:
        """Return the topics of so many `passages` nearest to a vector, so many `holders` of the words, and others."""


class Writer(CatalogReader, Protocol):
    """What changes a library; everything is written inside a `change`."""

    def change(self) -> AbstractContextManager[None]:
        """Make everything inside one transaction: all of it is kept, or none."""

    def attempt(self) -> AbstractContextManager[None]:
        """Make everything inside a part of a change: all of it is kept, or none while the rest of the change is.

        Raises:
            ValueError: the database takes no such values.
            LibraryError: the library cannot be changed at all.

        """

    def set(self, key: str, value: str) -> None:
        """Keep a setting of the library."""

    def advance_revision(self, *, is_last: bool = True) -> None:
        """Record that what can be found has changed; after the last change, delete vectors that nothing uses."""

    def refresh(self, *, is_last: bool = True, thoroughly: bool = False) -> None:
        """Bring the derived indexes in step with the catalog; unless `is_last`, more may be left to replay."""

    def repair(self) -> None:
        """Remove what is left over, and make anew what is damaged."""

    def wipe(self) -> None:
        """See that nothing of what was deleted stands anywhere.

        Raises:
            LibraryError: another process reads the library, which keeps what it held from being overwritten.

        """

    # sources and documents

    def add_source(self, source: str, patterns: Patterns = ...) -> None:
        """Remember a source; of one already there, only the patterns change."""

    def remove_source(self, source: str) -> None:
        """Forget a source and everything that came from it."""

    def remove_document(self, source: str, path: str) -> None:
        """Forget a file and everything that came from it."""

    def touch_document(self, source: str, document: Document) -> None:
        """Remember what else is new about a file where its content is the same."""

    def doubt_documents(self, source: str) -> None:
        """Let every file of a source count as changed, so that it is read anew when it is next there."""

    def put_document(self, source: str, document: Document, passages: Sequence[Sequence[Passage]], model: str) -> None:
        """Replace what is known of a file: its topics, and for each of them its passages."""

    # topics

    def holders(self, topic_ids: Sequence[str]) -> list[tuple[str, DocumentKey]]:
        """Return which files hold topics of some ids, an id and a file each."""

    def traits(self, place: DocumentKey) -> list[Trait]:
        """Return what the topics of a file are known by, in their order."""

    def renew_topic(self, row_id: int, topic: Topic, passages: Sequence[Passage], model: str) -> None:
        """Give a topic other passages and, so that all that follows the catalog sees it, another id."""

    def learn(self, key: str, question: str, topic_id: str) -> None:
        """Keep a question as a way to ask for a topic."""

    def unlearn(self, learned: Iterable[tuple[str, str]]) -> None:
        """Delete questions, by their keys, each as a way to ask for the topic of an id."""

    def keep_document(self, stored: KeptDocument, model: str) -> None:
        """Keep a file as another library did."""

    # vectors

    def keep_vectors(self, model: str, vectors: Sequence[KeptVector]) -> None:
        """Keep what another library has embedded with a model."""

    def hand_out(self, model: str, passages: Sequence[Passage]) -> bool:
        """Let workers on other machines embed passages; return whether there can be any."""

    def handed_out(self, model: str) -> int:
        """Return how many passages still wait for a worker."""

    def not_encoded(self, model: str, passages: Iterable[Passage]) -> list[Passage]:
        """Return those of the passages, each text once, that the model has yet to encode."""

    def put_encoded(self, model: str, passages: Sequence[Passage], encoded: Encoded) -> None:
        """Keep passages as the model reads them: vectors in half precision, and the binary token vectors of entries."""


class Worker(Protocol):
    """What embeds passages that wait."""

    def work(self) -> int:
        """Embed some and return how many that were; 0 where none waits."""

    def close(self) -> None:
        """Close the connection."""


class Storage(Protocol):
    """The storage of a library."""

    @property
    def name(self) -> str:
        """What a person calls it: its folder, or its address without any secret."""

    @property
    def folder(self) -> Path | None:
        """Where its files lie on this machine; None where they lie on a server."""

    @property
    def is_new(self) -> bool:
        """Whether it was made by being opened."""

    @property
    def reader(self) -> Reader:
        """What reads the present revision, call by call."""

    def reading(self) -> AbstractContextManager[Reader]:
        """Read one revision in everything inside, in this thread, as far as the engine can hold it.

        An engine that cannot tells of a sync that lands in between by another `snapshot`.
        """

    def writing(self) -> AbstractContextManager[Writer]:
        """Keep other writers out.

        Raises:
            LibraryBusyError: another one is writing.
            LibraryError: the library cannot be changed.

        """

    def at_rest(self) -> AbstractContextManager[None]:
        """Keep writers out while files are looked at, where there are any.

        Raises:
            LibraryBusyError: another process is writing.

        """

    def damage(self) -> str:
        """Return what is wrong with the catalog itself; nothing where it is sound."""

    def damaged_indexes(self) -> tuple[str, ...]:
        """Return which of the indexes made from the catalog are damaged, or out of step with it."""

    def left_over(self) -> Orphans:
        """Return what writers that were cut off have left."""

    def is_there(self) -> bool:
        """Return whether the library can still be opened: it may have been moved away."""

    def read_file(self, name: str) -> str | None:
        """Return the text of a small file that belongs to the library; None where it is missing or damaged."""

    def write_file(self, name: str, content: str | None) -> None:
        """Write a small file that belongs to the library, the same for all who use it; None deletes it.

        Raises:
            OSError: the folder cannot be written.
            LibraryError: the server cannot be reached, or refuses.

        """

    def change_file(self, name: str, change: Callable[[str | None], str]) -> None:
        """Replace the text of a small file by what `change` makes of it, as if nobody else were changing it.

        `change` is given None where the file is missing or damaged, and may be called more than once.

        Raises:
            OSError: the folder cannot be written.
            LibraryError: the server cannot be reached, or refuses.

        """

    def journal(self) -> JournalStore | None:
        """Return the journal that all share who use the library; None where it is a file of its folder."""

    def news(self, seconds: float) -> bool:
        """Wait up to some seconds for a change that somebody else makes; say whether one has landed."""

    def server_state(self) -> ServerState | None:
        """Return how the server fares; None where there is none."""

    def worker(self, model: str, encode: Callable[[Sequence[str]], Encoded]) -> Worker | None:
        """Return what embeds for others, where others can ask for it."""

    def close(self) -> None:
        """Close files and connections."""
