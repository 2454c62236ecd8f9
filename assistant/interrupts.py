"""Ctrl-C while the command is being loaded: it ends at once and in a word"""

from __future__ import annotations

import os
import signal

TYPE_CHECKING = False  # as in typing, which takes a while
if TYPE_CHECKING:
    from types import FrameType, TracebackType
    from typing import NoReturn


class LeavingAtOnce:
    """While it lasts, an interrupt ends the process: an exception amid imports comes out as anything.

    Where interrupts are ignored, they stay so.
    """

    def __enter__(self) -> None:
        """Begin."""
        self._before = signal.getsignal(signal.SIGINT)
        if callable(self._before):
            signal.signal(signal.SIGINT, _leave)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the handler back."""
        signal.signal(signal.SIGINT, self._before)


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    os.write(2, b"Aborted.\n")
    os._exit(130)
