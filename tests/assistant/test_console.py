from __future__ import annotations

import signal
from contextlib import suppress

import pytest

from assistant.console import progress_bar


def test_interrupt_that_a_library_swallows_ends_the_work_at_its_next_step() -> None:
    before = signal.getsignal(signal.SIGINT)
    with progress_bar() as progress:
        progress("Embedding", 0, 2)
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            progress("Embedding", 1, 2)
    assert signal.getsignal(signal.SIGINT) is before
