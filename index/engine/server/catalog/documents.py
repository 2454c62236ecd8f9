"""the sources, and the files of each"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from index.catalog import ALL_FILES, as_document, keyed_passage, place_of, read_topic, topic_ids_of
from index.engine.server.catalog.passages import Passages
from index.engine.server.catalog.topic_writing import TopicWriter
from index.errors import LibraryError
from index.records import Document, KeptDocument, KeyedPassage, Passage, Patterns, StoredDocument


class Documents(Passages):
    """Sources and files as they were last read."""

    def sources(self) -> list[str]:
        """Return the remembered sources in the order they were added."""
        rows = self._server.all("SELECT path FROM topics.source WHERE library = %s ORDER BY id", self.number)
        return [path for (path,) in rows]

    def patterns(self, source: str) -> Patterns:
        """Return which files of a source are read."""
        row = self._server.one(
            "SELECT include, exclude FROM topics.source WHERE library = %s AND path = %s", self.number, source
        )
        return Patterns(*(tuple(json.loads(globs)) for globs in row)) if row else ALL_FILES

    def documents(self, source: str | None = None) -> list[StoredDocument]:
        """Return what is remembered of every file, or of one source's."""
        rows = self._server.all(
            """SELECT s.path, d.path, d.fingerprint, d.size, d.modified_ns, d.status, d.reason,
                      (SELECT count(*) FROM topics.topic t WHERE t.document_id = d.id), d.inode::text, d.changed_ns
               FROM topics.document d JOIN topics.source s ON s.id = d.source_id
               WHERE s.library = %s AND s.path = coalesce(%s::text, s.path) ORDER BY s.id, d.path COLLATE "C" """,
            self.number,
            source,
        )
        return [StoredDocument._make((*row[:8], int(row[8]), row[9])) for row in rows]

    def documents_of(self, fingerprint: str) -> list[StoredDocument]:
        """Return what is remembered of every file that has this content."""
        rows = self._server.all(
            """SELECT s.path, d.path, d.fingerprint, d.size, d.modified_ns, d.status, d.reason, 0, d.inode::text,
                      d.changed_ns
               FROM topics.document d JOIN topics.source s ON s.id = d.source_id
               WHERE s.library = %s AND d.fingerprint = %s ORDER BY d.id""",
            self.number,
            fingerprint,
        )
        return [StoredDocument._make((*row[:8], int(row[8]), row[9])) for row in rows]

    def kept_documents(self) -> Iterator[KeptDocument]:
        """Yield every file with all that is stored of it, source by source."""
        for stored in self.documents():
            rows = self._server.all(
                """SELECT t.id, t.stable_id, t.subject, t.title, t.line, t.parents, t.asked_as, t.entries, t.properties
                   FROM topics.topic t JOIN topics.document d ON d.id = t.document_id
                   JOIN topics.source s ON s.id = d.source_id
                   WHERE s.library = %s AND s.path = %s AND md5(d.path) = md5(%s) AND d.path = %s ORDER BY t.id""",
                self.number,
                stored.source,
                stored.path,
                stored.path,
            )
            passages = self._kept_passages([id_ for id_, *_ in rows])
            topics = tuple(read_topic(*row) for _, *row in rows)
            yield KeptDocument(
                stored.source, as_document(stored, topics), tuple(tuple(passages.get(id_, ())) for id_, *_ in rows)
            )


class DocumentWriter(Documents, TopicWriter):
    """The same for whoever changes them."""

    def add_source(self, source: str, patterns: Patterns = ALL_FILES) -> None:
        """Remember a source; of one already there, only the patterns change."""
        self._run(
            """INSERT INTO topics.source (library, path, include, exclude) VALUES (%s, %s, %s, %s)
               ON CONFLICT (library, md5(path)) DO UPDATE SET include = excluded.include, exclude = excluded.exclude""",
            self.number,
            source,
            *map(json.dumps, patterns),
        )

    def remove_source(self, source: str) -> None:
        """Forget a source and everything that came from it."""
        self._forget(
            """SELECT t.id FROM topics.topic t JOIN topics.document d ON d.id = t.document_id
               JOIN topics.source s ON s.id = d.source_id WHERE s.library = %s AND s.path = %s""",
            self.number,
            source,
        )
        self._run("DELETE FROM topics.source WHERE library = %s AND path = %s", self.number, source)

    def remove_document(self, source: str, path: str) -> None:
        """Forget a file and everything that came from it."""
        self._forget(
            """SELECT t.id FROM topics.topic t JOIN topics.document d ON d.id = t.document_id
               JOIN topics.source s ON s.id = d.source_id
               WHERE s.library = %s AND s.path = %s AND md5(d.path) = md5(%s) AND d.path = %s""",
            self.number,
            source,
            path,
            path,
        )
        self._run(
            """DELETE FROM topics.document d USING topics.source s WHERE s.id = d.source_id
               AND s.library = %s AND s.path = %s AND md5(d.path) = md5(%s) AND d.path = %s""",
            self.number,
            source,
            path,
            path,
        )

    def touch_document(self, source: str, document: Document) -> None:
        """Remember what else is new about a file where its content is the same: time, size and what is said of it."""
        self._run(
            """UPDATE topics.document d SET size = %s, modified_ns = %s, inode = %s::text::numeric, changed_ns = %s,
                      status = %s, reason = %s
               FROM topics.source s WHERE s.id = d.source_id AND s.library = %s AND s.path = %s AND d.path = %s""",
            document.size,
            document.modified_ns,
            str(document.inode),
            document.changed_ns,
            document.status,
            document.reason,
            self.number,
            source,
            document.path,
        )

    def doubt_documents(self, source: str) -> None:
        """Let every file of a source count as changed, so that it is read anew when it is next there."""
        self._run(
            """UPDATE topics.document d SET fingerprint = '', modified_ns = 0
               FROM topics.source s WHERE s.id = d.source_id AND s.library = %s AND s.path = %s""",
            self.number,
            source,
        )

    def put_document(self, source: str, document: Document, passages: Sequence[Sequence[Passage]], model: str) -> None:
        """Replace what is known of a file: its topics, and for each of them its passages."""
        keyed = [[keyed_passage(model, passage) for passage in of_topic] for of_topic in passages]
        self._put(source, document, keyed, model)

    def keep_document(self, stored: KeptDocument, model: str) -> None:
        """Keep a file as another library did."""
        self._put(stored.source, stored.document, stored.passages, model)

    def _put(self, source: str, document: Document, passages: Sequence[Sequence[KeyedPassage]], model: str) -> None:
        self.remove_document(source, document.path)
        row = self._server.one(
            """INSERT INTO topics.document (library, source_id, path, fingerprint, size, modified_ns, status, reason,
                                            inode, changed_ns)
               SELECT library, id, %s, %s, %s, %s, %s, %s, %s::text::numeric, %s FROM topics.source
               WHERE library = %s AND path = %s RETURNING id""",
            document.path,
            document.fingerprint,
            document.size,
            document.modified_ns,
            document.status,
            document.reason,
            str(document.inode),
            document.changed_ns,
            self.number,
            source,
        )
        if row is None:
            raise LibraryError(f"{source} is not a source of this library any more. Repeat.")
        place = place_of(source, document.path)
        for topic_id, topic, parts in zip(topic_ids_of(document), document.topics, passages, strict=True):
            row_id = self._put_topic(row[0], topic_id, topic, is_searched=bool(parts))
            self._put_passages(row_id, topic, parts, model)
            self._put_links(row_id, topic, place, is_first=topic is document.topics[0])
