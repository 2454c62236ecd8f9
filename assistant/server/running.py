"""a server from its first moment to its last: whether its address is free, what is said, what is followed"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from assistant.server.reach import Reach
from assistant.service import Service
from assistant.terminal import say
from index.errors import TopicsError
from index.library import Library


@contextmanager
def opened(service: Service, library: Library) -> Iterator[None]:
    """Serve a library: make it ready in the background, and follow what is edited until the server stops."""
    stop = threading.Event()
    service.use(library)
    service.start(stop)
    try:
        yield
    finally:
        stop.set()


def check_free(host: str, port: int) -> None:
    """Hold that an address can be listened on.

    Raises:
        TopicsError: it cannot.

    """
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


def say_where(reach: Reach, doors: Mapping[str, str] | None = None) -> None:
    """Return where a server is found, the path of each door by whom it is for, and who can reach it."""
    say(f"Topic Assistant: {reach.address}  (stop with Ctrl-C)")
    for whom, path in (doors or {}).items():
        say(f"For {whom}: {reach.address.rstrip('/')}{path}")
    for address in reach.addresses:
        say(f"From other machines: {address}")
