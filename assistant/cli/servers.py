"""`topics server`, `work` and `move`: a library on a PostgreSQL server"""

from __future__ import annotations

import time
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from assistant.amounts import counted
from assistant.cli.options import LibraryOption, ModelOption
from assistant.cli.shared import open_chosen
from assistant.progress_bar import progress_bar
from assistant.settings import open_library
from assistant.terminal import say, say_error
from index.errors import LibraryError, SettingError
from index.storage import Worker

app = typer.Typer()

IDLE_SECONDS: Final = 0.5
"""How long a worker that has nothing to do waits before it looks again."""

LONGEST_PAUSE: Final = 60.0
"""How long it waits at most where the server has gone: each time twice as long as the time before."""


class ServerAction(StrEnum):
    """What is done to a database."""

    init = "init"
    upgrade = "upgrade"
    reindex = "reindex"


@app.command(
    epilog="Examples: `topics server init 'postgresql://owner@db.example/notes'` · "
    "`topics server upgrade 'postgresql://owner@db.example/notes'` · "
    "`topics server reindex 'postgresql://notes@db.example/notes?library=team'`"
)
def server(
    action: Annotated[
        ServerAction, typer.Argument(help="Make tables, bring them to this version, or fill what searches.")
    ],
    address: Annotated[str, typer.Argument(help="The database, without a password: postgresql://USER@HOST/DATABASE.")],
) -> None:
    """Prepare a PostgreSQL database for libraries, or bring it forward; as a user who may make roles and tables.

    `reindex` fills the Milvus that TOPICS_SEARCH names from one library, which is searched by it from then on; without
    TOPICS_SEARCH, by PostgreSQL again.
    """
    from index.engine import prepare_server, reindex_server  # they bring the client of a server

    if action == ServerAction.reindex:
        topics = reindex_server(address)
        say(f"Milvus has {counted(topics, 'topic')} of it." if topics else "PostgreSQL searches it.")
        return
    done = prepare_server(address)
    says = f"went from version {done.before} to {done.now}" if done.before != done.now else f"is of version {done.now}"
    say(f"The database is ready: its schema {says if done.before else f'was made, of version {done.now}'}.")
    if action == ServerAction.init:
        say("Grant topics_reader to those who ask, topics_writer to those who sync: GRANT topics_reader TO ann;")


@app.command(epilog="Example: `topics work --library 'postgresql://db.example/notes?library=team'`")
def work(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="End when nothing waits any more.")] = False,
    library: LibraryOption = None,
    model: ModelOption = None,
) -> None:
    """Embed what `topics sync --by-workers` has handed out, on any number of machines, until Ctrl-C."""
    opened = open_chosen(context, library, model)
    opened.prepare_model()
    worker = opened.storage.worker(opened.encoder.name, opened.encoder.encode_documents)
    if worker is None:
        raise SettingError("Workers serve a library on a server: name its address with --library or TOPICS_LIBRARY.")
    say("Waiting for passages to embed; stop with Ctrl-C." if not once else "Embedding what waits.")
    with closing(worker):
        embed_what_waits(worker, once=once)


def embed_what_waits(worker: Worker, *, once: bool) -> None:
    """Embed until Ctrl-C, or `once` until nothing waits; a server that has gone is waited for after that."""
    told, pause = "", 0.0
    done = worker.work()  # what is wrong from the beginning is no server that comes back
    while done or not once:
        if done:
            say(f"Embedded {counted(done, 'passage')}.")
        else:
            time.sleep(max(pause, IDLE_SECONDS))
        try:
            done, told, pause = worker.work(), "", 0.0
        except LibraryError as error:
            if once:
                raise
            if str(error) != told:
                say_error(str(error))
            done, told, pause = 0, str(error), min(2 * pause + IDLE_SECONDS, LONGEST_PAUSE)


@app.command(
    epilog="Examples: `topics move ~/library 'postgresql://db.example/notes?library=team'` · "
    "`topics move 'postgresql://db.example/notes?library=team' ~/library`"
)
def move(
    source: Annotated[str, typer.Argument(help="The folder or address of a library.", metavar="FROM")],
    target: Annotated[str, typer.Argument(help="A folder or address where none is yet.", metavar="TO")],
) -> None:
    """Bring a library to another place with all it knows; the first one stays as it is. Nothing is embedded again."""
    from assistant.answering import WaysToAsk
    from assistant.feedback import journal_of
    from assistant.preferences import change_preferences, read_preferences
    from index.moving import move as move_library  # it brings the whole library

    if not target.startswith("postgres") and Path(target).expanduser().is_file():
        raise typer.BadParameter(f"{target} is a file.")
    with (
        closing(open_library(source, may_make=False)) as old,
        closing(open_library(target, old.model, may_make=True)) as new,
    ):
        with progress_bar() as progress:
            topics = move_library(old, new, progress)
        with closing(journal_of(old)) as before, closing(journal_of(new)) as after:
            before.copy_to(after)
        change_preferences(new, lambda _: read_preferences(old))
        WaysToAsk(old).copy_to(new)
        say(f"Moved {counted(topics, 'topic')} to {new.name}. The library at {old.name} is as it was.")
