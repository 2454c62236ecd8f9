"""where the app is reached: its address, its names, the proxies before it, and the pages that may ask it"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlencode, urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.server.paths import is_for_programs
from assistant.server.problems import problem_response
from index.errors import SettingError

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
ANYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104 (addresses that are asked for, not ones listened on by default)

DEFAULT_PORTS: Final = {"http": 80, "https": 443}
WEB_SCHEMES: Final = {"http": "http", "https": "https", "ws": "http", "wss": "https"}
"""The scheme of the page that speaks over each."""

ALLOWING: Final = ", unless it was started with `--allow-origin` and the origin of that page."
"""How a page elsewhere comes to ask what is for programs."""

HEADERS_OF_NAVIGATION: Final = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
"""What a browser says of a link that somebody follows (Fetch Metadata Request Headers, W3C)."""


class Origin(NamedTuple):
    """Who a page belongs to (RFC 6454)."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        """Return it as an address, without the port that goes without saying."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}")


def read_origin(text: str) -> Origin | None:
    """Return the origin that a header names; None where it names none, as `null` does.

    >>> read_origin("https://Notes.example.com"), read_origin("null"), read_origin("http://a@b")
    (Origin(scheme='https', host='notes.example.com', port=443), None, None)
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not _is_bare(parts):
        return None
    host = (parts.hostname or "").rstrip(".")
    return Origin(parts.scheme, host, port or DEFAULT_PORTS[parts.scheme]) if host else None


def _is_bare(parts: SplitResult) -> bool:
    return not (parts.path or parts.query or parts.fragment or "@" in parts.netloc)


def read_allowed_origin(text: str) -> Origin:
    """Return the origin that `--allow-origin` means.

    Raises:
        SettingError: it is no origin of a page.

    """
    origin = read_origin(text.rstrip("/"))
    if origin is None or "*" in text:
        raise SettingError(f"--allow-origin {text} is no origin of a page: write, say, `https://wiki.example.com`.")
    return origin


def read_name(text: str) -> Origin:
    """Return the origin that `--name` means: `notes.example.com` is reached over HTTPS, unless it says otherwise.

    Raises:
        SettingError: it is no name of a server.

    """
    origin = read_origin(text.rstrip("/") if "://" in text else f"https://{text}")
    if origin is None or re.search(r"[*\s]", text):
        raise SettingError(
            f"--name {text} is no name of a server: write `notes.example.com`, or `https://notes.example.com:8443`."
        )
    return origin


def read_prefix(text: str) -> str:
    """Return the path under which the app lies, with a slash before and none behind; nothing at the top.

    >>> read_prefix("notes/"), read_prefix("/"), read_prefix("/my/notes")
    ('/notes', '', '/my/notes')

    Raises:
        SettingError: it is no path of plain names.

    """
    parts = text.strip("/").split("/") if text.strip("/") else []
    if not all(part.isascii() and part.replace("-", "").replace("_", "").isalnum() for part in parts):
        raise SettingError(f"--path-prefix {text} is no path of letters, digits, - and _: write, say, `/notes`.")
    return "".join(f"/{part}" for part in parts)


def read_proxy(text: str) -> str:
    """Return the address or network of a proxy.

    Raises:
        SettingError: it is neither.

    """
    try:
        return str(ipaddress.ip_network(text)) if "/" in text else str(ipaddress.ip_address(text))
    except ValueError as error:
        raise SettingError(
            f"--behind-proxy {text} is no address: write the proxy's, as `127.0.0.1`, or its network."
        ) from error


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the app listens, and how others come to it."""

    host: str = "127.0.0.1"
    port: int = 8501
    names: tuple[Origin, ...] = ()
    """The origins under which a proxy shows the app."""
    prefix: str = ""
    """The path under which it lies."""
    proxies: tuple[str, ...] = ()
    """Who is believed what it says of the client: addresses and networks."""

    @property
    def is_exposed(self) -> bool:
        """Return whether other machines may reach it, themselves or through a proxy."""
        return self.host not in LOOPBACK or bool(self.names or self.proxies)

    @property
    def address(self) -> str:
        """Where it is found on this machine."""
        return self._page(Origin("http", "localhost" if self.host in ANYWHERE else self.host, self.port))

    @property
    def addresses(self) -> list[str]:
        """Where other machines find it."""
        near = [Origin("http", _own_names()[1], self.port)] if self.host in ANYWHERE else []
        return [self._page(origin) for origin in (*near, *self.names)]

    def topic_address(self, id: str) -> str:
        """Return where the page of a topic is found, by its topic id."""
        page = self._page(self.names[0]) if self.names else self.address
        return f"{page.rstrip('/')}/?{urlencode({'topic': id})}"

    def _page(self, origin: Origin) -> str:
        return f"{origin}{self.prefix and f'{self.prefix}/'}"

    @property
    def hosts(self) -> frozenset[str]:
        """The names it answers to; a page from elsewhere that has been given this machine's address has none of them.

        They are not looked up: asking the network for them would tell it that the app runs.
        """
        own = [] if self.host in LOOPBACK else _own_names()
        listened = [] if self.host in ANYWHERE else [self.host]
        return frozenset(name.lower() for name in (*LOOPBACK, *listened, *own, *(name.host for name in self.names)))


