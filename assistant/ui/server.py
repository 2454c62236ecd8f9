"""start Streamlit on the app, bound to one address"""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Final

from streamlit.web import cli as streamlit_cli

from assistant.console import say
from assistant.ui.engine import engine
from index.errors import TopicsError
from index.library import Library

APP: Final = Path(__file__).parents[2] / "app.py"
"""Beside the packages, in the checkout as in an installation; its `.streamlit/config.toml` lies next to it."""

LOOPBACK: Final = ("127.0.0.1", "localhost")


def run(library: Library, *, host: str, port: int, browser: bool) -> None:
    """Serve the app until it is interrupted.

    Raises:
        TopicsError: the address cannot be listened on.

    """
    _check_free(host, port)
    allowed = [*LOOPBACK] if host in LOOPBACK else [*LOOPBACK, host]
    if host not in LOOPBACK:
        say(f"Anyone who can reach {host}:{port} can read your notes: there is no password.")
    say(f"Topic Assistant: http://{host}:{port}  (stop with Ctrl-C)")
    engine.use(library)  # the pages run in this process
    engine.warm_up()
    streamlit_cli.main(
        [
            "run",
            str(APP),
            f"--server.address={host}",
            f"--server.port={port}",
            f"--server.headless={'false' if browser else 'true'}",
            *(f"--server.allowedHosts={name}" for name in allowed),
        ],
        standalone_mode=False,
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
