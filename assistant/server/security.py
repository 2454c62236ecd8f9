"""what every response tells the browser, and who is let through: headers, a password, a token"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.server.paths import is_for_programs, is_open
from assistant.server.problems import problem_response

BASIC: Final = 'Basic realm="Topic Assistant", charset="UTF-8"'
BEARER: Final = 'Bearer realm="Topic Assistant"'

OF_PAGES: Final = "This needs the password of the app; any user name will do."
OF_PROGRAMS: Final = (
    "This needs the password or the token: send it as `Authorization: Bearer ...`, or as the password of HTTP Basic "
    "with any user name."
)
"""What is said where none is sent, or a wrong one."""

FREE_TRIES: Final = 3
"""Wrong passwords that cost nothing: people mistype."""

LONGEST_WAIT: Final = 60.0
"""Seconds at most that a client which goes on guessing has to wait: they double with each wrong password."""

LONGEST_DELAY: Final = 5.0
"""Seconds that the answer to a wrong password is held back: longer, and browsers take the app for hanging."""

MAX_WAITING: Final = 1_000
"""Responses delayed at the same time, a few megabytes; beyond these, a wrong guess is answered at once."""

LONG_ENOUGH: Final = 12
"""Characters of a password that no guessing over a network finds. Somebody who opens connections by the hundred gets
through some two thousand guesses a second, for the right one must never wait: eight small letters last three years."""

CLIENTS: Final = 10_000
"""Clients whose wrong tries are remembered; the longest quiet is forgotten first."""


def shortness(secret: str | None, kind: str = "password") -> str:
    """Return what to say of a password or token that is short; nothing of one that is long enough, or none."""
    if not secret or len(secret) >= LONG_ENOUGH:
        return ""
    return (
        f"The {kind} has fewer than {LONG_ENOUGH} characters: wrong ones are slowed down, but only length keeps "
        "somebody from trying them all. Four words make a good one."
    )


def headers(scripts: str = "") -> dict[str, str]:
    """Return what is sent with every response: nothing loads from elsewhere, nothing is embedded, no note can run.

    Beside what the app itself sends, only `scripts` run.
    """
    policy = (
        "default-src 'self'",
        f"script-src 'self' {scripts}".rstrip(),
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


class SecureHeaders:
    """Adds the headers that bind a browser to every response."""

    def __init__(self, app: ASGIApp, scripts: str = "") -> None:
        """Wrap an app."""
        self.app = app
        self._headers = headers(scripts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its response back with the headers."""

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self.app(scope, receive, send_guarded)


class Password:
    """Lets those through who know a password, for pages, websocket and programs alike, or a token, for programs only.

    Either is taken by HTTP Basic, whatever the user name, and as a bearer token. The right one is let through at once,
    however many wrong ones came from the same address; these are answered later each time.
    """

    def __init__(
        self,
        app: ASGIApp,
        password: str | None,
        token: str | None = None,
        prefix: str = "",
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Wrap an app; without a password, only what is for programs is locked."""
        self.app = app
        self._of_pages = [_digest(password)] if password else []
        self._of_programs = self._of_pages + ([_digest(token)] if token else [])
        self._prefix = prefix
        self._tries = Tries(clock)
        self._sleep = sleep
        self.waiting = 0
        """How many wrong passwords are held back at the moment."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on requests that are let through; respond to others with what is missing, or how long to wait."""
        if scope["type"] not in {"http", "websocket"} or not (secrets := self._secrets(scope["path"])):
            await self.app(scope, receive, send)
            return
        given = _given_secret(Headers(scope=scope).get("authorization", ""))
        if given is not None and _is_any_of(given, secrets):
            await self.app(scope, receive, send)
            return
        wait = 0.0 if given is None else self._tries.count(scope["client"][0] if scope.get("client") else "")
        await self._hold(wait)
        is_for_program = is_for_programs(scope["path"], self._prefix)
        await _send_locked_out(scope, receive, send, wait, is_given=given is not None, is_for_program=is_for_program)

    def _secrets(self, path: str) -> list[bytes]:
        """Return the digests of what opens a path; none for one that is open to all."""
        if is_open(path, self._prefix):
            return []
        return self._of_programs if is_for_programs(path, self._prefix) else self._of_pages

    async def _hold(self, wait: float) -> None:
        """Keep a wrong password waiting."""
        if not wait or self.waiting >= MAX_WAITING:
            return
        self.waiting += 1
        try:
            await self._sleep(min(wait, LONGEST_DELAY))
        finally:
            self.waiting -= 1


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


async def _send_locked_out(
    scope: Scope, receive: Receive, send: Send, wait: float, *, is_given: bool, is_for_program: bool
) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    wanted = OF_PROGRAMS if is_for_program else OF_PAGES
    status, detail, headers = _refusal(wait, f"That is not the right one. {wanted}" if is_given else wanted)
    if is_for_program:
        headers |= {} if wait else {"WWW-Authenticate": f"{BASIC}, {BEARER}"}
        response: Response = problem_response(status, detail, headers)
    else:
        response = PlainTextResponse(detail, status, headers)
    await response(scope, receive, send)


def _refusal(wait: float, wanted: str) -> tuple[int, str, dict[str, str]]:
    if wait:
        return 429, f"Too many wrong passwords. Wait {int(wait) + 1} s.", {"Retry-After": str(int(wait) + 1)}
    return 401, wanted, {"WWW-Authenticate": BASIC}


def _given_secret(header: str) -> str | None:
    """Return the password or token in an `Authorization` header, empty where it cannot be read; None without one.

    >>> _given_secret("Bearer open sesame"), _given_secret("Basic bWU6b3BlbiBzZXNhbWU="), _given_secret("Digest x")
    ('open sesame', 'open sesame', None)
    """
    kind, _, value = header.partition(" ")
    if kind.casefold() == "bearer":
        return value.strip().encode("latin-1", "replace").decode("utf-8", "replace")  # headers come as Latin-1
    if kind.casefold() != "basic":
        return None
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except ValueError:  # no base64, no UTF-8, or characters beyond ASCII
        return ""


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _is_any_of(given: str, secrets: list[bytes]) -> bool:
    """Return whether a secret is right; digests are of one length, so that comparing tells nothing about it."""
    digest = _digest(given)
    return any(hmac.compare_digest(digest, secret) for secret in secrets)
