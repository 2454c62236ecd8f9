"""`topics serve`: the app in the browser"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.commands.shared import LibraryOption, ModelOption, open_chosen, sync_shown

app = typer.Typer()


@app.command(
    epilog="Examples: `topics serve --port 8600` · `topics serve --host 0.0.0.0 --password-file ~/.topics-password`"
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
    library: LibraryOption = None,
    model: ModelOption = None,
) -> None:
    """Open the app in the browser; stop it with Ctrl-C."""
    # they bring Streamlit, which no other command needs
    from assistant.ui import security, server

    password = security.read_password(password_file) if password_file else None
    security.check_exposure(host, password)
    opened = open_chosen(context, library, model)
    sync_shown(opened)
    server.run(opened, host=host, port=port, browser=browser, password=password)