def _own_names() -> list[str]:
    """Return what other machines call this one: its name, and that by which multicast DNS finds it."""
    name = socket.gethostname()
    return [name, f"{name.partition('.')[0]}.local"]


class OwnPages:
    """Lets through what asks the app by a name of its own, and comes from its own page or from no page at all.

    What another page asks for is refused before anything is done about it: neither an answer nor the time it takes
    tells that page anything. Pages of the `origins` that were allowed may ask what is for programs.
    """

    def __init__(self, app: ASGIApp, reach: Reach, origins: Iterable[Origin] = ()) -> None:
        """Wrap an app."""
        self.app = app
        self._hosts = reach.hosts
        self._names = frozenset(reach.names)
        self._prefix = reach.prefix
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        host, is_for_program = _asked_host(scope), is_for_programs(scope["path"], self._prefix)
        refuse = _refuse_program if is_for_program else _send_refusal
        if host is None or not self._answers_to(host, scope):
            status = 421 if is_for_program else 400
            await refuse(
                scope,
                receive,
                send,
                "The app does not answer to this name. Start it with `topics serve --name NAME`.",
                status,
            )
        elif not self._is_own(host, scope, is_for_program=is_for_program):
            why = "Another page may not ask this app"
            await refuse(scope, receive, send, f"{why}{ALLOWING if is_for_program else '.'}", 403)
        else:
            await self.app(_judged(scope), receive, send)

    def _answers_to(self, target: Origin, scope: Scope) -> bool:
        return target.host in self._hosts or target.host == _reached_address(scope)

    def _is_own(self, target: Origin, scope: Scope, *, is_for_program: bool) -> bool:
        """Return whether a request comes from a page of the app, from none, as a bookmark does, or from one allowed."""
        headers = Headers(scope=scope)
        origins = list(map(read_origin, headers.getlist("origin")))
        allowed = self._origins if is_for_program else frozenset[Origin]()
        if not all(origin in allowed or self._is_page(origin, target) for origin in origins):
            return False
        site = headers.get("sec-fetch-site", "none")
        return site in {"none", "same-origin"} or bool(origins) or (not is_for_program and _is_link(scope, headers))

    def _is_page(self, origin: Origin | None, target: Origin) -> bool:
        """Return whether an origin is the app's own: one it was given, else the one that was asked."""
        if target.host in {name.host for name in self._names}:
            return origin in self._names
        return origin is not None and (origin == target or origin in self._names)


def _asked_host(scope: Scope) -> Origin | None:
    """Return what a request was sent to, as its `Host` names it; None where that is no one name."""
    hosts = Headers(scope=scope).getlist("host")
    return read_origin(f"{WEB_SCHEMES[scope.get('scheme', 'http')]}://{hosts[0]}") if len(hosts) == 1 else None


def _reached_address(scope: Scope) -> str:
    """Return this machine's address that a connection came in at: as a host it is no name that somebody could bend."""
    try:
        address = ipaddress.ip_address((scope.get("server") or ("",))[0])
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)


def _is_link(scope: Scope, headers: Headers) -> bool:
    """Return whether somebody follows a link of another page, which so learns nothing."""
    return scope.get("method") == "GET" and all(headers.get(name) == to for name, to in HEADERS_OF_NAVIGATION.items())


def _judged(scope: Scope) -> Scope:
    """Return a websocket without its origin, which is the app's own: where Streamlit knows it not, it asks a server."""
    if scope["type"] != "websocket":
        return scope
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name.lower() != b"origin"]}


async def _send_refusal(scope: Scope, receive: Receive, send: Send, why: str, status: int) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await PlainTextResponse(why, status)(scope, receive, send)


async def _refuse_program(scope: Scope, receive: Receive, send: Send, why: str, status: int) -> None:
    if scope["type"] == "websocket":
        await _send_refusal(scope, receive, send, why, status)
    else:
        await problem_response(status, why)(scope, receive, send)
