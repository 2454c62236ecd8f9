"""the `topics` command, put together from the commands of all modules"""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType
from typing import Annotated, Final, NoReturn

import typer

from assistant.cli.lazy import HELP_NAMES, LazyCommands
from assistant.cli.options import EXIT_FAILED, LibraryOption
from assistant.terminal import out, print_in_any_encoding, say_error
from index.errors import TopicsError
from index.extras import missing_extra

app = typer.Typer(
    name="topics",
    cls=LazyCommands,
    help="Ask your own notes a question in plain words, offline.",
    epilog="Exit codes: 0 done, 1 something failed and was said, 2 wrong usage, 130 interrupted.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": HELP_NAMES},
)

EXIT_INTERRUPTED: Final = 130

_interrupted: Final = threading.Event()


def main() -> None:
    """Run the command; whatever goes wrong ends in one sentence and an exit code."""
    print_in_any_encoding()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else it is ignored, or somebody's own
        signal.signal(signal.SIGINT, _interrupt)
    try:
        app()
    except TopicsError as error:
        say_error(str(error))
    except Exception as error:
        if os.environ.get("TOPICS_DEBUG"):
            raise
        if _interrupted.is_set():  # a library has made an error of its own of it, as many do while they are imported
            sys.exit(EXIT_INTERRUPTED)
        say_error(_explain(error))
    sys.exit(EXIT_FAILED)


def _explain(error: Exception) -> str:
    """Return what an error that nobody foresaw means for the person who meets it."""
    missing = missing_extra(error) if isinstance(error, ImportError) else None
    return (
        str(missing)
        if missing
        else (
            f"Something went wrong that should not have ({type(error).__name__}: {error}). "
            "Your notes are untouched. Run `topics doctor`, or set TOPICS_DEBUG=1 to see where it happened."
        )
    )


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    _interrupted.set()
    raise KeyboardInterrupt


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version as installed_version

        out.print(f"topics {installed_version('topic-assistant')}")
        raise typer.Exit


@app.callback()
def topics(
    context: typer.Context,
    library: LibraryOption = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Ask your own notes a question in plain words, offline."""
    context.obj = library
