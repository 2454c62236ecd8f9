"""Library: a folder of notes that takes in what it is told to read, and finds which topics match a question

The facade: each method asks the room that does it. What the record of the notes says in detail is asked of `reader`,
and what concerns the library's files of `storage`. What only some methods need is imported by them, so that looking at
a library loads neither its engine nor its model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from index.embedding import DEFAULT_MODEL, EXPORT_FOLDER, ModelEncoder, check_model, make_ready
from index.engine import open_storage
from index.errors import SettingError, SourceError
from index.formats import DEFAULT_LIMITS, Limits
from index.progress import CancelToken, Progress, never, silent
from index.records import (
    ALL_NOTES,
    Hit,
    NoteFilter,
    Patterns,
    Slot,
    StoredDocument,
    StoredTopic,
    Topic,
)
from index.sources import BUILTIN, Ignored, resolve_source, source_name
from index.storage import DenseReader, LexicalReader, Reader

if TYPE_CHECKING:
    from index.embedding import CrossEncoder, Encoder, Measure
    from index.indexing import Comparison, SyncReport
    from index.retrieval import LatestNoteIndex, Narrowed, NoteIndex, Query, SearchResults


class Library:
    """A folder of notes, or the same on a server.

    Any number of threads may ask while one of them syncs: whoever writes does so by a connection of its own.
    """

    def __init__(
        self,
        place: Path | str,
        encoder: Encoder | None = None,
        *,
        model: str | None = None,
        models: Path | None = None,
        limits: Limits = DEFAULT_LIMITS,
        measure: Measure | None = None,
        beside: Path | None = None,
        reranker: CrossEncoder | None = None,
        may_make: bool = True,
    ) -> None:
        """Open the library in a folder or at an address, or make one with the bundled topics where there is none.

        Texts are encoded by `encoder`, or else by the `model` of that name or folder, or else by the model that the
        library was made with, or else by the default one. The model's export is stored in `models`, for all libraries,
        or else in this one; where neither has it, a search loads torch until `prepare_model` or a sync has made it.
        `measure` finds out once what the similarities of another model than the default one mean.
        `limits` bound what a document that is no note may cost. A `reranker` also reads the first twenty topics. For a
        library on a server, `beside` is the folder for what stays on this machine. Unless `may_make`, the library has
        to exist.

        Raises:
            LibraryError: the folder or the server cannot be used, or what is there is no library.
            SettingError: a server's library needs a place for what stays here.

        """
        self.storage = open_storage(place, may_make=may_make)
        self.reader = self.storage.reader
        self.place = place
        self.folder = self.storage.folder or _kept_here(beside)
        if self.storage.is_new:
            with self.storage.writing() as writer, writer.change():
                writer.add_source(BUILTIN)
        self.limits = limits
        self.reranker = reranker
        self.encoder = encoder or ModelEncoder(
            model or self.model or DEFAULT_MODEL, self.folder / EXPORT_FOLDER, models, measure
        )

    @cached_property
    def _notes(self) -> LatestNoteIndex:
        from index.retrieval import LatestNoteIndex

        return LatestNoteIndex()

    def another(self) -> Library:
        """Return another library object for the same place and model; whoever uses it closes it."""
        return Library(self.place, self.encoder, limits=self.limits, beside=self.folder)

    @property
    def name(self) -> str:
        """What a person calls it: its folder, or its address."""
        return self.storage.name

    @property
    def is_on_server(self) -> bool:
        """Return whether others may use it from other machines."""
        return self.storage.folder is None

    def close(self) -> None:
        """Close its files or connections."""
        self.storage.close()

    @property
    def model(self) -> str | None:
        """The model that made the vectors; None before the first sync."""
        return self.reader.get("model")

    @property
    def fingerprint(self) -> str:
        """A name that no other library has, nor this one with another model."""
        return f"{self.reader.id} {self.model}"

    @property
    def renewed_at(self) -> datetime | None:
        """When a sync last found something new, in whichever process; None before that."""
        from index.indexing import RENEWED

        at = self.reader.get(RENEWED)
        return datetime.fromisoformat(at) if at else None

    @property
    def is_unread(self) -> bool:
        """Return whether no sync has landed here yet, though sources may be known."""
        return self.model is None

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was ever indexed here."""
        return self.reader.revision() == 0

    # what it holds

    def sources(self) -> list[str]:
        """Return its sources: folders and files, and `builtin` for the bundled topics."""
        return self.reader.sources()

    def documents(self) -> list[StoredDocument]:
        """Return every file of every source as it was last read."""
        return self.reader.documents()

    def compared(self) -> list[Comparison]:
        """Return each source, comparing its files with those last read."""
        from index.indexing import compare

        return list(compare(self.reader))

    def subjects(self) -> dict[str, int]:
        """Return every subject with the number of its topics."""
        from index.text import merged

        return merged(self.reader.subjects())

    def topics(self, ids: Iterable[int]) -> dict[int, StoredTopic]:
        """Return topics by their row ids, as `snapshot` has them, without those that were deleted in the meantime."""
        return self.reader.topics(ids)

    def all_topics(self) -> Iterator[tuple[int, Topic]]:
        """Return every topic with its row id, one by one; a change meanwhile may be seen or not."""
        return self.reader.topics_after(0)

    def leads(self, stored: StoredTopic) -> dict[str, str]:
        """Return the id of the topic that each link in a topic leads to, by the link as it is written."""
        from index.catalog import place_of
        from index.markdown import link_targets

        targets = [target for entry in stored.topic.entries for target in link_targets(entry.text)]
        return self.reader.leads(targets, place_of(stored.source, stored.path))

    def snapshot(self) -> DenseReader:
        """Return the vectors of the present revision; a sync that has landed since, by any process, is seen."""
        return self.reader.snapshot()

    def learned(self) -> list[tuple[str, str]]:
        """Return every question that was learned, each with the id of the topic it is a way to ask for."""
        return self.reader.all_learned()

    def lexical(self) -> LexicalReader:
        """Return the words of the present revision, or of the one before while it is being written."""
        return self.reader.lexical()

    # notes in

    def add(self, path: str | Path, *, include: Iterable[str] = (), exclude: Iterable[str] = ()) -> str:
        """Remember a folder or file as a source and return its name here; the next sync reads it.

        Of a folder, only files that match a pattern of `include` are read, if there are any, and none that match one
        of `exclude`, both as in .gitignore. A source that is added again has the patterns given last.

        Raises:
            SourceError: nothing readable is there.

        """
        source = resolve_source(path)
        patterns = Patterns(tuple(include), tuple(exclude))
        Ignored.by(*patterns)  # before they are remembered: a sync could do nothing with one that means nothing
        with self.storage.writing() as catalog, catalog.change():
            catalog.add_source(source, patterns)
        return source

    def remove(self, path: str | Path) -> str:
        """Forget a source and all that came from it, and return its name; the files themselves stay as they are.

        Raises:
            SourceError: it is not a source of this library.

        """
        source = source_name(path)
        if source not in self.sources():
            known = ", ".join(self.sources()) or "none"
            raise SourceError(f"{source} is not a source of this library. Its sources: {known}.")
        with self.storage.writing() as catalog:
            with catalog.change():
                catalog.remove_source(source)
                catalog.advance_revision()
            catalog.refresh()
        return source

    def sync(
        self,
        progress: Progress = silent,
        is_cancelled: CancelToken = never,
        *,
        reembed: bool = False,
        prune: bool = False,
        by_workers: bool = False,
    ) -> SyncReport:
        """Bring the library in step with its sources; only new text is embedded.

        Much new text comes in several revisions, each note whole in one of them, so that what came first is found while
        the rest is embedded. Interrupted at any moment, or told to stop by `is_cancelled`, the library keeps the
        revisions that were made, and the next sync goes on from there. With `reembed`, the encoder's model takes the
        place of the one the library was made with; another model does so in one revision. A source that is not there,
        or has no file any more, keeps what came from it unless `prune`. On a server, what is new may be embedded
        `by_workers`, which are waited for.

        Raises:
            LibraryModelError: the library was made with another model, and `reembed` is not asked for or not possible.
            LibraryError: the library cannot be changed.

        """
        from index.indexing import sync

        ways = {"reembed": reembed, "prune": prune, "by_workers": by_workers}
        return sync(self.storage, self.encoder, progress, is_cancelled, limits=self.limits, **ways)

    def prepare_model(self, progress: Progress = silent) -> None:
        """Export the encoder's model, and get to know its numbers, where that was not done yet.

        Raises:
            ModelError: the model cannot be used.

        """
        make_ready(self.encoder, progress, thoroughly=self.model is None)

    # kept in order

    def repair(self) -> None:
        """Delete what is left over and make anew what is damaged; notes and vectors in use are not touched."""
        with self.storage.writing() as catalog:
            catalog.repair()

    def renew_export(self) -> None:
        """Export the model anew; questions are answered by the export."""
        with self.storage.writing():
            self.encoder.store.prepare()

    # what a question teaches

    def learn(self, question: str, topic_id: str) -> None:
        """Let a question be one more way to ask for a topic, given by its id.

        It is stored in the library and not in the note, searched and never shown; it stays as long as the topic's id.

        Raises:
            QuestionError: the question is longer than the model reads, or there is no such topic.
            LibraryError: the library cannot be changed.

        """
        self.learn_all([(question, topic_id)])

    def learn_all(self, learned: Sequence[tuple[str, str]]) -> None:
        """Let questions be ways to ask, each for a topic that is given by its id, in one transaction.

        Raises:
            QuestionError: a question is longer than the model reads, or there is no such topic.
            LibraryError: the library cannot be changed.

        """
        from index.indexing import learn

        learn(self.storage, self.encoder, learned)

    def unlearn(self, question: str | None = None, topic_id: str | None = None) -> None:
        """Let a question, or every one, be a learned way to ask for a topic, or for any, no more."""
        from index.indexing import unlearn

        unlearn(self.storage, self.encoder, question, topic_id)

    def wipe(self) -> None:
        """See that nothing of what was deleted or unlearned stands in any of the library's files.

        Raises:
            LibraryError: another process reads the library, which keeps what was from being overwritten.

        """
        with self.storage.writing() as catalog:
            catalog.wipe()

    # a question out

    def search(
        self, question: str, limit: int = 10, *, subject: str | None = None, slot: Slot | None = None
    ) -> list[Hit]:
        """Return up to `limit` topics that match a question, best first; as `find` does."""
        return self.find(question, limit, subject=subject, slot=slot).hits

    def find(
        self,
        question: str,
        limit: int = 10,
        *,
        subject: str | None = None,
        slot: Slot | None = None,
        notes: NoteFilter = ALL_NOTES,
        as_typed: bool = False,
    ) -> SearchResults:
        """Return up to `limit` topics that match a question, best first, and how the question was understood.

        With a subject (in any case) or a slot, given here or in the question, only topics that have it are searched,
        and only entries in the slot are scored; and only topics of `notes`, of all that the question says of them, too.
        Topics that contain what the question quotes come first. Misspelt words are corrected, unless the question is to
        be taken `as_typed`.

        Raises:
            QuestionError: the question is longer than the model reads, or there is no such subject, folder, tag, source
                or kind of document.

        """
        from index.retrieval import find_topics

        return find_topics(
            self.storage,
            self.encoder,
            self._notes,
            question,
            limit,
            subject=subject,
            slot=slot,
            notes=notes,
            as_typed=as_typed,
            cross_encoder=self.reranker,
        )

    def expect(self, question: str) -> None:
        """Prefetch what understanding a question needs, in one journey to a server."""
        from index.retrieval import expect

        expect(self.reader, question)

    @property
    def edition(self) -> tuple[int, int]:
        """The present revisions of vectors and of words, on which answers depend."""
        snapshot, lexical = self.reader.present()
        return snapshot.revision, lexical.revision

    def note_index(self) -> NoteIndex:
        """Return the notes of the present revision by what they can be filtered by."""
        return self._notes.get(self.reader)

    def reading(self) -> AbstractContextManager[Reader]:
        """Read one revision in everything inside, in this thread, where the engine can hold one."""
        return self.storage.reading()

    def topics_of(self, notes: NoteFilter) -> list[int]:
        """Return the topics of some notes, the newest first.

        Raises:
            QuestionError: there is no such folder, tag, source or kind of document.

        """
        with self.reading() as reader:
            index, allowed = self._notes.get(reader), self._notes.allowed(reader, notes)
            ids: list[int] = index.newest_first(index.row_ids if allowed is None else allowed).tolist()
            return ids

    def narrowed(self, question: str) -> Narrowed:
        """Return a question without its filters, and the filters.

        Raises:
            QuestionError: there is no such slot, or nothing but a subject or slot.

        """
        from index.retrieval import narrowed
        from index.text import compared

        return narrowed(question, date.today(), lambda text: self.lexical().holds(compared(text)))

    def query(self, question: str) -> Query:
        """Return a question as it is understood in this library, by `understand`."""
        from index.retrieval import understand

        return understand(question, self.lexical(), self.encoder.tokenizer)

    def check_model(self) -> None:
        """Raise LibraryModelError where the library was made with another model than its encoder's."""
        check_model(self.storage, self.encoder)


def _kept_here(beside: Path | None) -> Path:
    """Return the folder for what belongs to a library on a server and stays on this machine."""
    if beside is None:
        raise SettingError("A library on a server needs a folder of this machine for what is kept beside it.")
    beside.mkdir(parents=True, exist_ok=True)
    return beside
