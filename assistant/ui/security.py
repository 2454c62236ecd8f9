"""who may reach the app, and what a browser may do with it: headers, allowed hosts, a password"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import socket
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Final

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import TopicsError

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
ANYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104 (addresses that are asked for, not ones listened on by default)

INDEX: Final = Path(streamlit.__file__).parent / "static" / "index.html"
"""The page that Streamlit sends: its own inline script is allowed by its hash."""

FREE_TRIES: Final = 3
"""Wrong passwords that cost nothing: people mistype."""

LONGEST_WAIT: Final = 60.0
"""Seconds until a client that went on guessing may try again; the wait doubles up to there with each wrong password."""

CLIENTS: Final = 10_000
"""Clients whose wrong tries are remembered; the longest quiet is forgotten first."""


def headers() -> dict[str, str]:
    """Return what is sent with every response: nothing loads from elsewhere, nothing is embedded, no note can run."""
    policy = (
        "default-src 'self'",
        f"script-src 'self' blob: {_inline_script_hashes()}",  # blob: is where Streamlit loads our keys.js from
        "style-src 'self' 'unsafe-inline'",  # its widgets carry styles of their own
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
    return {
        "Content-Security-Policy": "; ".join(policy),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


def guards(host: str, password: str | None) -> list[Middleware]:
    """Return what stands before the app when it listens on a host."""
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=allowed_hosts(host), www_redirect=False)
    locks = [Middleware(Password, password=password)] if password else []
    return [Middleware(SecureHeaders), hosts, *locks]


def allowed_hosts(host: str) -> list[str]:
    """Return the names the app answers to when it listens on a host: a page elsewhere has no name of these."""
    names = [] if host in LOOPBACK else _own_names() if host in ANYWHERE else [host]
    return [f"[{name}]" if ":" in name else name for name in dict.fromkeys([*LOOPBACK, *names])]


def read_password(file: Path) -> str:
    """Return the password that the first line of a file holds.

    Raises:
        TopicsError: the file cannot be read, or holds none.

    """
    try:
        password = file.read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise TopicsError(f"The password file {file} cannot be read ({error}). Check its path.") from error
    if not password:
        raise TopicsError(f"The password file {file} is empty. Write a password on its first line.")
    return password


def check_exposure(host: str, password: str | None) -> None:
    """Hold that an address which other machines reach asks for a password.

    Raises:
        TopicsError: it does not.

    """
    if host not in LOOPBACK and not password:
        raise TopicsError(
            f"Other machines can reach {host}, so the app needs a password there: write one into a file and add "
            "`--password-file FILE`, or leave --host out to be reached from this machine only."
        )


class SecureHeaders:
    """Adds the headers that bind a browser to every response."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an app."""
        self.app = app
        self._headers = headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its response back with the headers."""

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self.app(scope, receive, send_guarded)


class Password:
    """Lets those through who know a password (HTTP Basic, any user name), for pages and websocket alike."""

    def __init__(self, app: ASGIApp, password: str, clock: Callable[[], float] = time.monotonic) -> None:
        """Stand before an app."""
        self.app = app
        self._password = hashlib.sha256(password.encode()).digest()
        self._tries = Tries(clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on who is let through; others are told what is missing, or to wait."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        client = scope["client"][0] if scope.get("client") else ""
        given = _given_password(Headers(scope=scope).get("authorization", ""))
        wait = self._tries.wait(client)
        if given is not None and not wait:
            # digests are of one length, so that comparing tells nothing about the password
            if hmac.compare_digest(hashlib.sha256(given.encode()).digest(), self._password):
                self._tries.forget(client)
                await self.app(scope, receive, send)
                return
            self._tries.count(client)
        await _refuse(scope, receive, send, wait)


class Tries:
    """Counts wrong passwords by client, and says how long each has to wait."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin with none."""
        self._clock = clock
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait(self, client: str) -> float:
        """Return the seconds until a client may try again; 0 when it may now."""
        count, last = self._wrong.get(client, (0, 0.0))
        if count <= FREE_TRIES:
            return 0.0
        return max(0.0, last + min(2.0 ** (count - FREE_TRIES), LONGEST_WAIT) - self._clock())

    def count(self, client: str) -> None:
        """Remember a wrong password."""
        count, _ = self._wrong.pop(client, (0, 0.0))
        self._wrong[client] = count + 1, self._clock()
        while len(self._wrong) > CLIENTS:
            self._wrong.popitem(last=False)

    def forget(self, client: str) -> None:
        """Forget the wrong passwords of a client that knew the right one."""
        self._wrong.pop(client, None)


async def _refuse(scope: Scope, receive: Receive, send: Send, wait: float) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    if wait:
        headers = {"Retry-After": str(int(wait) + 1)}
        refusal = PlainTextResponse(f"Too many wrong passwords. Wait {int(wait) + 1} s.", 429, headers)
    else:
        headers = {"WWW-Authenticate": 'Basic realm="Topic Assistant", charset="UTF-8"'}
        refusal = PlainTextResponse("This needs the password of the app; any user name will do.", 401, headers)
    await refusal(scope, receive, send)


def _given_password(header: str) -> str | None:
    kind, _, encoded = header.partition(" ")
    if kind.casefold() != "basic":
        return None
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _inline_script_hashes() -> str:
    scripts = re.findall(r"<script>(.*?)</script>", INDEX.read_text(encoding="utf-8"), re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def _own_names() -> list[str]:
    """Return the names and addresses under which other machines know this one."""
    name = socket.gethostname()
    try:
        found = {str(address[4][0]) for address in socket.getaddrinfo(name, None)}
    except OSError:
        found = set()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: the system only says which address it would use
            found.add(probe.getsockname()[0])
        except OSError:
            return [name, *sorted(found)]
    return [name, *sorted(found)]
