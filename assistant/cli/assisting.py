"""`topics mcp`: the notes as tools of an assistant that starts a process"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from assistant.cli.options import LibraryOption, ModelOption, RerankOption
from assistant.terminal import say

app = typer.Typer()


class ClientName(StrEnum):
    """The clients whose block is known."""

    claude = "claude"
    cursor = "cursor"
    vscode = "vscode"
    codex = "codex"


@app.command(epilog="Examples: `topics mcp --config claude` · `topics mcp --library ~/work-notes`")
def mcp(
    context: typer.Context,
    config: Annotated[
        ClientName | None, typer.Option(help="Print the block that this client is configured with, and end.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow/--no-follow", help="Read edits while it runs.")] = True,
    library: LibraryOption = None,
    model: ModelOption = None,
    rerank: RerankOption = None,
) -> None:
    """Give an assistant your notes as tools, over standard input and output (Model Context Protocol)."""
    folder = library or context.obj
    if config:
        from assistant.mcp import CLIENTS, config_block

        say(f"Paste this into {CLIENTS[config.value]}:")
        typer.echo(config_block(config.value, folder, model, rerank, follow=follow))
        return
    from assistant.mcp import serve_stdio

    reranker = None
    if rerank:
        from assistant.cli.shared import cross_encoder_in  # it brings the library, for which a client would wait

        reranker = cross_encoder_in(rerank)
    serve_stdio(folder, model, follow=follow, reranker=reranker)
