"""the questions that topics were marked for, by topic id: they outlive a topic and are there when it returns"""

from __future__ import annotations

from collections.abc import Iterable

from index.storage import Database


class LearnedQuestions(Database):
    """Ways to ask for a topic that stand in no file; each question has a key by which it is compared."""

    def learn(self, key: str, question: str, topic_id: str) -> None:
        """Keep a question as a way to ask for a topic."""
        self._db.execute("INSERT OR REPLACE INTO learned VALUES (?, ?, ?)", (key, topic_id, question))

    def unlearn(self, learned: Iterable[tuple[str, str]]) -> None:
        """Delete questions, by their keys, each as a way to ask for the topic of an id."""
        self._db.executemany("DELETE FROM learned WHERE key = ? AND stable_id = ?", learned)

    def learned(self, topic_id: str) -> tuple[str, ...]:
        """Return the questions that are learned ways to ask for a topic."""
        rows = self._all("SELECT question FROM learned WHERE stable_id = ? ORDER BY key", topic_id)
        return tuple(question for (question,) in rows)

    def all_learned(self) -> list[tuple[str, str]]:
        """Return every learned question with the id of its topic."""
        return [(question, id_) for question, id_ in self._all("SELECT question, stable_id FROM learned ORDER BY key")]

    def topics_asked_by(self, key: str) -> list[int]:
        """Return the ids of the topics that a question is a learned way to ask for."""
        rows = self._all("SELECT t.id FROM learned l JOIN topic t USING (stable_id) WHERE l.key = ? ORDER BY t.id", key)
        return [id_ for (id_,) in rows]
