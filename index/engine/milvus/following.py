"""what a change brings to the index in Milvus and takes out of it: in before the commit, out after it"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import groupby
from typing import TYPE_CHECKING, Final

import numpy as np

from index.engine.milvus.rows import PassageVector, TopicWords
from index.engine.server.connection import Server, Statement
from index.engine.server.vector_format import halves_of
from index.errors import LibraryError

if TYPE_CHECKING:
    from index.engine.milvus.index import MilvusIndex

AT_ONCE: Final = 500
"""Topics that are read at a time: two megabytes."""


class Following:
    """Keeps the index, where there is one, in step with one writer's changes."""

    def __init__(self, server: Server, index: MilvusIndex | None) -> None:
        """Read what is put into the index by the connection that writes."""
        self._server = server
        self._index = index
        self._came: list[int] = []
        self._went: list[int] = []

    @property
    def is_on(self) -> bool:
        """Return whether there is an index."""
        return self._index is not None

    def came(self, row_id: int) -> None:
        """Note a topic that is to be put in."""
        self._came.append(row_id)

    def went(self, row_ids: Iterable[int]) -> None:
        """Note topics that are to be taken out."""
        self._went += row_ids

    @contextmanager
    def change(self) -> Iterator[None]:
        """Take out what went in the change that is made inside, or what came where it fails."""
        self._came, self._went = [], []
        try:
            yield
        except BaseException:
            self._take_out(self._came)
            raise
        self._take_out(self._went)

    def _take_out(self, row_ids: Sequence[int]) -> None:
        if self._index and row_ids:
            with suppress(LibraryError):  # what it cannot take out now falls away wherever it is found
                self._index.remove(row_ids)

    def put(self) -> None:
        """Put in what came, before the commit.

        Raises:
            LibraryError: Milvus does not take it.

        """
        for start in range(0, len(self._came), AT_ONCE):
            self._put(self._came[start : start + AT_ONCE])
        if self._index and len(self._came) > AT_ONCE:
            self._index.close_segments()

    def fill(self, library: int) -> int:
        """Put in all topics of a library, take out what it does not know, and return how many there are."""
        if not self._index:
            return 0
        after = topics = 0
        while rows := self._server.all(
            "SELECT id FROM topics.topic WHERE library = %s AND id > %s ORDER BY id LIMIT %s", library, after, AT_ONCE
        ):
            self._put([id_ for (id_,) in rows])
            after, topics = rows[-1][0], topics + len(rows)
        self._index.close_segments()
        for some in self._index.row_ids():
            known = self._server.all("SELECT id FROM topics.topic WHERE library = %s AND id = ANY(%s)", library, some)
            self._take_out(sorted({*some} - {id_ for (id_,) in known}))
        return topics

    def _put(self, row_ids: Sequence[int]) -> None:
        if not self._index:
            return
        values = (list(row_ids),)
        rows, words = self._server.several(Statement(_PASSAGES, values), Statement(_WORDS, values))
        if self._index.has_words:
            self._index.put_words(TopicWords(*row) for row in words)
        for shelf, passages in groupby(rows, key=lambda row: row[0]):
            vectors = (
                PassageVector(id_, row_id, subject, slots, halves_of(sent).astype(np.float32))
                for _, id_, row_id, subject, slots, sent in passages
            )
            self._index.put_passages(shelf, vectors)


_PASSAGES: Final = """
    SELECT p.shelf, p.id, p.topic_id, t.subject, t.slots, halfvec_send(v.embedding)
    FROM topics.topic t JOIN topics.passage p ON p.topic_id = t.id
    JOIN topics.vector v ON v.shelf = p.shelf AND v.key = p.vector_key
    WHERE t.id = ANY(%s) ORDER BY p.shelf, p.id"""

_WORDS: Final = """
    SELECT t.id, string_agg(repeat('t' || left(md5(w.word), 12) || ' ', p.count), '')
    FROM topics.topic t CROSS JOIN unnest(t.words) held (word_id)
    JOIN topics.posting p ON p.word_id = held.word_id AND p.topic_id = t.id
    JOIN topics.word w ON w.id = p.word_id
    WHERE t.id = ANY(%s) GROUP BY t.id"""
"""The words of each topic as `word_token` gives them."""
