"""how is a question answered once for all who ask it? a cache of answers, valid while notes, words and day stay"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from assistant.answer import Answer
from assistant.answering import DEFAULT_LIMIT, ask
from index.errors import TopicsError
from index.library import Library
from index.records import ALL_NOTES, NoteFilter, Slot

CACHED_ANSWERS: Final = 256
"""Cached answers, for Back and Forward and for the buttons beside an answer."""

PREFETCHED_ANSWERS: Final = 16
"""Cached answers to questions that are still being typed: one for each person who types."""

QUESTIONS_AT_ONCE: Final = 2
"""Questions answered at once: while the model reads the first, the words of the second are compared. With three,
throughput is the same and each waits longer."""

Edition: TypeAlias = tuple[int, int, date]
"""What an answer depends on beside its request: the revisions of notes and of words, and the date."""


@dataclass(frozen=True, slots=True)
class AskRequest:
    """A question with its filters, as every door passes it on."""

    question: str
    limit: int = DEFAULT_LIMIT
    """The number of topics to return at most."""
    subject: str | None = None
    slot: Slot | None = None
    as_typed: bool = False
    """Whether words are taken as typed, with no correction of spelling."""
    notes: NoteFilter = ALL_NOTES
    """Which notes are searched."""
    after: str = ""
    """The question before it, for a follow-up."""


Key: TypeAlias = tuple[Edition, AskRequest]


class AnswerCache:
    """A least recently used cache of answers; thread-safe."""

    def __init__(self, capacity: int) -> None:
        """Begin with none."""
        self._capacity = capacity
        self._lock = threading.Lock()
        self._answers: OrderedDict[Key, Answer] = OrderedDict()

    def get(self, key: Key) -> Answer | None:
        """Return the answer of a key and mark it as just used; None if there is none."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def put(self, key: Key, answer: Answer) -> Answer:
        """Store an answer, discarding the least recently used if the cache is full, and return it."""
        with self._lock:
            self._answers[key] = answer
            self._answers.move_to_end(key)
            while len(self._answers) > self._capacity:
                self._answers.popitem(last=False)
        return answer


class KeyedLocks:
    """A lock for each key, which exists while a thread holds it or waits for it."""

    def __init__(self) -> None:
        """Begin with none."""
        self._guard = threading.Lock()
        self._locks: dict[Key, tuple[threading.Lock, int]] = {}

    def __len__(self) -> int:
        """Return the number of keys that are locked or waited for."""
        return len(self._locks)

    @contextmanager
    def of(self, key: Key) -> Iterator[None]:
        """Hold the lock of a key."""
        with self._guard:
            lock, holders = self._locks.get(key, (threading.Lock(), 0))
            self._locks[key] = lock, holders + 1
        try:
            with lock:
                yield
        finally:
            self._let_go(key)

    def _let_go(self, key: Key) -> None:
        with self._guard:
            lock, holders = self._locks.pop(key)
            if holders > 1:
                self._locks[key] = lock, holders - 1


class Answers:
    """The answers of one library."""

    def __init__(self) -> None:
        """Begin with none."""
        self._cache = AnswerCache(CACHED_ANSWERS)
        self._prefetched = AnswerCache(PREFETCHED_ANSWERS)
        self._turns = threading.BoundedSemaphore(QUESTIONS_AT_ONCE)
        self._asked = KeyedLocks()

    def answer(self, library: Library, request: AskRequest) -> Answer:
        """Return what the notes say to a question.

        Raises:
            TopicsError: the question cannot be asked.

        """
        key = _edition(library), request
        if answer := self._cache.get(key):
            return answer
        with self._asked.of(key), self._turns:  # the same question asked twice at once is answered once
            return self._cache.get(key) or self._cache.put(
                key, self._prefetched.get(key) or _answer_request(library, request)
            )

    def prefetch(self, library: Library, request: AskRequest) -> None:
        """Cache the answer to a question that is still being typed, unless other questions are waiting."""
        with self._asking_idle() as is_idle:
            key = _edition(library), request
            if is_idle and not (self._cache.get(key) or self._prefetched.get(key)):
                with suppress(TopicsError):  # reported when the question is asked
                    self._prefetched.put(key, _answer_request(library, request))

    @contextmanager
    def _asking_idle(self) -> Iterator[bool]:
        """Take a turn if all turns are free, and yield whether they were."""
        taken = [turn for turn in range(QUESTIONS_AT_ONCE) if self._turns.acquire(blocking=False)]
        is_idle = len(taken) == QUESTIONS_AT_ONCE
        for _ in taken[1:] if is_idle else taken:
            self._turns.release()
        try:
            yield is_idle
        finally:
            if is_idle:
                self._turns.release()


def _edition(library: Library) -> Edition:
    return *library.edition, date.today()


def _answer_request(library: Library, request: AskRequest) -> Answer:
    return ask(
        library,
        request.question,
        limit=request.limit,
        subject=request.subject,
        slot=request.slot,
        notes=request.notes,
        as_typed=request.as_typed,
        after=request.after,
    )
