"""`topics serve`: the app in the browser, and the doors for other programs"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from assistant.cli.model_server import (
    ExcludeOption,
    KeyFileOption,
    LlmModelOption,
    RemoteOption,
    UrlOption,
    server_options,
)
from assistant.cli.options import LibraryOption, ModelOption, RerankOption
from assistant.cli.shared import open_chosen, rerank_by
from assistant.terminal import say

if TYPE_CHECKING:
    from assistant.server import Access
    from index.library import Library

app = typer.Typer()

SWITCH_SECONDS: Final = 0.0005
"""How long a thread keeps the interpreter while others wait for it, a tenth of Python's own 5 ms: what comes back from
the model goes on sooner. Of fifty questions of one moment, 95 % are answered after .7 s in place of .9 on two cores."""


@app.command(
    epilog="Examples: `topics serve --port 8600` · `topics serve --host 0.0.0.0 --password-file ~/.topics-password` · "
    "`topics serve --name notes.example.com --behind-proxy 127.0.0.1 --password-file ~/.topics-password` · "
    "`topics serve --no-app --token-file ~/.topics-token`"
)
def serve(
    context: typer.Context,
    host: Annotated[
        str, typer.Option(metavar="HOST", help="Address to listen on; on 127.0.0.1, only this machine reaches the app.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="PORT", min=1, max=65535, help="Port to listen on.")] = 8501,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
    with_app: Annotated[
        bool, typer.Option("--app/--no-app", help="Serve the pages, or only what is for other programs.")
    ] = True,
    password_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A file whose first line is the password that the app asks for; a must where other machines reach it.",
        ),
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="A file whose first line is a token with which programs may ask, and open no page."
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
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(
            help="A page elsewhere that may ask what is for programs, by its origin; repeatable.", metavar="ORIGIN"
        ),
    ] = None,
    llm: UrlOption = None,
    llm_model: LlmModelOption = None,
    llm_key_file: KeyFileOption = None,
    allow_remote_llm: RemoteOption = False,
    llm_exclude: ExcludeOption = None,
    library: LibraryOption = None,
    model: ModelOption = None,
    rerank: RerankOption = None,
) -> None:
    """Open the app in the browser, and answer other programs; stop it with Ctrl-C."""
    # they bring Starlette, which no other command needs
    from assistant.server import Access, Reach, read_allowed_origin, read_name, read_prefix, read_proxy, read_secret
    from assistant.service import service

    reach = Reach(
        host,
        port,
        names=tuple(map(read_name, name or ())),
        prefix=read_prefix(path_prefix),
        proxies=tuple(map(read_proxy, behind_proxy or ())),
    )
    access = Access(
        reach,
        password=read_secret(password_file) if password_file else None,
        token=read_secret(token_file, "token") if token_file else None,
        origins=tuple(map(read_allowed_origin, allow_origin or ())),
    )
    _check(access, allow_path or (), with_pages=with_app)
    options = server_options(llm, llm_model, llm_key_file, allow_remote_llm, llm_exclude)
    if llm:
        options.server()  # what is wrong with it is said before the library is opened
    opened = open_chosen(context, library, model)
    opened.check_model()
    rerank_by(opened, rerank)
    if llm:
        service.writer = options.writer(opened)
    if opened.is_unread and not opened.is_on_server:
        say("First use: your notes are read while the app is open already; its page shows how far that is.")
    _run_server(opened, access, with_pages=with_app, browser=browser)


def _check(access: Access, allowed: Sequence[Path], *, with_pages: bool) -> None:
    from assistant.server import check_exposure, roots, shortness

    check_exposure(access, with_pages=with_pages)
    roots.restrict(allowed if access.reach.is_exposed or allowed else None)
    for secret, kind in ((access.password, "password"), (access.token, "token")):
        if warning := shortness(secret, kind):
            say(warning)


def _run_server(library: Library, access: Access, *, with_pages: bool, browser: bool) -> None:
    from assistant.api import api_routes
    from assistant.mcp import mcp_routes
    from assistant.server import serve_plainly
    from assistant.service import WorkQueue, service

    sys.setswitchinterval(SWITCH_SECONDS)
    prefix, queue = access.reach.prefix, WorkQueue()
    url = access.reach.topic_address if with_pages else None
    routes = [*api_routes(service, prefix, queue), *mcp_routes(service, queue, prefix, url)]
    if with_pages:
        from assistant.ui.server import start  # it brings Streamlit

        start.run(library, access, browser=browser, routes=routes)
    else:
        serve_plainly(service, library, access, routes)
