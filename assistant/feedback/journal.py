"""what was asked, what was useful, what went unanswered: kept beside the notes, erased at will

A SQLite file of its own beside the catalog, so that keeping a question never waits for a sync and a sync never for it.
It leaves the machine as little as the notes do. A batch and an evaluation are not recorded: nobody asked those.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from assistant.answer import Answer
from index.errors import LibraryError
from index.storage import Connection, connect, emptied_wal, refuse_foreign, write_ahead
from index.text import title_key

FILE_NAME: Final = "journal.sqlite3"

KEPT: Final = 10_000
"""Questions kept; the oldest go. At twenty a day that is more than a year, in two megabytes."""

BUSY_SECONDS: Final = 0.2
"""How long another process may hold the file: a question that cannot be kept by then is not kept."""

ERASING_SECONDS: Final = 5.0
"""How long erasing waits for others to end what they read: an answer takes a fraction of a second."""

_FORMAT: Final = 2
_SCHEMA: Final = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS asked (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    question TEXT NOT NULL,
    at TEXT NOT NULL,
    answered INTEGER NOT NULL,
    confidence REAL NOT NULL,
    topic_id TEXT NOT NULL,
    topic TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS asked_key ON asked (key);
CREATE TABLE IF NOT EXISTS mark (
    key TEXT NOT NULL,
    topic_id TEXT NOT NULL,
    question TEXT NOT NULL,
    useful INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (key, topic_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS saved (key TEXT PRIMARY KEY, question TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dismissed (key TEXT PRIMARY KEY, question TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
PRAGMA user_version = {_FORMAT};
COMMIT;
"""


class Feedback(StrEnum):
    """What a person says of a topic as the answer to a question: one word for the page, the command and the journal."""

    USEFUL = "useful"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as it was last asked."""

    question: str
    at: datetime
    """When it was last asked, in UTC."""
    answered: bool
    confidence: float
    """0 to 1."""
    topic_id: str
    """The stable id of the first topic found; empty where there was none."""
    topic: str
    """That topic's title."""
    times: int
    """How often it was asked."""
    feedback: Feedback | None
    """How that topic was marked for it; None where it was not."""

    def to_json(self) -> dict[str, object]:
        """Return plain values; `useful` says the same as `feedback`, for programs that know only it."""
        return asdict(self) | {"at": self.at.isoformat(), "useful": _as_useful(self.feedback)}


@dataclass(frozen=True, slots=True)
class Mark:
    """A topic that was marked as useful, or as wrong, for a question."""

    question: str
    topic_id: str
    feedback: Feedback

    def to_json(self) -> dict[str, object]:
        """Return plain values; `useful` says the same as `feedback`, for programs that know only it."""
        return asdict(self) | {"useful": _as_useful(self.feedback)}


