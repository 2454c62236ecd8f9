"""what was asked, what was useful, what went unanswered: kept beside the notes, erased at will

It is a file beside the catalog, or on a server a few tables for all who use the library, where it is off until they
turn it on. A batch and an evaluation are not recorded: nobody asked those.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from assistant.answer import Answer
from assistant.feedback.journal_file import JournalFile
from index.errors import LibraryError
from index.storage import AskedRow, JournalStore, LastAsked, NotedRow
from index.text import title_key

KEPT: Final = 10_000
"""Questions stored; beyond these, the oldest are deleted. At twenty a day that is more than a year, in two
megabytes."""


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
    """The topic id of the first topic found; empty where there was none."""
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
    """The journal of a library; any number of threads and processes may use it.

    Questions are the same where `title_key` says so. What cannot be read or written raises LibraryError, but never
    from `record`: no question fails because it cannot be kept.
    """

    def __init__(self, place: Path | JournalStore, *, is_on_at_first: bool = True) -> None:
        """Keep the journal in a library's folder, or wherever it is that keeps one.

        Questions are recorded from the beginning, or, where several people ask, once that is turned on.
        """
        self._store: JournalStore = JournalFile(place) if isinstance(place, Path) else place
        self.is_on_at_first = is_on_at_first

    def close(self) -> None:
        """Close it."""
        self._store.close()

    # what was asked

    @property
    def is_on(self) -> bool:
        """Return whether questions are recorded; what is marked or saved by hand is stored either way."""
        setting = self._store.setting()
        return setting == "on" if setting else self.is_on_at_first

    def turn(self, *, on: bool) -> None:
        """Record questions from now on, or no more: remembered for every door of this library."""
        self._store.set("on" if on else "off")

    def record(self, answer: Answer, *, is_shown_again: bool = False) -> bool:
        """Keep a question with what came of it, and say whether that was possible; call it once the answer is shown.

        One that nobody asked just now, but whose page was loaded again or came from a bookmark, is kept once.
        """
        first = answer.hits[0] if answer.hits else None
        row = AskedRow(
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
                self._store.add(row, at_most=KEPT, once=is_shown_again)
        except LibraryError:
            return False  # a full or read-only disk, a damaged file: `topics journal` says so when it is asked
        return is_on

    def recent(self, count: int) -> list[AskedQuestion]:
        """Return up to `count` questions, each once, the last asked first."""
        return _questions(self._store.last_asked(min(count, KEPT), unanswered=False))

    @property
    def edition(self) -> tuple[int, int]:
        """What changes whenever a question is recorded or erased: the last one's number, and how many there are."""
        return self._store.edition()

    def unanswered(self, count: int) -> list[AskedQuestion]:
        """Return up to `count` questions that had no answer when last asked, or one marked as wrong; most asked first.

        What was dismissed is left out.
        Whether the notes answer them by now is for `assistant.feedback.gaps` to say.
        """
        return _questions(self._store.last_asked(min(count, KEPT), unanswered=True))

    # what people said about it

    def mark(self, question: str, topic_id: str, feedback: Feedback) -> None:
        """Keep what a person says of a topic as the answer to a question; the last mark of the two counts.

        `assistant.feedback.marks.mark` also makes the library find the topic by the question.
        """
        self._store.note(
            [NotedRow("mark", title_key(question), topic_id, question, feedback is Feedback.USEFUL, _now())]
        )

    def undo(self, question: str, topic_id: str) -> None:
        """Take back how a topic was marked for a question."""
        self._store.drop("mark", title_key(question), topic_id)

    def marks(self, question: str | None = None) -> list[Mark]:
        """Return every mark, or those for one question, the last first."""
        rows = self._store.noted("mark", None if question is None else title_key(question))
        return [Mark(row.question, row.topic_id, _FEEDBACK[row.useful]) for row in rows]

    def save(self, question: str) -> None:
        """Keep a question to come back to."""
        self._store.note([NotedRow("saved", title_key(question), "", question, False, _now())])

    def unsave(self, question: str) -> None:
        """Remove a saved question."""
        self._store.drop("saved", title_key(question))

    @property
    def saved(self) -> list[str]:
        """The saved questions, the last saved first."""
        return [row.question for row in self._store.noted("saved")]

    def dismiss(self, questions: Iterable[str]) -> None:
        """Dismiss questions, which need no answer: they are in no gap any more, however often they are asked."""
        rows = [NotedRow("dismissed", title_key(question), "", question, False, _now()) for question in questions]
        if rows:
            self._store.note(rows)

    def restore(self, question: str) -> None:
        """Let a question that was dismissed be part of a gap again."""
        self._store.drop("dismissed", title_key(question))

    @property
    def dismissed(self) -> list[str]:
        """The questions that need no answer, the last dismissed first."""
        return [row.question for row in self._store.noted("dismissed")]

    # as a whole

    def erase(self, question: str | None = None) -> None:
        """Erase everything, or all about one question, from the disk, too; whether questions are recorded stays.

        Raises:
            LibraryError: another process that reads the file keeps what it held from being overwritten.

        """
        self._store.erase(None if question is None else title_key(question))

    def copy_to(self, other: Journal) -> None:
        """Write all of it into the journal of another library, which has none.

        Where it was turned off, it stays off; turned on it is by those who use the other one.
        """
        rows = self._store.rows()
        other._store.keep(rows._replace(setting="off" if rows.setting == "off" else ""))


def where_kept(*, is_on_server: bool) -> str:
    """Return in words where the questions of a library are recorded, what of them, and who sees it.

    >>> where_kept(is_on_server=False)
    'on this machine only'
    """
    if is_on_server:
        return (
            "in the database: each with its time, whether it was answered and the first topic, without a name. All who "
            "use this library see it"
        )
    return "on this machine only"


_FEEDBACK: Final = {False: Feedback.WRONG, True: Feedback.USEFUL}


def _questions(rows: Iterable[LastAsked]) -> list[AskedQuestion]:
    return [
        AskedQuestion(
            row.question,
            datetime.fromisoformat(row.at),
            row.answered,
            row.confidence,
            row.topic_id,
            row.topic,
            times,
            None if useful is None else _FEEDBACK[useful],
        )
        for row, times, useful in rows
    ]


def _as_useful(feedback: Feedback | None) -> bool | None:
    return None if feedback is None else feedback is Feedback.USEFUL


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
