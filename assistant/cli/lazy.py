"""the commands by name: a command's module is imported when it is run, so that help and errors come at once"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any, Final, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from assistant.interrupts import LeavingAtOnce

HELP_NAMES: Final = ["-h", "--help"]
"""What shows the help of a command."""
MARKUP: Final = "markdown"
"""What help texts are written in."""


class Command(NamedTuple):
    """Where a command is, and what it says of itself in the list of commands: its docstring's first paragraph."""

    module: str
    help: str


COMMANDS: Final = {
    "serve": Command("serving", "Open the app in the browser, and answer other programs; stop it with Ctrl-C."),
    "mcp": Command(
        "assisting", "Give an assistant your notes as tools, over standard input and output (Model Context Protocol)."
    ),
    "ask": Command("asking", "Ask a question and read the answer."),
    "related": Command("relating", "Show the topics that belong beside one, each with why."),
    "map": Command("relating", "Lay all topics out on a map, like ones together; without options, list its areas."),
    "add": Command(
        "notes", "Add folders or files of notes to the library and index them; they are only read, never changed."
    ),
    "remove": Command(
        "notes",
        "Take a folder or file out of the library; the files themselves stay, but for copies that were uploaded.",
    ),
    "sync": Command("notes", "Bring the library in step with its folders; only what changed is embedded."),
    "journal": Command(
        "learning",
        "Show what was asked of this library: kept on this machine, or a team's on its server; turn it off, erase it.",
    ),
    "mark": Command(
        "learning", "Mark a topic as useful for a question, which then finds it, also in other words; or as wrong."
    ),
    "gaps": Command(
        "learning", "List the questions that your notes do not answer, alike ones together, the most asked first."
    ),
    "enrich": Command(
        "enriching",
        "Have a model server write ways to ask for each topic, once; those that find it are kept in the library.",
    ),
    "model": Command("models", "List, use, add or fetch models: what notes and questions are read by."),
    "status": Command(
        "health", "Show what the library holds, what was skipped and why; exit code 1 when something failed."
    ),
    "server": Command(
        "servers",
        "Prepare a PostgreSQL database for libraries, or bring it forward; as a user who may make roles and tables.",
    ),
    "work": Command(
        "servers", "Embed what `topics sync --by-workers` has handed out, on any number of machines, until Ctrl-C."
    ),
    "move": Command(
        "servers",
        "Bring a library to another place with all it knows; the first one stays as it is. Nothing is embedded again.",
    ),
    "doctor": Command("health", "Check model, library, versions and network use: what is wrong and how to mend it."),
    "eval": Command(
        "measuring", "Measure finding, the slot, the passage and confidence over questions with known answers."
    ),
}
"""Every command, in the order of the list; a new one is a function in a module of this package and a row here."""


def without_flag_values(params: Iterable[Any]) -> None:
    """Show no value beside options in the help that take none."""
    for param in params:
        if getattr(param, "is_flag", False) and param.metavar is None:
            param.metavar = ""


def load(name: str) -> Any:  # noqa: ANN401 (a command of typer's own, which has no public name)
    """Return a command itself, with its options."""
    whole = typer.Typer(rich_markup_mode=MARKUP)
    with LeavingAtOnce():
        whole.add_typer(import_module(f"assistant.cli.{COMMANDS[name].module}").app)
    command = get_group(whole).commands[name]
    for part in (command, *getattr(command, "commands", {}).values()):
        without_flag_values(part.get_params(part.context_class(part, help_option_names=HELP_NAMES)))
    return command


class LazyCommand(TyperCommand):
    """A command that is imported when it is run."""

    def make_context(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 (as typer has them)
        """Return the context of the command itself, which is what runs then."""
        return load(str(self.name)).make_context(*arguments, **options)


class LazyCommands(TyperGroup):
    """The commands, none of them imported yet."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 (typer's own settings)
        """List the commands, beside what typer knows of the whole."""
        super().__init__(**settings)
        self.commands = {
            name: LazyCommand(name, help=command.help, rich_markup_mode=MARKUP) for name, command in COMMANDS.items()
        }

    def get_params(self, ctx: Any) -> Any:  # noqa: ANN401 (as typer has them)
        """Return the options of the whole, for its help."""
        params = super().get_params(ctx)
        without_flag_values(params)
        return params
