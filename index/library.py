"""Library: open, add, remove, sync, search: the pipeline on one screen"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from filelock import FileLock, Timeout

from index.catalog import Catalog, Heading, StoredDocument, StoredTopic
from index.checkpoint import checkpoint_stamp, write_checkpoint
from index.encoder import DEFAULT_MODEL, Encoder, ModelEncoder
from index.errors import LibraryBusyError, LibraryError, LibraryModelError, QuestionError, SourceError
from index.lexical import LexicalIndex
from index.records import Document, Hit, Passage, Slot, Topic
from index.snapshot import Asked, Snapshot
from index.sources import BUILTIN, FoundFile, find_files, read_document, resolve_source, source_root
from index.words import terms

READER_VERSION: Final = "2"
"""Raised when parsing or passages change: the next sync then reads every file again (equal texts keep vectors)."""

BATCH: Final = 64
"""Passages embedded between two commits: a few seconds of work, all that an interruption can cost."""

READ_AT_ONCE: Final = 1_000
"""Topics in memory at a time when all are gone through."""

WORD_CANDIDATES: Final = 50
"""Topics found by words that are looked at: those beyond share too little with the question to come first."""

LOCK_SECONDS: Final = 5.0
"""How long a second writer waits before it says who holds the lock."""

EXPORT_FOLDER: Final = "model"
"""Where, in a library's folder, its model is kept as it was exported."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is (0 where nobody knows)."""


def silent(what: str, done: int, total: int) -> None:
    """Take a report of progress and say nothing."""


class Change(NamedTuple):
    """A file that a sync has read."""

    source: str
    document: Document


@dataclass(slots=True)
class SyncReport:
    """What a sync found and did."""

    added: list[Change] = field(default_factory=list)
    updated: list[Change] = field(default_factory=list)
    touched: list[Change] = field(default_factory=list)
    """Files whose time changed and content did not."""
    removed: list[tuple[str, str]] = field(default_factory=list)
    """Source and path of each file that is gone."""
    unchanged: int = 0
    missing_sources: list[str] = field(default_factory=list)
    """Sources that are not there at present; what came from them is kept."""
    embedded: int = 0
    """Passages that needed a new vector."""

    @property
    def changed(self) -> list[Change]:
        """Return the files that were read and have new content."""
        return self.added + self.updated


