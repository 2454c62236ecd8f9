"""start Streamlit on the app, bound to one address"""

from __future__ import annotations

import os
import socket
import sys
import threading
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from starlette.middleware import Middleware
from streamlit.starlette import App

from assistant.service import service
from assistant.terminal import say
from assistant.ui.hints import Hints
from assistant.ui.server.ahead import typing_routes
from assistant.ui.server.pictures import picture_route
from assistant.ui.server.reach import Reach
from assistant.ui.server.roots import roots
from assistant.ui.server.security import check_exposure, guards
from index.errors import TopicsError
from index.library import Library

APP: Final = Path(__file__).parents[3] / "app.py"
"""Beside the packages, in the checkout as in an installation; its `.streamlit/config.toml` lies next to it."""


def run(library: Library, reach: Reach, *, browser: bool, password: str | None = None) -> None:
    """Serve the app until it is interrupted.

    Raises:
        TopicsError: the address cannot be listened on, or needs a password.

    """
    check_exposure(reach, password)
    _check_free(reach.host, reach.port)
    service.use(library)  # the pages run in this process
    stop = threading.Event()
    service.start(stop)

    @asynccontextmanager
    async def opened(_app: App) -> AsyncIterator[None]:
        _say_where(reach)
        if browser:
            threading.Thread(target=webbrowser.open, args=(reach.address,), daemon=True).start()
        yield
        stop.set()

    sys.argv = [str(APP)]  # Streamlit looks for its settings beside the script that was started
    # the server that Streamlit starts believes whoever connects from this machine about the client, unless it is told
    os.environ["FORWARDED_ALLOW_IPS"] = ",".join(reach.proxies)
    middleware = [Middleware(Hints, prefix=reach.prefix), *guards(reach, password)]
    routes = [*typing_routes(reach.prefix), picture_route(reach.prefix)]
    App(APP, lifespan=opened, routes=routes, middleware=middleware).run(
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
    say(f"Topic Assistant: {reach.address}  (stop with Ctrl-C)")
    for address in reach.addresses:
        say(f"From other machines: {address}")
    if reach.is_exposed:
        say("Other machines reach it, too: whoever knows the password can read your notes.")
        allowed = ", ".join(map(str, roots.names or ()))
        say(f"In the app, folders can be added by path {f'in {allowed}' if allowed else 'nowhere (--allow-path DIR)'}.")


def _check_free(host: str, port: int) -> None:
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise TopicsError(
            f"The app cannot listen on {host}:{port} ({error.strerror}). "
            f"If it is already open there, use that one; otherwise try `topics serve --port {port + 1}`."
        ) from error
