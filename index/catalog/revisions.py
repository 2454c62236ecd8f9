"""what a library is and has been: its settings, its revisions, and which topics went with each"""

from __future__ import annotations

from functools import cached_property
from typing import Final

from index.errors import DAMAGED_ROW, LibraryError
from index.records import Ids
from index.storage import Database

MAX_DIGITS: Final = 15
"""Digits of a revision's number: more changes than that nobody makes."""


class RevisionTable(Database):
    """What was changed when: from this, the files that are made from the catalog catch up."""

    def get(self, key: str) -> str | None:
        """Return a setting of the library."""
        row = self._one("SELECT value FROM meta WHERE key = ?", key)
        return row[0] if row else None

    def set(self, key: str, value: str) -> None:
        """Keep a setting of the library."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @cached_property
    def id(self) -> str:
        """What tells this library from every other."""
        return self.get("id") or ""

    def revision(self) -> int:
        """Return the number of changes this library has seen."""
        revision = self.get("revision") or "0"
        if not revision.isascii() or not revision.isdigit() or len(revision) > MAX_DIGITS:
            raise LibraryError(f"The library at {self.path.parent} has no revision {revision!r}: {DAMAGED_ROW}")
        return int(revision)

    def token(self) -> str:
        """Return what tells the present revision from every other, those of a copy that went another way included."""
        row = self._one("SELECT token FROM past WHERE revision = ?", self.revision())
        if not row:
            raise LibraryError(f"The library at {self.path.parent} lacks its revision's token: {DAMAGED_ROW}")
        return str(row[0])

    def advance_revision(self) -> None:
        """Record that what can be found has changed."""
        self.set("revision", str(self.revision() + 1))
        self._db.execute("INSERT INTO past VALUES (?, lower(hex(randomblob(8))))", (self.revision(),))

    def last_topic(self) -> int:
        """Return the highest row id that was ever given out."""
        row = self._one("SELECT seq FROM sqlite_sequence WHERE name = 'topic'")
        return int(row[0]) if row else 0

    def topics_deleted_since(self, revision: int) -> Ids:
        """Return the ids of the topics that went after a revision."""
        import numpy as np  # whoever only looks at the record of the notes does without

        rows = self._all("SELECT id FROM gone_topic WHERE revision > ? ORDER BY id", revision)
        return np.array([id_ for (id_,) in rows], dtype=np.int64)

    def remembers(self, revision: int, token: str) -> bool:
        """Return whether a revision was one of this library's, and everything that went after it is still known."""
        return self._one("SELECT 1 FROM past WHERE revision = ? AND token = ?", revision, token) is not None

    def forget_deleted_until(self, revision: int) -> None:
        """Delete the record of what was deleted up to a revision: nothing catches up from before it any more."""
        if self._one("SELECT 1 FROM past WHERE revision < ?", revision):
            with self.change():
                self._db.execute("DELETE FROM gone_topic WHERE revision <= ?", (revision,))
                self._db.execute("DELETE FROM past WHERE revision < ?", (revision,))
