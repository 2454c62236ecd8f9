"""in what order are requests of programs worked on? one queue, of limited length (home of anyio)"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar

from index.errors import TopicsError

if TYPE_CHECKING:
    from anyio import CapacityLimiter

REQUESTS_AT_ONCE: Final = 2
"""Requests worked on at once: the model takes turns, and the work before and after it fills the gaps."""

MAX_WAITING: Final = 64
"""Requests in the queue at most: the last one waits for about a second."""

RETRY_SECONDS: Final = 1
"""Seconds after which a refused program may ask again (Retry-After)."""

Result = TypeVar("Result")


class QueueFullError(TopicsError):
    """The queue of requests is full."""


class WorkQueue:
    """Runs blocking work of one event loop in threads, first in, first out."""

    def __init__(self, capacity: int = MAX_WAITING) -> None:
        """Begin with an empty queue."""
        self._capacity = capacity
        self._admitted = 0

    @cached_property
    def _limiter(self) -> CapacityLimiter:
        from anyio import CapacityLimiter  # imported here: it is created in the event loop, and only programs need it

        return CapacityLimiter(REQUESTS_AT_ONCE)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place in the queue.

        Raises:
            QueueFullError: no place is free.

        """
        if self._admitted >= self._capacity:
            raise QueueFullError("More is being asked than can be answered at once. Ask again in a second.")
        self._admitted += 1
        try:
            yield
        finally:
            self._admitted -= 1

    async def run(self, work: Callable[[], Result]) -> Result:
        """Run work in its turn and return its result.

        Raises:
            QueueFullError: no place is free.

        """
        with self.place():
            return await self.run_in_place(work)

    async def run_in_place(self, work: Callable[[], Result]) -> Result:
        """Run work in its turn, for a caller that holds a place, and return its result."""
        from anyio import to_thread

        return await to_thread.run_sync(work, abandon_on_cancel=True, limiter=self._limiter)
