"""the topics of every note"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from index.catalog import read_anchor, read_properties, read_topic
from index.engine.server.catalog.tables import READ_AT_ONCE, LibraryTables, ids_of
from index.engine.server.connection import Row, Statement
from index.records import DocumentKey, Heading, NoteFacts, StoredTopic, Topic


class Topics(LibraryTables):
    """Topics by their ids, page by page."""

    def topics_of(self, place: DocumentKey) -> list[Topic]:
        """Return the topics of a file, in their order."""
        rows = self._server.all(
            """SELECT t.id FROM topics.topic t JOIN topics.document d ON d.id = t.document_id
               JOIN topics.source s ON s.id = d.source_id
               WHERE s.library = %s AND s.path = %s AND md5(d.path) = md5(%s) AND d.path = %s ORDER BY t.id""",
            self.number,
            place.source,
            place.path,
            place.path,
        )
        return [stored.topic for stored in self.topics(ids_of(rows)).values()]

    def note_facts(self) -> Iterator[NoteFacts]:
        """Yield what each topic can be filtered by, in the order of their ids."""
        for row_id, source, path, modified_ns, properties in self._server.all(
            """SELECT t.id, s.path, d.path, d.modified_ns, t.properties FROM topics.topic t
               JOIN topics.document d ON d.id = t.document_id JOIN topics.source s ON s.id = d.source_id
               WHERE t.library = %s ORDER BY t.id""",
            self.number,
        ):
            told = read_properties(properties) if properties != "{}" else {}
            yield NoteFacts(row_id, source, path, modified_ns, told.get("tags", ()), told.get("days", ()))

    def topics(self, ids: Iterable[int]) -> dict[int, StoredTopic]:
        """Return those of the topics that are there, by their ids and in that order."""
        wanted = [int(id_) for id_ in ids]
        known = self._ahead.topics | stored_topics(self._ahead.rows[id_] for id_ in wanted if id_ in self._ahead.rows)
        if missing := [id_ for id_ in wanted if id_ not in known]:
            known |= stored_topics(self._server.several(topics_by_id(missing))[0])
        return {id_: known[id_] for id_ in wanted if id_ in known}

    def topics_after(self, row_id: int) -> Iterator[tuple[int, Topic]]:
        """Yield every topic with a higher id than one, its learned questions among the ways it is asked for."""
        while rows := self._server.all(
            """SELECT t.id, t.stable_id, t.subject, t.title, t.line, t.parents, t.asked_as, t.entries, t.properties,
                      (SELECT coalesce(array_agg(l.question ORDER BY l.key COLLATE "C"), '{}') FROM topics.learned l
                       WHERE l.library = t.library AND l.stable_id = t.stable_id)
               FROM topics.topic t WHERE t.library = %s AND t.id > %s ORDER BY t.id LIMIT %s""",
            self.number,
            row_id,
            READ_AT_ONCE,
        ):
            for row_id, *row, learned in rows:
                topic = read_topic(*row)
                yield row_id, replace(topic, asked_as=topic.asked_as + tuple(learned))

    def row_ids(self, topic_id: str) -> list[int]:
        """Return the ids that a topic has at present: none where it is gone."""
        return ids_of(
            self._server.all(
                "SELECT id FROM topics.topic WHERE library = %s AND stable_id = %s ORDER BY id", self.number, topic_id
            )
        )

    def headings(self) -> dict[int, Heading]:
        """Return the heading of every topic by its id, in the order they were read."""
        rows = self._server.all(
            """SELECT t.id, d.id, t.stable_id, t.subject, t.title, d.path, t.line, t.parents, t.properties
               FROM topics.topic t JOIN topics.document d ON d.id = t.document_id
               WHERE t.library = %s ORDER BY d.id, t.line, t.id""",
            self.number,
        )
        return {
            id_: Heading._make(
                (*row, tuple(json.loads(parents)), read_anchor(json.loads(properties).get("anchor", ())), document)
            )
            for id_, document, *row, parents, properties in rows
        }

    def sample_topics(self, count: int) -> list[StoredTopic]:
        """Return some topics, taking each subject in turn and those first that say how people ask for them."""
        rows = self._server.all(
            """SELECT id FROM topics.topic WHERE library = %s
               ORDER BY asked_as = '[]', row_number() OVER (PARTITION BY subject ORDER BY id), id LIMIT %s""",
            self.number,
            count,
        )
        return list(self.topics(ids_of(rows)).values())

    def keep_rows(self, rows: Iterable[Row]) -> None:
        """Keep topics for the present question as the server sends them."""
        if self._ahead.is_on:
            self._ahead.rows |= {row[0]: row for row in rows}


def topics_by_id(ids: Sequence[int]) -> Statement:
    """Return what asks for topics by their ids."""
    return Statement(
        """SELECT t.id, d.path, s.path,
                  t.stable_id, t.subject, t.title, t.line, t.parents, t.asked_as, t.entries, t.properties
           FROM topics.topic t JOIN topics.document d ON d.id = t.document_id JOIN topics.source s ON s.id = d.source_id
           WHERE t.id = ANY(%s)""",
        (list(ids),),
    )


def stored_topics(rows: Iterable[Row]) -> dict[int, StoredTopic]:
    """Return topics, by their ids, from the rows that `topics_by_id` asks for."""
    return {id_: StoredTopic(row[0], path, source, read_topic(*row)) for id_, path, source, *row in rows}
