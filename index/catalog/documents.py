"""the tables of sources and of documents: which files there are, as they were last read"""

from __future__ import annotations

import json
from typing import Final

from index.records import Document, Patterns, StoredDocument, Topic
from index.storage import Database

ALL_FILES: Final = Patterns()


class DocumentTables(Database):
    """The remembered sources, and the state of each of their files."""

    def sources(self) -> list[str]:
        """Return the remembered sources in the order they were added."""
        return [path for (path,) in self._all("SELECT path FROM source ORDER BY id")]

    def patterns(self, source: str) -> Patterns:
        """Return which files of a source are read."""
        row = self._one("SELECT include, exclude FROM source WHERE path = ?", source)
        return Patterns(*(tuple(json.loads(globs)) for globs in row)) if row else ALL_FILES

    def add_source(self, source: str, patterns: Patterns = ALL_FILES) -> None:
        """Remember a source; of one already there, only the patterns change."""
        self._db.execute(
            """INSERT INTO source (path, include, exclude) VALUES (?, ?, ?)
               ON CONFLICT (path) DO UPDATE SET include = excluded.include, exclude = excluded.exclude""",
            (source, *map(json.dumps, patterns)),
        )

    def remove_source(self, source: str) -> None:
        """Forget a source and everything that came from it."""
        self._db.execute("DELETE FROM source WHERE path = ?", (source,))

    def documents(self, source: str | None = None) -> list[StoredDocument]:
        """Return what is remembered of every file, or of one source's."""
        rows = self._all(
            """SELECT s.path, d.path, fingerprint, size, modified_ns, status, reason,
                      (SELECT count(*) FROM topic WHERE document_id = d.id), inode, changed_ns
               FROM document d JOIN source s ON s.id = d.source_id
               WHERE s.path = coalesce(?, s.path) ORDER BY s.id, d.path""",
            source,
        )
        return [StoredDocument(*row) for row in rows]

    def documents_of(self, fingerprint: str) -> list[StoredDocument]:
        """Return what is remembered of every file that has this content."""
        rows = self._all(
            """SELECT s.path, d.path, fingerprint, size, modified_ns, status, reason, 0, inode, changed_ns
               FROM document d JOIN source s ON s.id = d.source_id WHERE fingerprint = ? ORDER BY d.id""",
            fingerprint,
        )
        return [StoredDocument(*row) for row in rows]

    def remove_document(self, source: str, path: str) -> None:
        """Forget a file and everything that came from it."""
        self._db.execute(
            "DELETE FROM document WHERE path = ? AND source_id = (SELECT id FROM source WHERE path = ?)",
            (path, source),
        )

    def touch_document(self, source: str, document: Document) -> None:
        """Remember what else is new about a file where its content is the same: time, size and what is said of it."""
        size_and_time = (document.size, document.modified_ns, document.inode, document.changed_ns)
        self._db.execute(
            """UPDATE document SET size = ?, modified_ns = ?, inode = ?, changed_ns = ?, status = ?, reason = ?
               WHERE path = ? AND source_id = (SELECT id FROM source WHERE path = ?)""",
            (*size_and_time, document.status, document.reason, document.path, source),
        )

    def doubt_documents(self, source: str) -> None:
        """Let every file of a source count as changed, so that it is read anew when it is next there."""
        self._db.execute(
            """UPDATE document SET fingerprint = '', modified_ns = 0
               WHERE source_id = (SELECT id FROM source WHERE path = ?)""",
            (source,),
        )


def as_document(stored: StoredDocument, topics: tuple[Topic, ...]) -> Document:
    """Return what is remembered of a file, with its topics, as if it was just read."""
    return Document(
        stored.path,
        stored.fingerprint,
        stored.size,
        stored.modified_ns,
        stored.status,
        stored.reason,
        topics,
        stored.inode,
        stored.changed_ns,
    )
