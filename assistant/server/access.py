"""who may ask what: the reach of a server, its secrets, and the pages elsewhere that may ask it"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.server.paths import is_for_programs
from assistant.server.reach import Origin, OwnPages, Reach
from assistant.server.security import Password, SecureHeaders
from index.errors import TopicsError

ASKED_HEADERS: Final = ("Authorization", "Content-Type", "Last-Event-ID", "Mcp-Protocol-Version", "Mcp-Session-Id")
"""What a page elsewhere may send along, where it may ask at all."""


@dataclass(frozen=True, slots=True)
class Access:
    """Where a server is reached, and what it asks of whom."""

    reach: Reach
    password: str | None = None
    """Opens everything."""
    token: str | None = None
    """Opens what is for programs."""
    origins: tuple[Origin, ...] = ()
    """The pages elsewhere that may ask what is for programs."""


def guards(access: Access, scripts: str = "") -> list[Middleware]:
    """Return the middleware of an app, the outermost first; only `scripts` run beside its own."""
    reach = access.reach
    lock = Middleware(Password, password=access.password, token=access.token, prefix=reach.prefix)
    return [
        Middleware(SecureHeaders, scripts=scripts),
        Middleware(OwnPages, reach=reach, origins=access.origins),
        *([Middleware(OtherPages, origins=access.origins, prefix=reach.prefix)] if access.origins else []),
        *([lock] if access.password or access.token else []),
    ]


class OtherPages:
    """Tells browsers that pages of some origins may read what is for programs (Fetch Standard, CORS protocol)."""

    def __init__(self, app: ASGIApp, origins: tuple[Origin, ...], prefix: str = "") -> None:
        """Wrap an app outside its password: a browser asks for leave without one."""
        self.app = app
        self._prefix = prefix
        self._told = CORSMiddleware(
            app,
            allow_origins=tuple(map(str, origins)),
            allow_methods=("GET", "POST"),
            allow_headers=ASKED_HEADERS,
            allow_private_network=True,  # browsers ask so before a page of the internet reaches this machine
            expose_headers=("Retry-After", "Mcp-Session-Id"),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        is_told = scope["type"] == "http" and is_for_programs(scope["path"], self._prefix)
        await (self._told if is_told else self.app)(scope, receive, send)


def read_secret(file: Path, kind: str = "password") -> str:
    """Return the password or token that the first line of a file holds.

    Raises:
        TopicsError: the file cannot be read, or holds none.

    """
    try:
        secret = file.read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise TopicsError(f"The {kind} file {file} cannot be read ({error}). Check its path.") from error
    if not secret:
        raise TopicsError(f"The {kind} file {file} is empty. Write a {kind} on its first line.")
    return secret


def check_exposure(access: Access, *, with_pages: bool = True) -> None:
    """Hold that what other machines reach asks for a password; without pages, a token will do.

    Raises:
        TopicsError: it does not.

    """
    reach = access.reach
    if reach.is_exposed and not (access.password or (access.token and not with_pages)):
        where = f"a proxy for {reach.names[0].host}" if reach.names else reach.host
        token = "" if with_pages else ", or a token and `--token-file FILE`"
        raise TopicsError(
            f"Other machines can reach {where}, so the app needs a password there: write one into a file and add "
            f"`--password-file FILE`{token}, or leave --host, --name and --behind-proxy out to be reached from this "
            "machine only."
        )
