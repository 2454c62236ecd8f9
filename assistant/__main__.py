"""`topics`, or `python -m assistant`: the command, which an interrupt ends in a word from its first moment on"""

from __future__ import annotations

import os
import signal

TYPE_CHECKING = False  # as in typing, which takes a while
if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn


def main() -> None:
    """Run the command."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)
    from assistant.cli.main import main as run  # it brings libraries, for up to a second on a cold disk

    signal.signal(signal.SIGINT, before)
    run()


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    """Leave at once: nothing is open yet, and an exception amid imports comes out as anything."""
    os.write(2, b"Aborted.\n")
    os._exit(130)


if __name__ == "__main__":
    main()
