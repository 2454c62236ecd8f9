"""the journal of a library on a server: what was asked, marked and saved, for all who use it"""

from __future__ import annotations

from collections.abc import Sequence

from index.engine.server.connection import Server, Statement
from index.storage import AskedRow, JournalRows, LastAsked, NotedKind, NotedRow

SETTING = "journal"
"""The name of the setting that says whether questions are recorded."""


class ServerJournal:
    """The tables of one library's journal."""

    def __init__(self, server: Server, library: int) -> None:
        """Keep the journal of a library by the connections to a server."""
        self._server = server
        self._library = library

    def close(self) -> None:
        """Do nothing: the connections belong to the library."""

    # whether it is on

    def setting(self) -> str:
        """Return `on` or `off` as somebody has turned it, or nothing where nobody has."""
        rows = self._server.all(
            "SELECT content FROM topics.file WHERE library = %s AND name = %s", self._library, SETTING
        )
        return rows[0][0] if rows else ""

    def set(self, setting: str) -> None:
        """Keep whether it is on."""
        self._server.several(file_written(self._library, SETTING, setting))

    # what was asked

    def add(self, row: AskedRow, *, at_most: int, once: bool) -> None:
        """Store a question, unless it is to be stored once and is there; the oldest go beyond a number."""
        self._server.in_one_step(
            Statement(
                """INSERT INTO topics.asked (library, key, question, at, answered, confidence, topic_id, topic)
                   SELECT %s, %s, %s, %s, %s, %s, %s, %s
                   WHERE NOT (%s AND EXISTS (SELECT 1 FROM topics.asked WHERE library = %s AND key = %s))""",
                (self._library, *row, once, self._library, row.key),
            ),
            Statement(
                """DELETE FROM topics.asked WHERE library = %s AND id <= (
                       SELECT id FROM topics.asked WHERE library = %s ORDER BY id DESC OFFSET %s LIMIT 1)""",
                (self._library, self._library, at_most),
            ),
        )

    def last_asked(self, count: int, *, unanswered: bool) -> list[LastAsked]:
        """Return up to `count` questions, each as it was last asked, the last first.

        Of the `unanswered`, those that had no answer or a wrong one and were not dismissed, the most asked first.
        """
        rows = self._server.all(
            """SELECT a.key, a.question, a.at, a.answered, a.confidence, a.topic_id, a.topic, last.times, m.useful
               FROM (SELECT max(id) AS id, count(*) AS times FROM topics.asked WHERE library = %s GROUP BY key) last
               JOIN topics.asked a ON a.id = last.id
               LEFT JOIN topics.noted m ON m.library = a.library AND m.kind = 'mark' AND md5(m.key) = md5(a.key)
                    AND md5(m.topic_id) = md5(a.topic_id)
               WHERE NOT %s OR ((NOT a.answered
                                 OR EXISTS (SELECT 1 FROM topics.noted n WHERE n.library = a.library
                                            AND n.kind = 'mark' AND md5(n.key) = md5(a.key) AND NOT n.useful))
                                AND NOT EXISTS (SELECT 1 FROM topics.noted n WHERE n.library = a.library
                                                AND n.kind = 'dismissed' AND md5(n.key) = md5(a.key)))
               ORDER BY CASE WHEN %s THEN last.times ELSE 0 END DESC, a.id DESC LIMIT %s""",
            self._library,
            unanswered,
            unanswered,
            count,
        )
        return [LastAsked(AskedRow(*row[:7]), row[7], row[8]) for row in rows]

    def edition(self) -> tuple[int, int]:
        """Return the number of the last question and how many there are."""
        row = self._server.one(
            "SELECT coalesce(max(id), 0), count(*) FROM topics.asked WHERE library = %s", self._library
        )
        return (row[0], row[1]) if row else (0, 0)

    # what people said about it

    def note(self, rows: Sequence[NotedRow]) -> None:
        """Keep what somebody said of questions; the last time counts."""
        self._server.in_one_step(
            Statement(
                """INSERT INTO topics.noted (library, kind, key, topic_id, question, useful, at)
                   SELECT %s, put.* FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::boolean[],
                                                %s::text[]) put
                   ON CONFLICT (library, kind, md5(key), md5(topic_id)) DO UPDATE
                   SET question = excluded.question, useful = excluded.useful, at = excluded.at""",
                (self._library, *map(list, zip(*rows, strict=True))),
            )
        )

    def drop(self, kind: NotedKind, key: str, topic_id: str = "") -> None:
        """Delete what somebody said of a question."""
        self._server.all(
            "DELETE FROM topics.noted WHERE library = %s AND kind = %s AND key = %s AND topic_id = %s",
            self._library,
            kind,
            key,
            topic_id,
        )

    def noted(self, kind: NotedKind, key: str | None = None) -> list[NotedRow]:
        """Return all of a kind that was said, or what was said of a question, the last first."""
        rows = self._server.all(
            """SELECT kind, key, topic_id, question, useful, at FROM topics.noted
               WHERE library = %s AND kind = %s AND key = coalesce(%s::text, key) ORDER BY at DESC, key""",
            self._library,
            kind,
            key,
        )
        return [NotedRow(*row) for row in rows]

    # as a whole

    def erase(self, key: str | None) -> None:
        """Erase everything, or all about a question; the server overwrites it in its own time."""
        values = (self._library, key)
        self._server.in_one_step(
            Statement("DELETE FROM topics.asked WHERE library = %s AND key = coalesce(%s::text, key)", values),
            Statement("DELETE FROM topics.noted WHERE library = %s AND key = coalesce(%s::text, key)", values),
        )

    def rows(self) -> JournalRows:
        """Return all records, in the order in which they came."""
        questions, noted = self._server.several(
            Statement(
                """SELECT key, question, at, answered, confidence, topic_id, topic FROM topics.asked
                   WHERE library = %s ORDER BY id""",
                (self._library,),
            ),
            Statement(
                "SELECT kind, key, topic_id, question, useful, at FROM topics.noted WHERE library = %s ORDER BY at",
                (self._library,),
            ),
        )
        return JournalRows(self.setting(), [AskedRow(*row) for row in questions], [NotedRow(*row) for row in noted])

    def keep(self, rows: JournalRows) -> None:
        """Keep what another journal held."""
        if rows.questions:
            self._server.in_one_step(
                Statement(
                    """INSERT INTO topics.asked (library, key, question, at, answered, confidence, topic_id, topic)
                       SELECT %s, put.* FROM unnest(%s::text[], %s::text[], %s::text[], %s::boolean[], %s::float8[],
                                                    %s::text[], %s::text[]) put""",
                    (self._library, *map(list, zip(*rows.questions, strict=True))),
                )
            )
        if rows.noted:
            self.note(rows.noted)
        if rows.setting:
            self.set(rows.setting)


def file_written(library: int, name: str, content: str) -> Statement:
    """Return what keeps a small file of a library."""
    return Statement(
        """INSERT INTO topics.file (library, name, content) VALUES (%s, %s, %s)
           ON CONFLICT (library, name) DO UPDATE SET content = excluded.content""",
        (library, name, content),
    )


def file_changed(library: int, name: str, before: str | None, content: str) -> Statement:
    """Return what keeps a small file if its content is still the one before, None where there was none: a row, then."""
    if before is None:
        return Statement(
            """INSERT INTO topics.file (library, name, content) VALUES (%s, %s, %s)
               ON CONFLICT (library, name) DO NOTHING RETURNING true""",
            (library, name, content),
        )
    return Statement(
        """UPDATE topics.file SET content = %s WHERE library = %s AND name = %s AND content = %s RETURNING true""",
        (content, library, name, before),
    )
