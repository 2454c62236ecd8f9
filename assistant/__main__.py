"""`topics`, or `python -m assistant`: the command, which an interrupt ends in a word from its first moment on"""

from __future__ import annotations

from assistant.interrupts import LeavingAtOnce


def main() -> None:
    """Run the command."""
    with LeavingAtOnce():
        from assistant.cli.main import main as run  # it brings libraries, for up to a second on a cold disk
    run()


if __name__ == "__main__":
    main()
