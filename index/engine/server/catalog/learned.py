"""the questions that topics were marked for, by topic id"""

from __future__ import annotations

from collections.abc import Iterable

from index.engine.server.catalog.tables import LibraryTables, WritableTables, ids_of
from index.engine.server.connection import Statement


class LearnedQuestions(LibraryTables):
    """Ways to ask for a topic that stand in no file; each question has a key by which it is compared."""

    def topics_asked_by(self, key: str) -> list[int]:
        """Return the ids of the topics that a question is a learned way to ask for."""
        known = self._ahead.asked_by.get(key)
        return ids_of(self._server.several(self._asked_by(key))[0]) if known is None else known

    def _asked_by(self, key: str) -> Statement:
        return Statement(
            """SELECT t.id FROM topics.learned l
               JOIN topics.topic t ON t.library = l.library AND t.stable_id = l.stable_id
               WHERE l.library = %s AND l.key = %s ORDER BY t.id""",
            (self.number, key),
        )

    def learned(self, topic_id: str) -> tuple[str, ...]:
        """Return the questions that are learned ways to ask for a topic."""
        if topic_id in self._ahead.learned:
            return self._ahead.learned[topic_id]
        rows = self._server.all(
            'SELECT question FROM topics.learned WHERE library = %s AND stable_id = %s ORDER BY key COLLATE "C"',
            self.number,
            topic_id,
        )
        return tuple(question for (question,) in rows)

    def all_learned(self) -> list[tuple[str, str]]:
        """Return every learned question with the id of its topic."""
        rows = self._server.all(
            """SELECT question, stable_id FROM topics.learned WHERE library = %s
               ORDER BY key COLLATE "C", stable_id COLLATE "C" """,
            self.number,
        )
        return [(question, id_) for question, id_ in rows]


class LearnedWriter(LearnedQuestions, WritableTables):
    """The same for whoever changes them."""

    _learned: dict[str, list[str]] | None = None

    def learned(self, topic_id: str) -> tuple[str, ...]:
        """Return the questions that are learned ways to ask for a topic: nobody else changes them meanwhile."""
        if self._learned is None:
            self._learned = {}
            for question, id_ in self.all_learned():
                self._learned.setdefault(id_, []).append(question)
        return tuple(self._learned.get(topic_id, ()))

    def learn(self, key: str, question: str, topic_id: str) -> None:
        """Keep a question as a way to ask for a topic."""
        self._learned = None
        self._run(
            """INSERT INTO topics.learned (library, key, stable_id, question) VALUES (%s, %s, %s, %s)
               ON CONFLICT (library, md5(key), md5(stable_id)) DO UPDATE SET question = excluded.question""",
            self.number,
            key,
            topic_id,
            question,
        )

    def unlearn(self, learned: Iterable[tuple[str, str]]) -> None:
        """Delete questions, by their keys, each as a way to ask for the topic of an id."""
        self._learned = None
        for key, topic_id in learned:
            self._run(
                "DELETE FROM topics.learned WHERE library = %s AND key = %s AND stable_id = %s",
                self.number,
                key,
                topic_id,
            )
