"""Ports of this machine that tests listen on."""

from __future__ import annotations

import random
import socket
from contextlib import suppress
from typing import Final

PORTS: Final = range(20_000, 32_000)
"""Below those that a system gives to connections that go out, which take theirs at any moment."""

_CHOICE: Final = random.SystemRandom()
"""It has no seed: processes that look for ports at the same time would find the same ones by the same seed."""


def free_port() -> int:
    """Return a port of loopback on which nobody listens, of those that the system gives to nobody on its own."""
    while True:
        port = _CHOICE.choice(PORTS)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
