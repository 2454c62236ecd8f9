"""what the record of every note says, asked of the server: the statements of a `CatalogReader`"""

from __future__ import annotations

from index.engine.server.catalog.documents import Documents
from index.engine.server.catalog.learned import LearnedQuestions
from index.engine.server.catalog.links import Links
from index.engine.server.catalog.tables import STATE, ids_of
from index.engine.server.catalog.vectors import VectorStore
from index.engine.server.connection import Row, Statement
from index.text import title_key


class ServerCatalog(Documents, VectorStore, Links, LearnedQuestions):
    """One library's tables in words of notes; any number of threads may read them."""

    # what a question may be without a search: a name, or something learned

    def is_expected(self, question: str) -> bool:
        """Return whether the words of a question were prefetched."""
        return title_key(question) in self._ahead.asked_by

    def look_ahead(self, question: str, *others: Statement) -> list[list[Row]]:
        """Ask at once what is the state, and which topics are called as a question or have learned it.

        Return the rows of the other statements, which go along.
        """
        key = title_key(question)
        state, asked_by, called, files, *rows = self._server.several(
            STATE, self._asked_by(key), self._called(key), self._small_files(), *others
        )
        self.take_state(state)
        self._ahead.files = dict(files)
        self._ahead.asked_by[key], self._ahead.called[key] = ids_of(asked_by), ids_of(called)
        return rows
