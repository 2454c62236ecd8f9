"""what a library holds, for whoever reads it: its notes as they are kept, and its present revision in memory"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path

from index.catalog import Catalog, Heading, Patterns, StoredDocument, StoredTopic, place_of
from index.engine import LexicalIndex, Snapshot
from index.indexing import RENEWED, Comparison, Orphans, compare, damaged_indexes, left_over
from index.markdown import link_targets
from index.records import EntrySigns, Slot, Span, Topic
from index.sources import BUILTIN
from index.storage import writing
from index.text import merged, title_key


class LibraryReader:
    """A folder that holds a catalog of notes; any number of threads may read it while another one writes."""

    def __init__(self, folder: Path) -> None:
        """Open the library in a folder, or make one there that has the bundled topics as its source.

        Raises:
            LibraryError: the folder cannot be used, or its catalog is none.

        """
        self.folder = folder
        is_new = not Catalog.exists(folder)
        self._catalog = Catalog(folder, create=is_new)
        self._lock = threading.Lock()  # a revision is loaded once, however many threads ask for it
        self._snapshot: Snapshot | None = None
        self._lexical: LexicalIndex | None = None
        if is_new:
            with self._catalog.change():
                self._catalog.add_source(BUILTIN)

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
    def renewed_at(self) -> datetime | None:
        """When a sync last found something new, in whichever process; None before that."""
        at = self.recall(RENEWED)
        return datetime.fromisoformat(at) if at else None

    @property
    def is_unread(self) -> bool:
        """Say whether no sync has landed here yet, though sources may be known."""
        return self.model is None

    @property
    def is_empty(self) -> bool:
        """Say whether nothing was ever indexed here."""
        return self._catalog.revision() == 0

    def recall(self, key: str) -> str | None:
        """Return what was remembered under a name."""
        return self._catalog.get(key)

    # its notes

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
        return merged(self.snapshot().subjects)

    def sample_topics(self, count: int) -> list[StoredTopic]:
        """Return some topics to give an idea of the library, taking each subject in turn."""
        return self._catalog.sample_topics(count)

    def topics(self, ids: Iterable[int]) -> dict[int, StoredTopic]:
        """Return topics by the ids that `snapshot` knows them under, without those that went in the meantime."""
        return self._catalog.topics(ids)

    def headings(self) -> dict[int, Heading]:
        """Return what every topic is called and where it stands, by the ids that `snapshot` knows them under."""
        return self._catalog.headings()

    def all_topics(self) -> Iterator[tuple[int, Topic]]:
        """Return every topic with its id, one by one; a change meanwhile may be seen or not."""
        return self._catalog.topics_after(0)

    def links_of(self, topic_id: int) -> list[tuple[int, int, int]]:
        """Return how a topic is linked: from topic, to topic, and by how many links the two share it with others."""
        return self._catalog.links_of(topic_id)

    def leads(self, stored: StoredTopic) -> dict[str, str]:
        """Return the stable id of the topic that each link in a topic leads to, by the link as it is written."""
        targets = [target for entry in stored.topic.entries for target in link_targets(entry.text)]
        return self._catalog.leads(targets, place_of(stored.source, stored.path))

    def snapshot(self) -> Snapshot:
        """Return the present revision in memory; a sync that has landed since, by any process, is seen."""
        with self._lock:
            if self._snapshot is None or self._snapshot.revision != self._catalog.revision():
                with self._catalog.view():
                    self._snapshot = Snapshot.load(self._catalog, self.folder, self._snapshot)
            return self._snapshot

    def learned(self) -> list[tuple[str, str]]:
        """Return every question that was learned, each with the stable id of the topic it is a way to ask for."""
        return self._catalog.all_learned()

    def learned_by(self, stable_id: str) -> tuple[str, ...]:
        """Return the questions that a topic was marked as answering."""
        return self._catalog.learned(stable_id)

    def learned_topics(self, question: str) -> list[int]:
        """Return the topics, by id, that a question is a learned way to ask for."""
        return self._catalog.topics_asked_by(title_key(question))

    def topics_called(self, question: str) -> list[int]:
        """Return the topics, by id, that have a question as a name beside their title."""
        return self._catalog.topics_called(question)

    def token_signs(self, topic_ids: Iterable[int], slot: Slot | None) -> dict[int, list[EntrySigns]]:
        """Return the signs of the tokens of topics, given by id, passage by passage: those of the entries in a slot."""
        return self._catalog.token_signs(topic_ids, slot)

    def entry_signs(self, topic_id: int, entry: int) -> list[tuple[Span, bytes]]:
        """Return where in the text of an entry each of its passages stands, with the signs of its tokens, in order."""
        return self._catalog.entry_signs(topic_id, entry)

    def lexical(self) -> LexicalIndex:
        """Return the index of words, as near to the present revision as it has come."""
        with self._lock:
            if self._lexical is None or self._lexical.revision != self._catalog.revision():
                self._lexical = LexicalIndex.open(self.folder, self._catalog)
            return self._lexical

    # whether it is sound

    def at_rest(self) -> AbstractContextManager[None]:
        """Keep writers out while files are looked at: what one of them has half made is neither damaged nor left over.

        Raises:
            LibraryBusyError: another process is writing.

        """
        return writing(self.folder) if os.access(self.folder, os.W_OK) else nullcontext()

    def damage(self) -> str:
        """Return what is wrong with the catalog itself; nothing where it is sound."""
        return self._catalog.damage()

    def damaged_indexes(self) -> tuple[str, ...]:
        """Return which of the files made from the catalog are damaged, or out of step with it."""
        return tuple(damaged_indexes(self.folder, self._catalog))

    def left_over(self) -> Orphans:
        """Return what writers that were cut off have left."""
        return left_over(self.folder, self._catalog)
