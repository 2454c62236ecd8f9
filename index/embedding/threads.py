"""one thread for the small products of a question, in whichever thread it is asked (home of threadpoolctl)"""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController


class _Told(threading.local):
    """Whether this thread was told."""

    is_told = False


_TOLD = _Told()


def share_no_products() -> None:
    """Let this thread compute products by itself: those of a question's size are slower shared out.

    A whole question took 31 ms with two threads, 18 with one. What OpenMP computes is told thread by thread: a question
    that was asked in a thread which did not load the model took a fifth longer, and up to twice as long where other
    programs used the cores.
    """
    if not _TOLD.is_told:
        _controller().limit(limits=1, user_api="blas")
        _TOLD.is_told = True


@cache
def _controller() -> ThreadpoolController:
    """Return what knows the libraries that are loaded: those of vectors are by the time that a question is read."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
