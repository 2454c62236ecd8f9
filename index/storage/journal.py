"""what a journal holds, and what every place offers that can keep one: a file of a folder, or tables on a server"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol, TypeAlias

NotedKind: TypeAlias = Literal["mark", "saved", "dismissed"]
"""What a person can say of a question."""


class AskedRow(NamedTuple):
    """A question as a journal keeps it."""

    key: str
    """What is the same for questions that are: `title_key`."""
    question: str
    at: str
    """When it was asked, in UTC, as ISO 8601."""
    answered: bool
    confidence: float
    topic_id: str
    topic: str


class LastAsked(NamedTuple):
    """A question as it was last asked."""

    row: AskedRow
    times: int
    useful: bool | None
    """How its topic was marked for it."""


class NotedRow(NamedTuple):
    """What somebody said of a question."""

    kind: NotedKind
    key: str
    topic_id: str
    """Of which topic it was said; empty where it was of none."""
    question: str
    useful: bool
    at: str


class JournalRows(NamedTuple):
    """All that a journal holds."""

    setting: str
    questions: Sequence[AskedRow]
    noted: Sequence[NotedRow]


class JournalStore(Protocol):
    """The store of a journal; any number of threads and processes may use it."""

    def close(self) -> None:
        """Close it."""

    def setting(self) -> str:
        """Return `on` or `off` as somebody has turned it, or nothing where nobody has."""

    def set(self, setting: str) -> None:
        """Keep whether it is on."""

    def add(self, row: AskedRow, *, at_most: int, once: bool) -> None:
        """Store a question, unless it is to be stored once and is there; the oldest go beyond a number."""

    def last_asked(self, count: int, *, unanswered: bool) -> list[LastAsked]:
        """Return up to `count` questions, each as it was last asked, the last first.

        Of the `unanswered`, those that had no answer or a wrong one and were not dismissed, the most asked first.
        """

    def edition(self) -> tuple[int, int]:
        """Return the number of the last question and how many there are."""

    def note(self, rows: Sequence[NotedRow]) -> None:
        """Keep what somebody said of questions; the last time counts."""

    def drop(self, kind: NotedKind, key: str, topic_id: str = "") -> None:
        """Delete what somebody said of a question."""

    def noted(self, kind: NotedKind, key: str | None = None) -> list[NotedRow]:
        """Return all of a kind that was said, or what was said of a question, the last first."""

    def erase(self, key: str | None) -> None:
        """Erase everything, or all about a question; whether it is on stays."""

    def rows(self) -> JournalRows:
        """Return all records, in the order in which they came."""

    def keep(self, rows: JournalRows) -> None:
        """Keep what another journal held."""
