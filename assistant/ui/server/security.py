"""who may reach the app, and what a browser may do with it: headers, own pages, a password"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.ui.server.reach import OwnPages, Reach
from index.errors import TopicsError

INDEX: Final = Path(streamlit.__file__).parent / "static" / "index.html"
"""The page that Streamlit sends: its own inline script is allowed by its hash."""

FREE_TRIES: Final = 3
"""Wrong passwords that cost nothing: people mistype."""

LONGEST_WAIT: Final = 60.0
"""Seconds that a client which went on guessing is told to wait; they double up to there with each wrong password."""

LONGEST_HELD: Final = 5.0
"""Seconds that the answer to a wrong password is held back: longer, and browsers take the app for hanging."""

MAX_HELD: Final = 1_000
"""Answers held back at once, a few megabytes; whoever guesses beside so many is told at once."""

LONG_ENOUGH: Final = 12
"""Characters of a password that no guessing over a network finds. Somebody who opens connections by the hundred gets
through some two thousand guesses a second, for the right one must never wait: eight small letters last three years."""

SHORT_PASSWORD: Final = (
    f"The password has fewer than {LONG_ENOUGH} characters: wrong ones are slowed down, but only length keeps somebody "
    "from trying them all. Four words make a good one."
)

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


def guards(reach: Reach, password: str | None) -> list[Middleware]:
    """Return what stands before an app that is reached so."""
    locks = [Middleware(Password, password=password)] if password else []
    return [Middleware(SecureHeaders), Middleware(OwnPages, reach=reach), *locks]


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


def check_exposure(reach: Reach, password: str | None) -> None:
    """Hold that an app which other machines reach asks for a password.

    Raises:
        TopicsError: it does not.

    """
    if reach.is_exposed and not password:
        where = f"a proxy for {reach.names[0].host}" if reach.names else reach.host
        raise TopicsError(
            f"Other machines can reach {where}, so the app needs a password there: write one into a file and add "
            "`--password-file FILE`, or leave --host, --name and --behind-proxy out to be reached from this machine "
            "only."
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
    """Lets those through who know a password (HTTP Basic, any user name), for pages and websocket alike.

    The right one is let through at once, however many wrong ones came from the same address; these are answered later
    each time.
    """

    def __init__(
        self,
        app: ASGIApp,
        password: str,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Stand before an app."""
        self.app = app
        self._password = hashlib.sha256(password.encode()).digest()
        self._tries = Tries(clock)
        self._sleep = sleep
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on who is let through; others are told what is missing, or to wait."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        given = _given_password(Headers(scope=scope).get("authorization", ""))
        if given is not None and self._is_right(given):
            await self.app(scope, receive, send)
            return
        wait = 0.0 if given is None else self._tries.count(scope["client"][0] if scope.get("client") else "")
        await self._hold(wait)
        await _refuse(scope, receive, send, wait)

    def _is_right(self, given: str) -> bool:
        # digests are of one length, so that comparing tells nothing about the password
        return hmac.compare_digest(hashlib.sha256(given.encode("utf-8", "surrogatepass")).digest(), self._password)

    async def _hold(self, wait: float) -> None:
        """Keep a wrong password waiting."""
        if not wait or self._held >= MAX_HELD:
            return
        self._held += 1
        try:
            await self._sleep(min(wait, LONGEST_HELD))
        finally:
            self._held -= 1


class Tries:
    """Counts wrong passwords by client, and says how long each has to wait."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin with none."""
        self._clock = clock
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def count(self, client: str) -> float:
        """Remember a wrong password; return the seconds that this client has to wait, 0 while it may mistype.

        A client that has been quiet for as long as the longest wait begins anew.
        """
        client = _subscriber(client)
        count, last = self._wrong.pop(client, (0, 0.0))
        now = self._clock()
        count = count + 1 if now - last <= LONGEST_WAIT else 1
        self._wrong[client] = count, now
        while len(self._wrong) > CLIENTS:
            self._wrong.popitem(last=False)
        return 0.0 if count <= FREE_TRIES else min(2.0 ** min(count - FREE_TRIES, 10), LONGEST_WAIT)


def _subscriber(client: str) -> str:
    """Return what stands for one client: of IPv6 the network, in which each has all addresses.

    >>> _subscriber("2001:db8::1"), _subscriber("10.0.0.5")
    ('2001:db8::/64', '10.0.0.5')
    """
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if address.version == 4 or address.ipv4_mapped:
        return client
    return str(ipaddress.ip_network((address, 64), strict=False))


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
    """Return the password in an `Authorization` header, empty where it cannot be read; None where there is none."""
    kind, _, encoded = header.partition(" ")
    if kind.casefold() != "basic":
        return None
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[2]
    except ValueError:  # no base64, no UTF-8, or characters beyond ASCII
        return ""


def _inline_script_hashes() -> str:
    scripts = re.findall(r"<script>(.*?)</script>", INDEX.read_text(encoding="utf-8"), re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
