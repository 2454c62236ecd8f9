"""the tables of a library and their versions: what takes a file from each version to the next"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import Final

_CREATE: Final = re.compile(r"\s*CREATE TRIGGER\s+(?P<name>\w+)")

_SCHEMA: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE source (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);
CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
    path TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    UNIQUE (source_id, path)
);
CREATE TABLE topic (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
    stable_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    title TEXT NOT NULL,
    line INTEGER NOT NULL,
    parents TEXT NOT NULL,
    asked_as TEXT NOT NULL,
    entries TEXT NOT NULL
);
CREATE INDEX topic_document ON topic (document_id);
CREATE TABLE passage (
    id INTEGER PRIMARY KEY,
    topic_id INTEGER NOT NULL REFERENCES topic ON DELETE CASCADE,
    kind TEXT NOT NULL,
    entry INTEGER,
    slot TEXT,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    vector_key BLOB NOT NULL
);
CREATE INDEX passage_topic ON passage (topic_id);
CREATE INDEX passage_vector ON passage (vector_key);
CREATE TABLE vector (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE gone_topic (id INTEGER PRIMARY KEY, revision INTEGER NOT NULL);
CREATE TABLE loose_vector (key BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TRIGGER topic_gone AFTER DELETE ON topic BEGIN
    INSERT INTO gone_topic VALUES (old.id, 1 + (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'revision'));
END;
CREATE TRIGGER passage_gone AFTER DELETE ON passage BEGIN
    INSERT OR IGNORE INTO loose_vector VALUES (old.vector_key);
END;
INSERT INTO meta VALUES ('id', lower(hex(randomblob(16)))), ('revision', '0'), ('remembers_since', '0');
"""

_SOURCE_PATTERNS: Final = """
ALTER TABLE source ADD COLUMN include TEXT NOT NULL DEFAULT '[]';
ALTER TABLE source ADD COLUMN exclude TEXT NOT NULL DEFAULT '[]';
"""

_LEARNED: Final = """
CREATE TABLE learned (
    key TEXT NOT NULL,
    stable_id TEXT NOT NULL,
    question TEXT NOT NULL,
    PRIMARY KEY (key, stable_id)
) WITHOUT ROWID;
CREATE INDEX learned_topic ON learned (stable_id);
CREATE INDEX topic_stable ON topic (stable_id);
"""

_LINKS: Final = """
CREATE TABLE link (
    topic_id INTEGER NOT NULL REFERENCES topic ON DELETE CASCADE,
    target TEXT NOT NULL,
    PRIMARY KEY (topic_id, target)
) WITHOUT ROWID;
CREATE INDEX link_target ON link (target);
CREATE TABLE topic_name (
    topic_id INTEGER NOT NULL REFERENCES topic ON DELETE CASCADE,
    name TEXT NOT NULL,
    PRIMARY KEY (topic_id, name)
) WITHOUT ROWID;
CREATE INDEX topic_name_name ON topic_name (name);
"""

_REVISIONS: Final = """
CREATE TABLE past (revision INTEGER PRIMARY KEY, token TEXT NOT NULL);
INSERT INTO past SELECT CAST(value AS INTEGER), lower(hex(randomblob(8))) FROM meta WHERE key = 'revision';
DELETE FROM meta WHERE key = 'remembers_since';
"""

_BINARY_TOKENS: Final = """
CREATE TABLE token_signs (
    key BLOB PRIMARY KEY REFERENCES vector ON DELETE CASCADE,
    signs BLOB NOT NULL
);
"""

_PROPERTIES: Final = """
ALTER TABLE topic ADD COLUMN properties TEXT NOT NULL DEFAULT '{}';
ALTER TABLE document ADD COLUMN inode INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN changed_ns INTEGER NOT NULL DEFAULT 0;
"""

MIGRATIONS: Final = (_SCHEMA, _SOURCE_PATTERNS, _LEARNED, _LINKS, _REVISIONS, _BINARY_TOKENS, _PROPERTIES)
"""What takes a library from each version to the next, an empty one first; a change of the schema is one more."""
SCHEMA_VERSION: Final = len(MIGRATIONS)


def statements(script: str) -> Iterator[str]:
    """Yield the statements of a script one by one, so that all of them can share a transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _triggers() -> frozenset[str]:
    """Return the triggers of a library, as SQLite keeps them."""
    every = (statement for script in MIGRATIONS for statement in statements(script))
    return frozenset(normal(statement) for statement in every if _CREATE.match(statement))


def normal(sql: str) -> str:
    """Return a statement as it is compared with another: blanks and the semicolon at its end do not count."""
    return " ".join(sql.split()).removesuffix(";")


TRIGGERS: Final = _triggers()
"""Those of a library in the present version; any other trigger in its file is somebody else's."""
