"""`topics serve`: the app in the browser"""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.commands.shared import LibraryOption, ModelOption, open_chosen, sync_shown

app = typer.Typer()


@app.command(epilog="Example: `topics serve --port 8600`")
def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on; other machines reach only others than loopback.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8501,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
    library: LibraryOption = None,
    model: ModelOption = None,
) -> None:
    """Open the app in the browser; stop it with Ctrl-C."""
    from assistant.ui import server  # it brings Streamlit, which no other command needs

    opened = open_chosen(context, library, model)
    sync_shown(opened)
    server.run(opened, host=host, port=port, browser=browser)
