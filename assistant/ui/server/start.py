"""start Streamlit on the app, bound to one address"""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from streamlit.starlette import App

from assistant.server import Access, Reach, check_exposure, check_free, guards, opened, roots, say_where
from assistant.service import service
from assistant.terminal import say
from assistant.ui.server.ahead import typing_routes
from assistant.ui.server.compression import Compressed
from assistant.ui.server.documents import document_route
from assistant.ui.server.hints import Hints
from assistant.ui.server.pictures import picture_route
from assistant.ui.server.scripts import allowed_scripts
from assistant.ui.server.shell import Shell
from index.library import Library

APP: Final = Path(__file__).parents[3] / "app.py"
"""Beside the packages, in the checkout as in an installation; its `.streamlit/config.toml` lies next to it."""


def run(library: Library, access: Access, *, browser: bool, routes: Sequence[BaseRoute] = ()) -> None:
    """Serve the app, and what other routes there are, until it is interrupted.

    Raises:
        TopicsError: the address cannot be listened on, or needs a password.

    """
    check_exposure(access)
    check_free(access.reach.host, access.reach.port)
    with opened(service, library):  # the pages run in this process
        _run_streamlit(access, browser=browser, routes=routes)


def _run_streamlit(access: Access, *, browser: bool, routes: Sequence[BaseRoute]) -> None:
    reach = access.reach

    @asynccontextmanager
    async def started(_app: App) -> AsyncIterator[None]:
        _say_where(reach)
        if browser:
            threading.Thread(target=webbrowser.open, args=(reach.address,), daemon=True).start()
        yield

    sys.argv = [str(APP)]  # Streamlit looks for its settings beside the script that was started
    # the server that Streamlit starts believes whoever connects from this machine about the client, unless it is told
    os.environ["FORWARDED_ALLOW_IPS"] = ",".join(reach.proxies)
    sent = [Middleware(Compressed), Middleware(Shell)]
    middleware = [Middleware(Hints, prefix=reach.prefix), *guards(access, allowed_scripts()), *sent]
    own = [*typing_routes(reach.prefix), picture_route(reach.prefix), document_route(reach.prefix)]
    App(APP, lifespan=started, routes=[*own, *routes], middleware=middleware).run(
        config={
            "server.address": reach.host,
            "server.port": reach.port,
            "server.baseUrlPath": reach.prefix.strip("/"),
            "server.allowedHosts": [],  # `guards` has looked already
            "server.headless": True,
            "logger.hideWelcomeMessage": True,  # for it, Streamlit would ask a server what this machine's address is
        }
    )


def _say_where(reach: Reach) -> None:
    say_where(reach)
    if reach.is_exposed:
        say("Other machines reach it, too: whoever knows the password can read your notes.")
        allowed = ", ".join(map(str, roots.names or ()))
        say(f"In the app, folders can be added by path {f'in {allowed}' if allowed else 'nowhere (--allow-path DIR)'}.")
