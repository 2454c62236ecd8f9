"""a bar on the terminal for work that takes a while, which an interrupt ends"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bar

from assistant.terminal import err
from index.progress import Phase

PROGRESS_AFTER_SECONDS: Final = 1.0


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar on standard error for anything that takes over a second; nothing where that is no terminal.

    What is interrupted ends at the next step at the latest, even where a library has swallowed the exception.
    """
    bar = Bar(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
    )
    task = bar.add_task(Phase.STARTING, total=None)

    interrupted = threading.Event()

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        interrupted.set()
        raise KeyboardInterrupt

    def report(phase: str, done: int, total: int) -> None:
        if interrupted.is_set():
            raise KeyboardInterrupt
        bar.update(task, description=phase, completed=done, total=total or None)

    timer = threading.Timer(PROGRESS_AFTER_SECONDS, bar.start)
    if err.is_terminal:
        timer.start()
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield report
    finally:
        signal.signal(signal.SIGINT, before)
        timer.cancel()
        if bar.live.is_started:  # otherwise it would print an empty line
            bar.stop()
