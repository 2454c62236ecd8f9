"""`topics enrich`: ways to ask for each topic, written once by a model server"""

from __future__ import annotations

import threading
import time
from typing import Annotated

import typer
from rich.text import Text

from assistant.amounts import counted
from assistant.answering import WaysProgress, WaysToAsk
from assistant.cli.model_server import (
    ExcludeOption,
    KeyFileOption,
    LlmModelOption,
    RemoteOption,
    UrlOption,
    server_options,
)
from assistant.cli.options import LibraryOption
from assistant.cli.shared import open_filled
from assistant.terminal import out, say

app = typer.Typer()


@app.command(
    epilog="Examples: `topics enrich --llm http://127.0.0.1:11434 --llm-model NAME --dry-run` · "
    "`topics enrich --subject DevOps --llm URL --llm-model NAME` · `topics enrich --erase`"
)
def enrich(
    context: typer.Context,
    subject: Annotated[
        str | None, typer.Option("--subject", "-s", metavar="SUBJECT", help="Only topics of this subject.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be kept, and keep nothing.")] = False,
    erase: Annotated[bool, typer.Option("--erase", help="Take back every way to ask that was written.")] = False,
    llm: UrlOption = None,
    llm_model: LlmModelOption = None,
    llm_key_file: KeyFileOption = None,
    allow_remote_llm: RemoteOption = False,
    llm_exclude: ExcludeOption = None,
    library: LibraryOption = None,
) -> None:
    """Have a model server write ways to ask for each topic, once; those that find it are kept in the library."""
    if erase:
        count = WaysToAsk(open_filled(context, library, None)).erase()
        say(f"{counted(count, 'way')} to ask taken back." if count else "No way to ask was written.")
        return
    options = server_options(llm, llm_model, llm_key_file, allow_remote_llm, llm_exclude)
    server = options.server()
    ways = WaysToAsk(open_filled(context, library, None))
    topics = ways.missing(subject, options.excluded, server.model)
    if not topics:
        say("Ways to ask are written for every topic that a model may read.")
        return
    say(f"{server.name} writes ways to ask for {counted(len(topics), 'topic')}. Ctrl-C stops; the next run goes on.")
    started = time.monotonic()
    for progress in ways.write(server, topics, threading.Event(), dry_run=dry_run):
        _print_progress(progress, time.monotonic() - started)


def _print_progress(progress: WaysProgress, seconds: float) -> None:
    """Print what was written for a topic, and how long the rest takes."""
    left = seconds / progress.done * (progress.count - progress.done)
    to_go = f", {left / 60:.0f} min to go" if left > 60 else ""
    out.print(
        Text.assemble((progress.ways.topic, "bold"), (f"   {progress.done} of {progress.count}{to_go}", "dim")),
        soft_wrap=True,
    )
    for way in progress.ways.accepted:
        out.print(Text(f"  {way}"), soft_wrap=True)
    for way in progress.ways.dropped:
        out.print(Text(f"  {way}", style="dim strike"), soft_wrap=True)
