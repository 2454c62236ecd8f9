"""one queue for all that programs ask: a few at once, some waiting, beyond that a word to come back (home of anyio)"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar

from index.errors import TopicsError

if TYPE_CHECKING:
    from anyio import CapacityLimiter

REQUESTS_AT_ONCE: Final = 2
"""Requests that are worked on at once: the model takes turns, and what comes before and after it fills the gaps."""

MAX_WAITING: Final = 64
"""Requests that are let in: whoever comes last then waits for about a second."""

RETRY_SECONDS: Final = 1
"""When to come back: by then the queue has moved on."""

Result = TypeVar("Result")


class QueueFullError(TopicsError):
    """More is asked at once than can be answered in a moment."""


class WorkQueue:
    """Work of one event loop, done in threads in the order it comes."""

    def __init__(self, capacity: int = MAX_WAITING) -> None:
        """Begin with nothing to do."""
        self._capacity = capacity
        self._admitted = 0

    @cached_property
    def _limiter(self) -> CapacityLimiter:
        from anyio import CapacityLimiter  # it is made in the event loop, and only programs need it

        return CapacityLimiter(REQUESTS_AT_ONCE)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place in the queue.

        Raises:
            QueueFullError: there is none.

        """
        if self._admitted >= self._capacity:
            raise QueueFullError("More is being asked than can be answered at once. Ask again in a second.")
        self._admitted += 1
        try:
            yield
        finally:
            self._admitted -= 1

    async def run(self, work: Callable[[], Result]) -> Result:
        """Do some work in its turn, and return what it gives.

        Raises:
            QueueFullError: there is no place in the queue.

        """
        with self.place():
            return await self.run_in_place(work)

    async def run_in_place(self, work: Callable[[], Result]) -> Result:
        """Do some work in its turn, for whoever holds a place by now."""
        from anyio import to_thread

        return await to_thread.run_sync(work, abandon_on_cancel=True, limiter=self._limiter)