class Journal:
    """The journal of the library in a folder; any number of threads and processes may use it.

    Questions are the same where `title_key` says so. What cannot be read or written raises LibraryError, but never
    from `record`: no question fails because it cannot be kept.
    """

    def __init__(self, folder: Path, *, is_on_at_first: bool = True) -> None:
        """Remember where the journal is; its file is made when there is something to keep.

        Questions are recorded from the beginning, or, where several people ask, once that is turned on.
        """
        self.path = folder / FILE_NAME
        self._is_on_at_first = is_on_at_first
        self._lock = threading.Lock()
        self._connection: Connection | None = None

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        if self._connection:
            self._connection.db.close()
        self._connection = None

    # what was asked

    @property
    def is_on(self) -> bool:
        """Say whether questions are recorded; what is marked or saved by hand is kept either way."""
        settings = {name for (name,) in self._read("SELECT name FROM setting WHERE name IN ('on', 'off')")}
        return "off" not in settings and ("on" in settings or self._is_on_at_first)

    def turn(self, *, on: bool) -> None:
        """Record questions from now on, or no more: remembered for every door of this library."""
        says, opposite = ("on", "off") if on else ("off", "on")
        self._write(
            ("DELETE FROM setting WHERE name = ?", (opposite,)),
            ("INSERT OR REPLACE INTO setting VALUES (?, 'yes')", (says,)),
        )

    def record(self, answer: Answer, *, is_shown_again: bool = False) -> bool:
        """Keep a question with what came of it, and say whether that was possible; call it once the answer is shown.

        One that nobody asked just now, but whose page was loaded again or came from a bookmark, is kept once.
        """
        first = answer.hits[0] if answer.hits else None
        row = (
            title_key(answer.full_question),
            answer.full_question,
            _now(),
            answer.answered or answer.kind == "topics",  # a keyword asks nothing that could be missing
            answer.confidence,
            first.id if first else "",
            first.topic if first else "",
        )
        try:
            is_on = self.is_on
            if is_on:
                statement = (_RECORD_ONCE, (*row, row[0])) if is_shown_again else (_RECORD, row)
                self._write(statement, (_FORGET_OLDEST, (KEPT,)))
        except LibraryError:
            return False  # a full or read-only disk, a damaged file: `topics journal` says so when it is asked
        return is_on

    def recent(self, count: int) -> list[AskedQuestion]:
        """Return up to `count` questions, each once, the last asked first."""
        return self._asked("ORDER BY max(a.id) DESC LIMIT ?", min(count, KEPT))

    @property
    def edition(self) -> tuple[int, int]:
        """What changes whenever a question is recorded or erased: the last one's number, and how many there are."""
        rows = self._read("SELECT coalesce(max(id), 0), count(*) FROM asked")
        return rows[0] if rows else (0, 0)

    def unanswered(self, count: int) -> list[AskedQuestion]:
        """Return up to `count` questions that had no answer when last asked, or one marked as wrong; most asked first.

        What was dismissed is left out.
        Whether the notes answer them by now is for `assistant.feedback.gaps` to say.
        """
        return self._asked(
            "HAVING (NOT a.answered OR a.key IN (SELECT key FROM mark WHERE NOT useful)) "
            "AND a.key NOT IN (SELECT key FROM dismissed) "
            "ORDER BY count(*) DESC, max(a.id) DESC LIMIT ?",
            min(count, KEPT),
        )

    # what people said about it

    def mark(self, question: str, topic_id: str, feedback: Feedback) -> None:
        """Keep what a person says of a topic as the answer to a question; the last mark of the two counts.

        `assistant.feedback.marks.mark` also makes the library find the topic by the question.
        """
        row = (title_key(question), topic_id, question, feedback is Feedback.USEFUL, _now())
        self._write(("INSERT OR REPLACE INTO mark VALUES (?, ?, ?, ?, ?)", row))

    def undo(self, question: str, topic_id: str) -> None:
        """Take back how a topic was marked for a question."""
        self._write(("DELETE FROM mark WHERE key = ? AND topic_id = ?", (title_key(question), topic_id)))

    def marks(self, question: str | None = None) -> list[Mark]:
        """Return every mark, or those for one question, the last first."""
        rows = self._read(
            "SELECT question, topic_id, useful FROM mark WHERE key = coalesce(?, key) ORDER BY at DESC",
            None if question is None else title_key(question),
        )
        return [Mark(text, topic_id, _FEEDBACK[useful]) for text, topic_id, useful in rows]

    def save(self, question: str) -> None:
        """Keep a question to come back to."""
        self._write(("INSERT OR REPLACE INTO saved VALUES (?, ?, ?)", (title_key(question), question, _now())))

    def unsave(self, question: str) -> None:
        """Let go of a question kept to come back to."""
        self._write(("DELETE FROM saved WHERE key = ?", (title_key(question),)))

    @property
    def saved(self) -> list[str]:
        """The questions kept to come back to, the last saved first."""
        return [question for (question,) in self._read("SELECT question FROM saved ORDER BY at DESC")]

    def dismiss(self, questions: Iterable[str]) -> None:
        """Keep that questions need no answer: they are in no gap any more, however often they are asked."""
        statement = "INSERT OR REPLACE INTO dismissed VALUES (?, ?, ?)"
        self._write(*((statement, (title_key(question), question, _now())) for question in questions))

    def restore(self, question: str) -> None:
        """Let a question that was dismissed be part of a gap again."""
        self._write(("DELETE FROM dismissed WHERE key = ?", (title_key(question),)))

    @property
    def dismissed(self) -> list[str]:
        """The questions that need no answer, the last dismissed first."""
        return [question for (question,) in self._read("SELECT question FROM dismissed ORDER BY at DESC, key")]

    # erasing

    def erase(self, question: str | None = None) -> None:
        """Erase everything, or all about one question, from the disk, too; whether questions are recorded stays.

        Raises:
            LibraryError: another process that reads the file keeps what it held from being overwritten.

        """
        if not self.path.exists():
            return
        key = None if question is None else title_key(question)
        self._write(*((statement, (key,)) for statement in _ERASE))
        with self._lock, self._explained():
            self._open().execute("VACUUM")
            is_erased = emptied_wal(self._open(), ERASING_SECONDS)
        if not is_erased:
            raise LibraryError(
                f"What was erased is in no list any more, but {self.path} still holds it: another process is reading "
                "it. Close the app and what else uses this library, then erase again."
            )

    def copy_to(self, folder: Path) -> None:
        """Write all of it into the journal of another library, which has none."""
        if not self.path.exists():
            return
        with closing(Journal(folder)) as other, self._lock, self._explained():
            self._open().backup(other._open())

    # below: how SQLite is spoken to

    def _asked(self, clauses: str, count: int) -> list[AskedQuestion]:
        # the columns beside max() are those of the row that has it (sqlite.org/lang_select.html, "bare columns")
        rows = self._read(
            f"""SELECT a.question, a.at, a.answered, a.confidence, a.topic_id, a.topic, count(*), m.useful, max(a.id)
                FROM asked a LEFT JOIN mark m ON m.key = a.key AND m.topic_id = a.topic_id
                GROUP BY a.key {clauses}""",  # noqa: S608 (the clauses are written in this file)
            count,
        )
        return [
            AskedQuestion(
                question,
                datetime.fromisoformat(at),
                bool(answered),
                sure,
                topic_id,
                topic,
                times,
                _FEEDBACK.get(useful),
            )
            for question, at, answered, sure, topic_id, topic, times, useful, _ in rows
        ]

    def _read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        if not self.path.exists():
            return []
        with self._lock, self._explained(), closing(self._open().execute(query, values)) as rows:
            return rows.fetchall()

    def _write(self, *statements: tuple[str, tuple[object, ...]]) -> None:
        with self._lock, self._explained():
            db = self._open()
            with db:
                db.execute("BEGIN IMMEDIATE")
                for statement, values in statements:
                    db.execute(statement, values)

    def _open(self) -> sqlite3.Connection:
        before = self._connection
        if before and (not self.path.exists() or before.is_outdated(self.path)):
            self._let_go()  # someone deleted the file, which is as good as erasing it, or changed what we can only read
        if self._connection is None:
            self._connection = self._connected()
        return self._connection.db

    def _connected(self) -> Connection:
        connection = connect(self.path, _prepare, create=True, busy_seconds=BUSY_SECONDS)
        try:
            refuse_foreign(connection.db, self.path)
        except BaseException:
            connection.db.close()
            raise
        return connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise LibraryError(
                f"The journal at {self.path} cannot be used ({error}). See that its folder can be written and that its "
                "disk has room. It may be deleted: only what was asked, marked and saved is lost, no note."
            ) from error