class Library:
    """A folder that holds a catalog of notes and answers which topics match a question."""

    def __init__(self, folder: Path, encoder: Encoder | None = None, *, model: str | None = None) -> None:
        """Open the library in a folder, or make one there that has the bundled topics as its source.

        Texts are encoded by the encoder, or else by the model of that name or folder, or else by the one that the
        library was made with, or else by the default one.

        Raises:
            LibraryError: the folder cannot be used, or holds something else.

        """
        self.folder = folder
        is_new = not Catalog.exists(folder)
        self._catalog = Catalog(folder, create=is_new)
        self._thread_lock = threading.RLock()
        self._snapshot: Snapshot | None = None
        self._lexical: LexicalIndex | None = None
        if is_new:
            with self._catalog.change():
                self._catalog.add_source(BUILTIN)
        self.encoder = encoder or ModelEncoder(model or self.model or DEFAULT_MODEL, folder / EXPORT_FOLDER)

    def close(self) -> None:
        """Let go of the library's files."""
        self._catalog.close()

    @property
    def model(self) -> str | None:
        """The model that made the vectors; None before the first sync."""
        return self._catalog.get("model")

    @property
    def stamp(self) -> str:
        """What tells this library, as its model sees it, from every other."""
        return f"{self._catalog.id} {self.model}"

    @property
    def is_empty(self) -> bool:
        """Say whether nothing was ever indexed here."""
        return self._catalog.revision() == 0

    # what it holds

    def sources(self) -> list[str]:
        """Return the folders and files it was told to read, `builtin` for the bundled topics."""
        return self._catalog.sources()

    def documents(self) -> list[StoredDocument]:
        """Return every file of every source as it was last read."""
        return self._catalog.documents()

    def stale(self) -> list[tuple[str, str]]:
        """Return the source and path of every file that is new, changed or gone since the last sync."""
        stale = []
        for source in self.sources():
            known = {document.path: document for document in self._catalog.documents(source)}
            for file in self._files(source) if source_root(source).exists() else ():
                before = known.pop(file.name, None)
                if before is None or not _looks_unchanged(before, file.size, file.modified_ns):
                    stale.append((source, file.name))
            stale += [(source, path) for path in known]
        return stale

    def missing_sources(self) -> list[str]:
        """Return the sources that are not there at present: an unplugged disk, a renamed folder."""
        return [source for source in self.sources() if not source_root(source).exists()]

    def subjects(self) -> dict[str, int]:
        """Return every subject with the number of its topics."""
        return self.snapshot().subjects

    def sample_topics(self, count: int) -> list[StoredTopic]:
        """Return some topics to give an idea of the library, taking each subject in turn."""
        with self._thread_lock:
            return self._catalog.sample_topics(count)

    def topics(self, ids: Iterable[int]) -> dict[int, StoredTopic]:
        """Return topics by the ids that `snapshot` knows them under, without those that went in the meantime."""
        with self._thread_lock:
            return self._catalog.topics(ids)

    def headings(self) -> dict[int, Heading]:
        """Return what every topic is called and where it stands, by the ids that `snapshot` knows them under."""
        with self._thread_lock:
            return self._catalog.headings()

    def all_topics(self) -> Iterator[tuple[int, Topic]]:
        """Yield every topic with its id; a change meanwhile may be seen or not."""
        last = 0
        while chunk := self._topics_after(last):
            yield from chunk
            last = chunk[-1][0]

    def _topics_after(self, topic_id: int) -> list[tuple[int, Topic]]:
        with self._thread_lock:
            return list(islice(self._catalog.topics_after(topic_id), READ_AT_ONCE))

    def links_of(self, topic_id: int) -> list[tuple[int, int, int]]:
        """Return how a topic is linked: from topic, to topic, and by how many links the two share it with others."""
        with self._thread_lock:
            return self._catalog.links_of(topic_id)

    def snapshot(self) -> Snapshot:
        """Return the present revision in memory; a sync that has landed since, by any process, is seen."""
        with self._thread_lock:
            if self._snapshot is None or self._snapshot.revision != self._catalog.revision():
                with self._catalog.view():
                    self._snapshot = Snapshot.load(self._catalog, self.folder, self._snapshot)
            return self._snapshot

    # notes in

    def add(self, path: str | Path) -> str:
        """Remember a folder or file as a source and return its name here; the next sync reads it.

        Raises:
            SourceError: nothing readable is there.

        """
        source = resolve_source(path)
        with self._writing(), self._catalog.change():
            self._catalog.add_source(source)
        return source

    def remove(self, path: str | Path) -> str:
        """Forget a source and all that came from it, and return its name; the files themselves stay as they are.

        Raises:
            SourceError: it is not a source of this library.

        """
        source = BUILTIN if str(path) == BUILTIN else str(Path(path).expanduser().resolve())
        if source not in self.sources():
            known = ", ".join(self.sources()) or "none"
            raise SourceError(f"{source} is not a source of this library. Its sources: {known}.")
        with self._writing():
            with self._catalog.change():
                self._catalog.remove_source(source)
                self._catalog.advance_revision()
            self._cast_shadows()
        return source

    def sync(self, progress: Progress = silent, *, reembed: bool = False) -> SyncReport:
        """Bring the library in step with its sources; only new text is embedded.

        Interrupted at any moment, the library stays as it was, and the vectors made so far are used next time. With
        `reembed`, the encoder's model takes the place of the one the library was made with.
        """
        if not reembed:
            self._check_model()
        with self._writing():
            progress("Preparing the model", 0, 0)
            self.encoder.prepare()
            report = self._look_for_changes(progress, read_all=reembed)
            passages = [self._passages(change.document) for change in report.changed]
            report.embedded = self._embed(passages, progress)
            self._apply(report, passages)
            progress("Ordering", 0, 0)
            self._cast_shadows()
        return report

    def _look_for_changes(self, progress: Progress, *, read_all: bool) -> SyncReport:
        report = SyncReport()
        read_all = read_all or self._catalog.get("reader") != READER_VERSION
        for source in self.sources():
            if not source_root(source).exists():
                report.missing_sources.append(source)
                continue
            known = {document.path: document for document in self._catalog.documents(source)}
            files = self._files(source)
            for position, file in enumerate(files, start=1):
                progress("Reading", position, len(files))
                before = known.pop(file.name, None)
                if before and not read_all and _looks_unchanged(before, file.size, file.modified_ns):
                    report.unchanged += 1
                    continue
                change = Change(source, read_document(file))
                if before is None:
                    report.added.append(change)
                elif not read_all and before.fingerprint == change.document.fingerprint != "":
                    report.touched.append(change)
                else:
                    report.updated.append(change)
            report.removed += [(source, path) for path in known]
        return report

    def _files(self, source: str) -> list[FoundFile]:
        """Return a source's files; those of a source inside it are only that one's."""
        return list(
            find_files(source_root(source), {source_root(other) for other in self.sources()} - {source_root(source)})
        )

    def _passages(self, document: Document) -> list[list[Passage]]:
        # it brings langchain, a quarter of a second to import: only notes coming in need that, questions never
        from index.passages import topic_passages

        encoder = self.encoder
        return [topic_passages(topic, encoder.max_tokens, encoder.count_tokens) for topic in document.topics]

    def _embed(self, passages: list[list[list[Passage]]], progress: Progress) -> int:
        """Make the vectors that are missing, committing batch by batch; return how many that were."""
        texts = (passage.text for document in passages for topic in document for passage in topic)
        missing = sorted(self._catalog.texts_without_vector(self.encoder.name, texts), key=len)
        encode = self.encoder.document_encoder(len(missing))
        for start in range(0, len(missing), BATCH):
            progress("Embedding", start, len(missing))
            batch = missing[start : start + BATCH]
            vectors = encode(batch)
            with self._catalog.change():
                self._catalog.put_vectors(self.encoder.name, batch, vectors)
        progress("Embedding", len(missing), len(missing))
        return len(missing)

    def _apply(self, report: SyncReport, passages: list[list[list[Passage]]]) -> None:
        """Write what a sync found, in one transaction."""
        catalog = self._catalog
        with catalog.change():
            for source, path in report.removed:
                catalog.remove_document(source, path)
            for source, document in report.touched:
                catalog.touch_document(source, document)
            for (source, document), parts in zip(report.changed, passages, strict=True):
                catalog.put_document(source, document, parts, self.encoder.name)
            catalog.set("model", self.encoder.name)
            catalog.set("reader", READER_VERSION)
            if report.changed or report.removed or not catalog.revision():
                catalog.advance_revision()

    def _cast_shadows(self) -> None:
        """Bring the files that searching is fast by in step with the catalog."""
        catalog, folder = self._catalog, self.folder
        with _disk_errors(folder):
            LexicalIndex.catch_up(folder, catalog)
            if self.snapshot().is_checkpoint_due:
                write_checkpoint(folder, catalog)
                self._snapshot = None
        stamp = checkpoint_stamp(folder, catalog)
        with catalog.change():
            catalog.forget_gone_until(stamp.revision if stamp else catalog.revision())

    # a question out

    def search(
        self, question: str, limit: int = 10, *, subject: str | None = None, slot: Slot | None = None
    ) -> list[Hit]:
        """Return up to `limit` topics that match a question, best first.

        With a subject (in any case) or a slot, only topics that have it are searched, and only entries in the slot
        are scored.

        Raises:
            QuestionError: the question is longer than the model reads, or there is no such subject.

        """
        self._check_model()
        self._check_length(question)
        query = self.encoder.encode_queries([question])[0]
        words = list(dict.fromkeys(terms(question)))
        while True:
            snapshot = self.snapshot()
            known_subject = None if subject is None else _known_subject(subject, snapshot.subjects)
            shares = self.lexical().best(words, WORD_CANDIDATES, subject=known_subject, slot=slot)
            ranked = snapshot.nearest_topics(Asked(question, query, shares, known_subject, slot), limit)
            stored = self.topics(topic.topic_id for topic in ranked)
            if len(stored) == len(ranked) or snapshot is self.snapshot():
                break  # otherwise a sync landed between the ranking and the reading: rank what is there now
        return [
            Hit(
                topic.topic_id,
                stored[topic.topic_id].stable_id,
                stored[topic.topic_id].topic,
                stored[topic.topic_id].path,
                topic.score,
                topic.entry_scores,
                topic.entry_spans,
            )
            for topic in ranked
            if topic.topic_id in stored
        ]

    def rank_by_meaning(self, question: str, limit: int) -> list[int]:
        """Return topics by the cosine of their nearest passage alone: the plain method, to compare with."""
        return self.snapshot().nearest_passages(self.encoder.encode_queries([question])[0], limit)

    def rank_by_words(self, question: str, limit: int) -> list[int]:
        """Return topics by BM25 alone: the other plain method."""
        return list(self.lexical().best(list(dict.fromkeys(terms(question))), limit))

    def rarity(self, word: str) -> float:
        """Return how much the stem of a word tells here: the fewer topics hold it, the more."""
        return self.lexical().rarity(word)

    def has_title(self, title: str) -> bool:
        """Say whether a topic has this title, as titles are compared."""
        return self.snapshot().has_title(title)

    def lexical(self) -> LexicalIndex:
        """Return the index of words, as near to the present revision as it has come."""
        with self._thread_lock:
            if self._lexical is None or self._lexical.revision != self._catalog.revision():
                self._lexical = LexicalIndex.open(self.folder, self._catalog)
            return self._lexical

    def _check_length(self, question: str) -> None:
        length = self.encoder.count_tokens(question)
        if length > self.encoder.max_tokens:
            raise QuestionError(
                f"The question is too long: {length} tokens (pieces of words), and the model reads at most "
                f"{self.encoder.max_tokens} at once. Ask it in a sentence or two."
            )

    def _check_model(self) -> None:
        if self.model not in (None, self.encoder.name):
            raise LibraryModelError(
                f"The library at {self.folder} was made with the model {self.model!r}, not {self.encoder.name!r}. "
                "Leave the model setting out to go on with the library's own, or embed all notes again with "
                f"`topics sync --reembed --model {self.encoder.name}`."
            )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the lock that only one writer at a time may have."""
        holder = self.folder / "writer.txt"
        lock = FileLock(self.folder / "write.lock", timeout=LOCK_SECONDS)
        try:
            with _disk_errors(self.folder):
                lock.acquire()
                holder.write_text(f"process {os.getpid()}, since {datetime.now():%H:%M:%S}", encoding="utf-8")
        except Timeout as error:
            who = holder.read_text(encoding="utf-8") if holder.exists() else "unknown"
            raise LibraryBusyError(
                f"Another process is changing the library at {self.folder} ({who}). "
                "Wait until it has finished, then repeat."
            ) from error
        try:
            yield
        finally:
            lock.release()


@contextmanager
def _disk_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except Timeout:  # it is an OSError, too
        raise
    except OSError as error:
        raise LibraryError(
            f"The library at {folder} cannot be changed ({error.strerror or error}). "
            "Make its folder writable and see that its disk has room, or choose another folder with --library."
        ) from error


def _looks_unchanged(before: StoredDocument, size: int, modified_ns: int) -> bool:
    return before.status != "failed" and (before.size, before.modified_ns) == (size, modified_ns)


def _known_subject(wanted: str, subjects: dict[str, int]) -> str:
    for subject in subjects:
        if subject.casefold() == wanted.casefold():
            return subject
    known = ", ".join(sorted(subjects)[:20]) or "none yet"
    raise QuestionError(f"There is no subject {wanted!r} in this library. Its subjects: {known}.")
