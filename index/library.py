"""Library: open, add, remove, sync, search: the pipeline on one screen"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final

from index.catalog import Catalog, Heading, Patterns, StoredDocument, StoredTopic
from index.encoder import DEFAULT_MODEL, Encoder, ModelEncoder
from index.errors import LibraryModelError, QuestionError, SourceError
from index.finding import WORD_CANDIDATES, Found, hit, holding, known_subject, understand
from index.lexical import LexicalIndex
from index.lock import writing
from index.query import Query
from index.records import Hit, Slot, Topic
from index.snapshot import Asked, Snapshot
from index.sources import BUILTIN, resolve_source
from index.sync import (
    RENEWED,
    Comparison,
    Progress,
    SyncReport,
    compare,
    cut,
    embed,
    look_for_changes,
    silent,
    write,
)
from index.teach import renew
from index.upkeep import Leftovers, cast_shadows, left_over, tidy
from index.words import terms, title_key

READ_AT_ONCE: Final = 1_000
"""Topics in memory at a time when all are gone through."""

EXPORT_FOLDER: Final = "model"
"""Where, in a library's folder, its model is kept as it was exported."""


class Library:
    """A folder that holds a catalog of notes and answers which topics match a question.

    Any number of threads may ask while one of them syncs: whoever writes does so by a connection of its own.
    """

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

    def recall(self, key: str) -> str | None:
        """Return what was remembered under a name."""
        with self._thread_lock:
            return self._catalog.get(key)

    def remember(self, key: str, value: str) -> None:
        """Keep a value under a name, beside the notes."""
        with self._changing() as catalog, catalog.change():
            catalog.set(key, value)

    @property
    def renewed_at(self) -> datetime | None:
        """When a sync last found something new, in whichever process; None before that."""
        at = self.recall(RENEWED)
        return datetime.fromisoformat(at) if at else None

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

    def patterns(self, source: str) -> Patterns:
        """Return which files of a source are read."""
        return self._catalog.patterns(source)

    def compared(self) -> list[Comparison]:
        """Return each source as it is now, beside what was last read of it."""
        return list(compare(self._catalog))

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

    def add(self, path: str | Path, *, include: Iterable[str] = (), exclude: Iterable[str] = ()) -> str:
        """Remember a folder or file as a source and return its name here; the next sync reads it.

        Of a folder, only files that match a pattern of `include` are read, if there are any, and none that match one
        of `exclude`, both as in .gitignore. A source that is added again has the patterns given last.

        Raises:
            SourceError: nothing readable is there.

        """
        source = resolve_source(path)
        with self._changing() as catalog, catalog.change():
            catalog.add_source(source, Patterns(tuple(include), tuple(exclude)))
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
        with self._changing() as catalog:
            with catalog.change():
                catalog.remove_source(source)
                catalog.advance_revision()
            cast_shadows(self.folder, catalog)
        return source

    def sync(self, progress: Progress = silent, *, reembed: bool = False, prune: bool = False) -> SyncReport:
        """Bring the library in step with its sources; only new text is embedded.

        Interrupted at any moment, the library stays as it was, and the vectors made so far are used next time. With
        `reembed`, the encoder's model takes the place of the one the library was made with. A source that is not
        there, or has no file any more, keeps what came from it unless `prune`.
        """
        if not reembed:
            self._check_model()
        encoder = self.encoder
        with self._changing() as catalog:
            if not encoder.is_ready():
                progress("Preparing the model", 0, 0)
                encoder.prepare()
            report = look_for_changes(catalog, progress, read_all=reembed, prune=prune)
            passages = cut(catalog, report, encoder)
            report.embedded = embed(catalog, encoder, passages, progress)
            write(catalog, report, passages, encoder.name)
            progress("Ordering", 0, 0)
            cast_shadows(self.folder, catalog)
        return report

    # kept in order

    def damage(self) -> str:
        """Return what is wrong with the catalog itself; nothing where it is sound."""
        return self._catalog.damage()

    def left_over(self) -> Leftovers:
        """Return what writers that were cut off have left, and which files made from the catalog are damaged."""
        return left_over(self.folder, self._catalog)

    def tidy(self) -> None:
        """Remove what was left over and make anew what is damaged; notes and vectors in use are not touched."""
        with self._changing() as catalog:
            tidy(self.folder, catalog)

    @contextmanager
    def _changing(self) -> Iterator[Catalog]:
        """Hold the writers' lock and give a connection for writing: questions go on over the other one."""
        with writing(self.folder), closing(Catalog(self.folder)) as catalog:
            yield catalog

    # what a question teaches

    def learn(self, question: str, topic_id: str) -> None:
        """Let a question be one more way to ask for a topic, given by its stable id.

        It is kept here and written to no file, searched and never shown; it stays while the topic's id does.

        Raises:
            QuestionError: the question is longer than the model reads, or there is no such topic.
            LibraryError: the library cannot be changed.

        """
        self._check_length(question)
        with self._thread_lock:
            is_there = bool(self._catalog.topic_ids(topic_id))
        if not is_there:
            raise QuestionError("That topic is no longer in the library. Ask again, and mark what is found then.")
        self._teach(topic_id, lambda catalog: catalog.learn(title_key(question), question, topic_id))

    def unlearn(self, question: str, topic_id: str) -> None:
        """Let a question be a learned way to ask for a topic no more; nothing where it was none."""
        key = title_key(question)
        if any((title_key(learned), id_) == (key, topic_id) for learned, id_ in self.learned()):
            self._teach(topic_id, lambda catalog: catalog.unlearn(key, topic_id))

    def learned(self) -> list[tuple[str, str]]:
        """Return every question that was learned, each with the stable id of the topic it is a way to ask for."""
        with self._thread_lock:
            return self._catalog.all_learned()

    def _teach(self, topic_id: str, change: Callable[[Catalog], None]) -> None:
        """Change what a topic has learned, and make its passages anew, in one transaction."""
        self._check_model()
        with self._changing() as catalog:
            with catalog.change():
                change(catalog)
                renew(catalog, self.encoder, topic_id)
                catalog.advance_revision()
            cast_shadows(self.folder, catalog)

    # a question out

    def search(
        self, question: str, limit: int = 10, *, subject: str | None = None, slot: Slot | None = None
    ) -> list[Hit]:
        """Return up to `limit` topics that match a question, best first; as `find` does."""
        return self.find(question, limit, subject=subject, slot=slot).hits

    def find(self, question: str, limit: int = 10, *, subject: str | None = None, slot: Slot | None = None) -> Found:
        """Return up to `limit` topics that match a question, best first, and how the question was understood.

        With a subject (in any case) or a slot, given here or in the question, only topics that have it are searched,
        and only entries in the slot are scored. Topics that hold what the question quotes come first.

        Raises:
            QuestionError: the question is longer than the model reads, or there is no such subject.

        """
        self._check_model()
        self._check_length(question)
        query = self.query(question)
        subject, slot = query.subject or subject, query.slot or slot
        vector = self.encoder.encode_queries([query.text])[0]
        words = list(dict.fromkeys(terms(query.text)))
        while True:
            snapshot = self.snapshot()
            within = None if subject is None else known_subject(subject, snapshot.subjects)
            lexical = self.lexical()
            shares = lexical.best(words, WORD_CANDIDATES, subject=within, slot=slot)
            learned = self._learned_topics(question)
            literal = holding(query.literals, shares, lexical, self.topics, subject=within, slot=slot)
            asked = Asked(query.text, vector, shares, learned, literal, within, slot)
            ranked = snapshot.nearest_topics(asked, limit)
            stored = self.topics(topic.topic_id for topic in ranked)
            if len(stored) == len(ranked) or snapshot is self.snapshot():
                break  # otherwise a sync landed between the ranking and the reading: rank what is there now
        return Found(
            query, vector, [hit(topic, stored[topic.topic_id]) for topic in ranked if topic.topic_id in stored]
        )

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

    def query(self, question: str) -> Query:
        """Return a question as it is understood here; as `understand` does."""
        return understand(question, self.lexical(), self.encoder)

    def _learned_topics(self, question: str) -> list[int]:
        with self._thread_lock:
            return self._catalog.topics_asked_by(title_key(question))

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