_FEEDBACK: Final = {0: Feedback.WRONG, 1: Feedback.USEFUL}
"""What the column `useful` of a mark stands for."""

_ERASE: Final = (
    "DELETE FROM asked WHERE key = coalesce(?, key)",
    "DELETE FROM mark WHERE key = coalesce(?, key)",
    "DELETE FROM saved WHERE key = coalesce(?, key)",
    "DELETE FROM dismissed WHERE key = coalesce(?, key)",
)
_RECORD: Final = (
    "INSERT INTO asked (key, question, at, answered, confidence, topic_id, topic) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_RECORD_ONCE: Final = (
    "INSERT INTO asked (key, question, at, answered, confidence, topic_id, topic) "
    "SELECT ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM asked WHERE key = ?)"
)
_FORGET_OLDEST: Final = "DELETE FROM asked WHERE id <= (SELECT max(id) FROM asked) - ?"


def _prepare(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA secure_delete = ON").fetchone()
    db.execute("PRAGMA temp_store = MEMORY")  # what is written anew to be erased is in no other file meanwhile
    write_ahead(db)
    db.execute("PRAGMA synchronous = NORMAL")
    if db.execute("PRAGMA user_version").fetchone()[0] < _FORMAT:
        db.executescript(_SCHEMA)


def _as_useful(feedback: Feedback | None) -> bool | None:
    return None if feedback is None else feedback is Feedback.USEFUL


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
