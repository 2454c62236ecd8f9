"""Who is let through, who is not, and what every response tells the browser."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.ui.security import (
    ANYWHERE,
    FREE_TRIES,
    LONGEST_WAIT,
    Password,
    allowed_hosts,
    check_exposure,
    guards,
    read_password,
)
from index.errors import TopicsError

RIGHT = "open sesame: 1"


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Reply:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    """Let everyone in."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"the page"})


def ask(
    app: ASGIApp, *, authorization: str = "", host: str = "127.0.0.1", client: str = "10.0.0.5", kind: str = "http"
) -> Reply:
    """Send one request through an ASGI app and return what came back; 101 is an open websocket."""
    sent: list[Message] = []
    headers = [(b"host", host.encode()), *([(b"authorization", authorization.encode())] if authorization else [])]
    scope = {"type": kind, "method": "GET", "path": "/", "headers": headers, "client": (client, 1), "query_string": b""}

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    async def run() -> None:
        await app(scope, receive, send)

    asyncio.run(run())
    first = sent[0]
    if first["type"] == "websocket.accept":
        return Reply(101)
    if first["type"] == "websocket.close":
        return Reply(403)
    return Reply(first["status"], {name.decode(): value.decode() for name, value in first["headers"]})


def basic(password: str, user: str = "me") -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize(("kind", "opened"), [("http", 200), ("websocket", 101)])
def test_right_password_opens_pages_and_websocket_whoever_gives_it(kind: str, opened: int) -> None:
    app = Password(page, RIGHT)
    assert ask(app, authorization=basic(RIGHT), kind=kind).status == opened
    assert ask(app, authorization=basic(RIGHT, user="someone"), kind=kind).status == opened


@pytest.mark.parametrize(
    "authorization",
    ["", basic("wrong"), basic(""), basic(RIGHT + " "), "Basic !!", "Basic /w==", "Bearer x", "Basic"],
)
def test_without_the_password_nothing_opens(authorization: str) -> None:
    app = Password(page, RIGHT)
    assert ask(app, authorization=authorization, kind="websocket").status == 403
    reply = ask(app, authorization=authorization)
    assert reply.status == 401
    assert reply.headers["www-authenticate"].startswith("Basic")


def test_wrong_tries_are_slowed_for_that_client_only_and_longer_each_time() -> None:
    clock = Clock()
    app = Password(page, RIGHT, clock)
    for _ in range(FREE_TRIES + 1):
        assert ask(app, authorization=basic("wrong")).status == 401
    reply = ask(app, authorization=basic(RIGHT))
    assert (reply.status, reply.headers["retry-after"]) == (429, "3")
    assert ask(app, authorization=basic(RIGHT), client="10.0.0.6").status == 200

    clock.now = 2.0
    assert ask(app, authorization=basic("wrong")).status == 401
    clock.now = 5.9
    assert ask(app, authorization=basic(RIGHT)).status == 429
    clock.now = 6.0
    assert ask(app, authorization=basic(RIGHT)).status == 200
    assert ask(app, authorization=basic("wrong")).status == 401
    assert ask(app, authorization=basic(RIGHT)).status == 200


def test_no_wait_is_longer_than_a_minute() -> None:
    clock = Clock()
    app = Password(page, RIGHT, clock)
    for _ in range(40):
        ask(app, authorization=basic("wrong"))
        clock.now += LONGEST_WAIT
    assert ask(app, authorization=basic(RIGHT)).status == 200


def test_a_visit_without_any_password_is_no_wrong_try() -> None:
    app = Password(page, RIGHT)
    for _ in range(FREE_TRIES + 5):
        ask(app)
    assert ask(app, authorization=basic(RIGHT)).status == 200


def guarded(host: str, password: str | None = None) -> Starlette:
    app = Starlette(middleware=guards(host, password))
    app.mount("/", page)
    return app


def test_every_response_binds_the_browser() -> None:
    for reply in (ask(guarded("127.0.0.1")), ask(guarded(ANYWHERE[0], RIGHT)), ask(guarded("127.0.0.1"), host="evil")):
        policy = reply.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "script-src 'self' blob: 'sha256-" in policy
        assert "connect-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost", "LOCALHOST:1", "[::1]:8501"])
def test_app_answers_to_the_names_of_this_machine(host: str) -> None:
    assert ask(guarded("127.0.0.1"), host=host).status == 200
    assert ask(guarded("127.0.0.1"), host=host, kind="websocket").status == 101


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil.example"])
def test_app_answers_to_no_other_name(host: str) -> None:
    assert ask(guarded("127.0.0.1"), host=host).status == 400
    assert ask(guarded("127.0.0.1"), host=host, kind="websocket").status != 101


def test_host_asked_for_is_one_that_is_answered() -> None:
    assert allowed_hosts("notes.lan") == ["127.0.0.1", "localhost", "[::1]", "notes.lan"]
    assert len(allowed_hosts(ANYWHERE[0])) > 3
    assert "*" not in allowed_hosts(ANYWHERE[0])


@pytest.mark.parametrize("host", [*ANYWHERE, "192.168.1.5", "notes.lan"])
def test_address_that_others_reach_needs_a_password(host: str) -> None:
    with pytest.raises(TopicsError, match="--password-file FILE"):
        check_exposure(host, None)
    check_exposure(host, RIGHT)
    check_exposure("127.0.0.1", None)


def test_password_is_the_first_line_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(f"{RIGHT}\nanything\n")
    assert read_password(tmp_path / "password") == RIGHT


def test_password_file_that_is_missing_or_empty_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TopicsError, match="cannot be read"):
        read_password(tmp_path / "missing")
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(TopicsError, match="is empty"):
        read_password(tmp_path / "empty")
