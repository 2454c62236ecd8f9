"""`topics serve`: the app in the browser"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.options import LibraryOption, ModelOption
from assistant.cli.shared import open_chosen
from assistant.terminal import say

app = typer.Typer()


@app.command(
    epilog="Examples: `topics serve --port 8600` · `topics serve --host 0.0.0.0 --password-file ~/.topics-password` · "
    "`topics serve --name notes.example.com --behind-proxy 127.0.0.1 --password-file ~/.topics-password`"
)
def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on; other machines reach only others than loopback.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8501,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
    password_file: Annotated[
        Path | None,
        typer.Option(
            help="A file whose first line is the password that the app asks for; a must where other machines reach it."
        ),
    ] = None,
    name: Annotated[
        list[str] | None,
        typer.Option(help="A name that the app has behind a proxy with HTTPS; repeatable.", metavar="NAME"),
    ] = None,
    path_prefix: Annotated[
        str, typer.Option(help="The path under which the app lies, as /notes.", metavar="PATH")
    ] = "",
    behind_proxy: Annotated[
        list[str] | None,
        typer.Option(help="A proxy that is believed who asks: its address or network; repeatable.", metavar="ADDRESS"),
    ] = None,
    allow_path: Annotated[
        list[Path] | None,
        typer.Option(
            help="Where other machines reach the app: a folder within which paths may be added in it; repeatable.",
            metavar="DIR",
        ),
    ] = None,
    library: LibraryOption = None,
    model: ModelOption = None,
) -> None:
    """Open the app in the browser; stop it with Ctrl-C."""
    # they bring Streamlit, which no other command needs
    from assistant.ui.server import reach as reaching
    from assistant.ui.server import roots, security
    from assistant.ui.server import start as server

    reach = reaching.Reach(
        host,
        port,
        names=tuple(map(reaching.read_name, name or ())),
        prefix=reaching.read_prefix(path_prefix),
        proxies=tuple(map(reaching.read_proxy, behind_proxy or ())),
    )
    password = security.read_password(password_file) if password_file else None
    security.check_exposure(reach, password)
    roots.roots.restrict((allow_path or ()) if reach.is_exposed or allow_path else None)
    if password and len(password) < security.LONG_ENOUGH:
        say(security.SHORT_PASSWORD)
    opened = open_chosen(context, library, model)
    opened.check_model()
    if opened.is_unread:
        say("First use: your notes are read while the app is open already; its page shows how far that is.")
    server.run(opened, reach, browser=browser, password=password)
