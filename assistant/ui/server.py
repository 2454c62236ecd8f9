"""start Streamlit on the app, bound to one address"""

from __future__ import annotations

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

from assistant.console import say
from assistant.ui.ahead import AHEAD
from assistant.ui.engine import engine
from assistant.ui.hints import Hints
from assistant.ui.security import LOOPBACK, allowed_hosts, check_exposure, guards
from index.errors import TopicsError
from index.library import Library

APP: Final = Path(__file__).parents[2] / "app.py"
"""Beside the packages, in the checkout as in an installation; its `.streamlit/config.toml` lies next to it."""


def run(library: Library, *, host: str, port: int, browser: bool, password: str | None = None) -> None:
    """Serve the app until it is interrupted.

    Raises:
        TopicsError: the address cannot be listened on, or needs a password.

    """
    check_exposure(host, password)
    _check_free(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    engine.use(library)  # the pages run in this process
    stop = threading.Event()
    engine.start(stop)

    @asynccontextmanager
    async def opened(_app: App) -> AsyncIterator[None]:
        say(f"Topic Assistant: {address}  (stop with Ctrl-C)")
        if host not in LOOPBACK:
            say("Other machines reach it, too: whoever knows the password can read your notes.")
        if browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        yield
        stop.set()

    sys.argv = [str(APP)]  # Streamlit looks for its settings beside the script that was started
    App(APP, lifespan=opened, routes=[AHEAD], middleware=[Middleware(Hints), *guards(host, password)]).run(
        config={
            "server.address": host,
            "server.port": port,
            "server.allowedHosts": [name.strip("[]") for name in allowed_hosts(host)],
            "server.headless": True,
            "logger.hideWelcomeMessage": True,  # for it, Streamlit would ask a server what this machine's address is
        }
    )


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
