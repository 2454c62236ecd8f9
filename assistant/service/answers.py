"""answers with their cache: asked once, given again as long as neither the notes nor the question changed"""

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
"""Answers kept for Back and Forward, and for what else is pressed beside them."""

PREFETCHED_ANSWERS: Final = 16
"""Answers kept of questions that nobody has asked yet: one for each person who is typing."""

QUESTIONS_AT_ONCE: Final = 2
"""Questions that are worked on at once: while the model reads one, the words of another are compared. With three no
more are answered in a second, and each waits longer."""

Edition: TypeAlias = tuple[int, int, date]
"""What an answer depends on beside its question: the revisions of notes and of words, and what day it is."""


@dataclass(frozen=True, slots=True)
class AskRequest:
    """A question with its filters, as every door passes it on."""

    question: str
    limit: int = DEFAULT_LIMIT
    """Topics wanted at most."""
    subject: str | None = None
    slot: Slot | None = None
    as_typed: bool = False
    """Whether no word of the question is to be taken for a misspelling."""
    notes: NoteFilter = ALL_NOTES
    """Which notes are searched."""
    after: str = ""
    """The question before it, with which it is read where it leans on that one."""


Key: TypeAlias = tuple[Edition, AskRequest]


class AnswerCache:
    """The answers that were used last, as many as are worth their memory; any number of threads may use it."""

    def __init__(self, capacity: int) -> None:
        """Begin with none."""
        self._capacity = capacity
        self._lock = threading.Lock()
        self._answers: OrderedDict[Key, Answer] = OrderedDict()

    def get(self, key: Key) -> Answer | None:
        """Return the answer that is kept under a key, which makes it the last to go; None where there is none."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def put(self, key: Key, answer: Answer) -> Answer:
        """Keep an answer in place of the one that was not used for longest, and return it."""
        with self._lock:
            self._answers[key] = answer
            self._answers.move_to_end(key)
            while len(self._answers) > self._capacity:
                self._answers.popitem(last=False)
        return answer


class KeyedLocks:
    """A lock for each key, for as long as somebody holds it or waits for it."""

    def __init__(self) -> None:
        """Begin with none."""
        self._guard = threading.Lock()
        self._locks: dict[Key, tuple[threading.Lock, int]] = {}

    def __len__(self) -> int:
        """Return how many keys are locked or waited for."""
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
        """Return what the notes say to a question, within its filters.

        Raises:
            TopicsError: the question cannot be asked.

        """
        key = _edition(library), request
        if answer := self._cache.get(key):
            return answer
        with self._asked.of(key), self._turns:  # two who ask the same at once are told the same
            return self._cache.get(key) or self._cache.put(
                key, self._prefetched.get(key) or _answer_request(library, request)
            )

    def prefetch(self, library: Library, request: AskRequest) -> None:
        """Have the answer to a question that is still being typed, unless somebody is waiting for another one."""
        with self._asking_idle() as is_idle:
            key = _edition(library), request
            if is_idle and not (self._cache.get(key) or self._prefetched.get(key)):
                with suppress(TopicsError):  # whoever asks it is told what is wrong
                    self._prefetched.put(key, _answer_request(library, request))

    @contextmanager
    def _asking_idle(self) -> Iterator[bool]:
        """Take one turn to ask where all are free, and say whether that was so."""
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
