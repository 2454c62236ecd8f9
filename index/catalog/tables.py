"""the record of every note in one SQLite file: the truth from which all else is made; each change is one transaction

sources ─< documents ─< topics ─< passages >─ vectors ── binary token vectors
                            │  └──< links, names
                               ╵ learned questions, by topic id: they outlive the topic and are there when it returns

Deleting a row deletes what hangs on it. A vector belongs to a model and a text, not to a place, so that a text which
moves or returns keeps it; the vectors no passage uses any more go with the next change. Topics and passages are here;
every other table is in a module of its own: `documents`, `vectors`, `learned`, `link_table`, `revisions`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from index.catalog.documents import DocumentTables, as_document
from index.catalog.learned import LearnedQuestions
from index.catalog.link_table import Links, place_of
from index.catalog.revisions import RevisionTable
from index.catalog.topic_columns import read_anchor, read_properties, read_topic, topic_row
from index.catalog.topic_ids import topic_ids_of, trait
from index.catalog.vectors import VectorStore, keyed_passage
from index.records import (
    Document,
    DocumentKey,
    Heading,
    KeptDocument,
    KeyedPassage,
    NoteFacts,
    Passage,
    PassageRow,
    Slot,
    StoredTopic,
    Topic,
    Trait,
)

READ_AT_ONCE: Final = 1_000
"""Topics in memory at a time when all are gone through."""


class Catalog(RevisionTable, DocumentTables, VectorStore, LearnedQuestions, Links):
    """One library's file in words of notes; any number of threads may read it."""

    def advance_revision(self, *, is_last: bool = True) -> None:
        """Record that what can be found has changed; after the last change, delete vectors that nothing uses."""
        if is_last:
            self.drop_loose_vectors()
        super().advance_revision()

    def put_document(self, source: str, document: Document, passages: Sequence[Sequence[Passage]], model: str) -> None:
        """Replace what is known of a file: its topics, and for each of them its passages."""
        keyed = [[keyed_passage(model, passage) for passage in of_topic] for of_topic in passages]
        self._put(source, document, keyed)

    def _put(self, source: str, document: Document, passages: Sequence[Sequence[KeyedPassage]]) -> None:
        self.remove_document(source, document.path)
        state = (document.fingerprint, document.size, document.modified_ns, document.status, document.reason)
        document_id = self._db.execute(
            """INSERT INTO document (source_id, path, fingerprint, size, modified_ns, status, reason, inode, changed_ns)
               VALUES ((SELECT id FROM source WHERE path = ?), ?, ?, ?, ?, ?, ?, ?, ?)""",
            (source, document.path, *state, document.inode, document.changed_ns),
        ).lastrowid
        place = place_of(source, document.path)
        for topic_id, topic, parts in zip(topic_ids_of(document), document.topics, passages, strict=True):
            row_id = self._db.execute(
                """INSERT INTO topic
                       (document_id, stable_id, subject, title, line, parents, asked_as, entries, properties)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                (document_id, topic_id, *topic_row(topic)),
            ).lastrowid
            self._put_passages(row_id, topic, parts)
            self.put_links(row_id, topic, place, is_first=topic is document.topics[0])

    def _put_passages(self, row_id: int | None, topic: Topic, passages: Sequence[KeyedPassage]) -> None:
        self._db.executemany(
            """INSERT INTO passage (topic_id, kind, entry, slot, start, end, vector_key)
               VALUES (?, ?, ?, ?, ?, ?, ?)""",
            [(row_id, p.kind, p.entry, _slot_of_passage(topic, p), p.start, p.end, p.key) for p in passages],
        )

    # files as another library needs them

    def kept_documents(self) -> Iterator[KeptDocument]:
        """Yield every file with all that is stored of it, source by source."""
        for stored in self.documents():
            rows = self._all(
                """SELECT id, stable_id, subject, title, line, parents, asked_as, entries, properties FROM topic
                   WHERE document_id = (SELECT d.id FROM document d JOIN source s ON s.id = d.source_id
                                        WHERE s.path = ? AND d.path = ?) ORDER BY id""",
                stored.source,
                stored.path,
            )
            topics = tuple(read_topic(*row) for _, *row in rows)
            passages = tuple(self._kept_passages(id_) for id_, *_ in rows)
            yield KeptDocument(stored.source, as_document(stored, topics), passages)

    def _kept_passages(self, row_id: int) -> tuple[KeyedPassage, ...]:
        rows = self._all(
            "SELECT kind, entry, start, end, vector_key FROM passage WHERE topic_id = ? ORDER BY id", row_id
        )
        return tuple(map(KeyedPassage._make, rows))

    def keep_document(self, stored: KeptDocument, model: str) -> None:
        """Keep a file as another library did."""
        self._put(stored.source, stored.document, stored.passages)

    # passages

    def count_passages(self) -> int:
        """Return how many passages there are."""
        return self._count("SELECT count(*) FROM passage")

    def count_replayed(self, revision: int, last_topic: int) -> int:
        """Return how much came and went since: the passages of later topics, and the topics that went."""
        came = self._count("SELECT count(*) FROM passage WHERE topic_id > ?", last_topic)
        return came + self._count("SELECT count(*) FROM gone_topic WHERE revision > ?", revision)

    def passage_rows(self, after_topic: int) -> Iterator[PassageRow]:
        """Yield every passage that has a vector, topic by topic, of the topics with higher ids than one."""
        with self._lock, self._explained():
            rows = self._db.execute(
                """SELECT t.id, t.subject, t.title, p.kind, coalesce(p.entry, -1), p.slot, p.start, p.end, v.vector
                   FROM topic t JOIN passage p ON p.topic_id = t.id JOIN vector v ON v.key = p.vector_key
                   WHERE t.id > ? ORDER BY t.id, p.id""",
                (after_topic,),
            )
            yield from map(PassageRow._make, rows)

    # topics

    def topics(self, ids: Iterable[int]) -> dict[int, StoredTopic]:
        """Return those of the topics that are there, by their ids and in that order."""
        wanted = [int(id_) for id_ in ids]
        rows = self._all(
            """SELECT t.id, d.path, s.path,
                      t.stable_id, t.subject, t.title, t.line, t.parents, t.asked_as, t.entries, t.properties
               FROM topic t JOIN document d ON d.id = t.document_id JOIN source s ON s.id = d.source_id
               WHERE t.id IN (SELECT value FROM json_each(?))""",
            json.dumps(wanted),
        )
        topics = {id_: StoredTopic(row[0], path, source, read_topic(*row)) for id_, path, source, *row in rows}
        return {id_: topics[id_] for id_ in wanted if id_ in topics}

    def topics_of(self, place: DocumentKey) -> list[Topic]:
        """Return the topics of a file, in their order."""
        rows = self._all(
            """SELECT t.id FROM topic t JOIN document d ON d.id = t.document_id JOIN source s ON s.id = d.source_id
               WHERE s.path = ? AND d.path = ? ORDER BY t.id""",
            *place,
        )
        return [stored.topic for stored in self.topics(id_ for (id_,) in rows).values()]

    def topics_after(self, row_id: int) -> Iterator[tuple[int, Topic]]:
        """Yield every topic with a higher id than one, its learned questions among the ways it is asked for.

        A change meanwhile may be seen or not.
        """
        while rows := self._all(
            """SELECT id, stable_id, subject, title, line, parents, asked_as, entries, properties
               FROM topic WHERE id > ? ORDER BY id LIMIT ?""",
            row_id,
            READ_AT_ONCE,
        ):
            for row_id, *row in rows:
                topic = read_topic(*row)
                yield row_id, replace(topic, asked_as=topic.asked_as + self.learned(topic.id))

    def headings(self) -> dict[int, Heading]:
        """Return the heading of every topic by its id, in the order they were read."""
        rows = self._all(
            """SELECT t.id, d.id, t.stable_id, t.subject, t.title, d.path, t.line, t.parents,
                      CASE WHEN t.properties = '{}' THEN NULL ELSE json_extract(t.properties, '$.anchor') END
               FROM topic t JOIN document d ON d.id = t.document_id ORDER BY d.id, t.line"""
        )
        return {
            id_: Heading._make((*row, tuple(json.loads(parents)), read_anchor(json.loads(anchor or "[]")), document))
            for id_, document, *row, parents, anchor in rows
        }

    def note_facts(self) -> Iterator[NoteFacts]:
        """Yield what each topic can be filtered by, in the order of their ids."""
        for row_id, source, path, modified_ns, properties in self._all(
            """SELECT t.id, s.path, d.path, d.modified_ns, t.properties
               FROM topic t JOIN document d ON d.id = t.document_id JOIN source s ON s.id = d.source_id
               ORDER BY t.id"""
        ):
            told = read_properties(properties) if properties != "{}" else {}
            yield NoteFacts(row_id, source, path, modified_ns, told.get("tags", ()), told.get("days", ()))

    def row_ids(self, topic_id: str) -> list[int]:
        """Return the ids that a topic has at present: none where it is gone."""
        return [id_ for (id_,) in self._all("SELECT id FROM topic WHERE stable_id = ?", topic_id)]

    def holders(self, topic_ids: Sequence[str]) -> list[tuple[str, DocumentKey]]:
        """Return which files hold topics of some ids, an id and a file each."""
        rows = self._all(
            """SELECT t.stable_id, s.path, d.path
               FROM topic t JOIN document d ON d.id = t.document_id JOIN source s ON s.id = d.source_id
               WHERE t.stable_id IN (SELECT value FROM json_each(?))""",
            json.dumps(topic_ids),
        )
        return [(id_, DocumentKey(source, path)) for id_, source, path in rows]

    def traits(self, place: DocumentKey) -> list[Trait]:
        """Return what the topics of a file are known by, in their order."""
        rows = self._all(
            """SELECT stable_id, subject, title, line, parents, asked_as, entries, properties FROM topic
               WHERE document_id = (SELECT d.id FROM document d JOIN source s ON s.id = d.source_id
                                    WHERE s.path = ? AND d.path = ?)
               ORDER BY line, id""",
            *place,
        )
        return [trait(read_topic(*row)) for row in rows]

    def renew_topic(self, row_id: int, topic: Topic, passages: Sequence[Passage], model: str) -> None:
        """Give a topic other passages and, so that all that follows the catalog sees it, another id."""
        renewed = self._db.execute(
            """INSERT INTO topic (document_id, stable_id, subject, title, line, parents, asked_as, entries, properties)
               SELECT document_id, stable_id, subject, title, line, parents, asked_as, entries, properties
               FROM topic WHERE id = ?""",
            (row_id,),
        ).lastrowid
        self.move_links(row_id, renewed)
        self._db.execute("DELETE FROM topic WHERE id = ?", (row_id,))
        self._put_passages(renewed, topic, [keyed_passage(model, passage) for passage in passages])

    def subjects(self) -> dict[str, int]:
        """Return every subject, as it is written, with the number of its topics that can be found."""
        rows = self._all(
            """SELECT subject, count(*) FROM topic WHERE EXISTS (SELECT 1 FROM passage WHERE topic_id = topic.id)
               GROUP BY subject ORDER BY min(id)"""
        )
        return dict(rows)

    def sample_topics(self, count: int) -> list[StoredTopic]:
        """Return some topics, taking each subject in turn and those first that say how people ask for them."""
        rows = self._all(
            """SELECT id FROM topic ORDER BY asked_as = '[]', row_number() OVER (PARTITION BY subject ORDER BY id), id
               LIMIT ?""",
            count,
        )
        return list(self.topics(id_ for (id_,) in rows).values())


def _slot_of_passage(topic: Topic, passage: KeyedPassage) -> Slot | None:
    return None if passage.entry is None else topic.entries[passage.entry].slot
