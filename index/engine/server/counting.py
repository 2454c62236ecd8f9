"""how many topics hold each word: counted along with a change, and written once at its end

A row that is updated a thousand times in one transaction is a thousand versions, each of which the next update reads:
to write 5,000 topics took more than five minutes that way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from index.engine.server.connection import Server, Statement


@dataclass
class _Counted:
    """What came, and with a minus sign what went."""

    words: Counter[int] = field(default_factory=Counter)
    """By the number of a word."""
    written: Counter[str] = field(default_factory=Counter)
    topics: int = 0
    terms: int = 0

    def count(self, words: Iterable[int], written: Iterable[str], terms: int, sign: int) -> None:
        """Count a topic that came, or went."""
        for word in words:
            self.words[word] += sign
        for spelling in written:
            self.written[spelling] += sign
        self.topics += sign
        self.terms += sign * terms

    def add(self, other: _Counted) -> None:
        """Count all that another one has."""
        for word, times in other.words.items():
            self.words[word] += times
        for spelling, times in other.written.items():
            self.written[spelling] += times
        self.topics += other.topics
        self.terms += other.terms


class WordCounts:
    """The counts of one writer."""

    def __init__(self, server: Server, library: int) -> None:
        """Count for a library of a server."""
        self._server = server
        self._library = library
        self._numbers: dict[str, int] = {}
        self._parts: list[_Counted] = [_Counted()]

    @contextmanager
    def part(self) -> Iterator[None]:
        """Count what comes and goes inside, unless it fails: then it is as if it never was."""
        self._parts.append(_Counted())
        try:
            yield
        except BaseException:
            self._parts.pop()
            self._numbers = {}  # those of words that were new are gone, too
            raise
        done = self._parts.pop()
        self._parts[-1].add(done)

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Count what comes and goes inside, and write it at the end."""
        try:
            with self.part():
                yield
            self._write(self._parts[0])
        finally:
            self._parts = [_Counted()]

    def came(self, words: Iterable[int], written: Iterable[str], terms: int) -> None:
        """Count a topic with its words, its spellings and its length."""
        self._parts[-1].count(words, written, terms, 1)

    def went(self, words: Iterable[int], written: Iterable[str], terms: int) -> None:
        """Count a topic no more."""
        self._parts[-1].count(words, written, terms, -1)

    def numbers(self, words: Iterable[str]) -> dict[str, int]:
        """Return the number of each word, a new one where it has none."""
        wanted = sorted(set(words))
        unknown = [word for word in wanted if word not in self._numbers]
        if unknown:
            _, rows = self._server.several(
                Statement(
                    """INSERT INTO topics.word (library, word, topics) SELECT %s, put, 0 FROM unnest(%s::text[]) put
                       ON CONFLICT (library, word) DO NOTHING""",
                    (self._library, unknown),
                ),
                Statement(
                    "SELECT word, id FROM topics.word WHERE library = %s AND word = ANY(%s)", (self._library, unknown)
                ),
            )
            self._numbers |= dict(rows)
        return {word: self._numbers[word] for word in wanted}

    def _write(self, counted: _Counted) -> None:
        words = sorted(counted.words.items())
        written = sorted(counted.written.items())
        if not (words or written or counted.topics):
            return
        numbers, times = [number for number, _ in words], [change for _, change in words]
        spellings, changes = [spelling for spelling, _ in written], [change for _, change in written]
        self._server.several(
            Statement(
                """UPDATE topics.word w SET topics = w.topics + put.change
                   FROM unnest(%s::bigint[], %s::int[]) put (id, change) WHERE w.id = put.id""",
                (numbers, times),
            ),
            Statement("DELETE FROM topics.word WHERE id = ANY(%s) AND topics <= 0", (numbers,)),
            Statement(
                """INSERT INTO topics.written AS known (library, word, topics)
                   SELECT %s, put.* FROM unnest(%s::text[], %s::int[]) put
                   ON CONFLICT (library, word) DO UPDATE SET topics = known.topics + excluded.topics""",
                (self._library, spellings, changes),
            ),
            Statement(
                "DELETE FROM topics.written WHERE library = %s AND word = ANY(%s) AND topics <= 0",
                (self._library, spellings),
            ),
            Statement(
                "UPDATE topics.library SET topics = topics + %s, terms = terms + %s WHERE id = %s",
                (counted.topics, counted.terms, self._library),
            ),
        )
        if any(change < 0 for change in times):
            self._numbers = {}
