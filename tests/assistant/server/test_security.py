"""Who is let through, who is not, and what every response tells the browser."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.server.access import Access, check_exposure, guards, read_secret
from assistant.server.reach import ANYWHERE, Reach, read_allowed_origin, read_name
from assistant.server.security import FREE_TRIES, LONGEST_DELAY, LONGEST_WAIT, MAX_WAITING, Password
from assistant.ui.server.scripts import allowed_scripts
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
    text: str = ""


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    """Let everyone in."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"the page"})


def ask(
    app: ASGIApp,
    *,
    authorization: str = "",
    host: str = "127.0.0.1",
    client: str = "10.0.0.5",
    kind: str = "http",
    headers: Sequence[tuple[str, str]] = (),
    server: str = "127.0.0.1",
    method: str = "GET",
    path: str = "/",
) -> Reply:
    """Send one request through an ASGI app and return what came back; 101 is an open websocket."""
    sent: list[Message] = []
    given = [("host", host), *([("authorization", authorization)] if authorization else []), *headers]
    scope = {
        "type": kind,
        "scheme": {"http": "http", "websocket": "ws"}[kind],
        "method": method,
        "path": path,
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in given],
        "client": (client, 1),
        "server": (server, 8501),
        "query_string": b"",
    }

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
    text = b"".join(message.get("body", b"") for message in sent).decode()
    return Reply(first["status"], {name.decode(): value.decode() for name, value in first["headers"]}, text)


def basic(password: str, user: str = "me") -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize(("kind", "opened"), [("http", 200), ("websocket", 101)])
def test_right_password_opens_pages_and_websocket_whoever_gives_it(kind: str, opened: int) -> None:
    app = Password(page, RIGHT)
    assert ask(app, authorization=basic(RIGHT), kind=kind).status == opened
    assert ask(app, authorization=basic(RIGHT, user="someone"), kind=kind).status == opened


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        basic("wrong"),
        basic(""),
        basic(RIGHT + " "),
        "Basic !!",
        "Basic /w==",
        "Bearer x",
        "Basic",
        "Basic pässword",
    ],
)
def test_without_the_password_nothing_opens(authorization: str) -> None:
    app = Password(page, RIGHT)
    assert ask(app, authorization=authorization, kind="websocket").status == 403
    reply = ask(app, authorization=authorization)
    assert reply.status == 401
    assert reply.headers["www-authenticate"].startswith("Basic")


@dataclass
class Sleep:
    slept: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


def test_wrong_tries_are_slowed_for_that_client_only_and_longer_each_time() -> None:
    clock, sleep = Clock(), Sleep()
    app = Password(page, RIGHT, clock=clock, sleep=sleep)
    for _ in range(FREE_TRIES):
        assert ask(app, authorization=basic("wrong")).status == 401
    assert sleep.slept == []
    replies = [ask(app, authorization=basic("wrong")) for _ in range(7)]
    assert {reply.status for reply in replies} == {429}
    assert [reply.headers["retry-after"] for reply in replies] == ["3", "5", "9", "17", "33", "61", "61"]
    assert sleep.slept == [2, 4, *[LONGEST_DELAY] * 5]
    assert ask(app, authorization=basic("wrong"), kind="websocket").status == 403
    assert ask(app, authorization=basic("wrong"), client="10.0.0.6").status == 401
    clock.now = LONGEST_WAIT + 1
    assert ask(app, authorization=basic("wrong")).status == 401


def test_right_password_never_waits_for_who_guesses_at_the_same_address() -> None:
    sleep = Sleep()
    app = Password(page, RIGHT, clock=Clock(), sleep=sleep)
    for _ in range(20):
        ask(app, authorization=basic("wrong"))
    sleep.slept.clear()
    assert ask(app, authorization=basic(RIGHT)).status == 200
    assert ask(app, authorization=basic(RIGHT), kind="websocket").status == 101
    assert sleep.slept == []


def test_client_of_many_addresses_is_one() -> None:
    app = Password(page, RIGHT, clock=Clock(), sleep=Sleep())
    replies = [ask(app, authorization=basic("wrong"), client=f"2001:db8::{number}") for number in range(1, 6)]
    assert [reply.status for reply in replies] == [401] * FREE_TRIES + [429] * 2
    assert ask(app, authorization=basic("wrong"), client="2001:db8:1::1").status == 401
    mapped = [ask(app, authorization=basic("wrong"), client=f"::ffff:10.0.0.{number}").status for number in range(5)]
    assert mapped == [401] * 5


def test_only_so_many_wrong_tries_are_held_at_once() -> None:
    app = Password(page, RIGHT, clock=Clock(), sleep=Sleep())
    app.waiting = MAX_WAITING
    for _ in range(FREE_TRIES + 1):
        reply = ask(app, authorization=basic("wrong"))
    assert reply.status == 429
    assert app.waiting == MAX_WAITING


def test_a_visit_without_any_password_is_no_wrong_try() -> None:
    app = Password(page, RIGHT)
    for _ in range(FREE_TRIES + 5):
        ask(app)
    assert ask(app, authorization=basic(RIGHT)).status == 200


HERE = Reach()


def guarded(reach: Reach = HERE, password: str | None = None) -> Starlette:
    app = Starlette(middleware=guards(Access(reach, password), allowed_scripts()))
    app.mount("/", page)
    return app


def test_every_response_binds_the_browser() -> None:
    for reply in (ask(guarded()), ask(guarded(Reach(ANYWHERE[0]), RIGHT)), ask(guarded(), host="evil")):
        policy = reply.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "script-src 'self' blob: 'sha256-" in policy
        assert "connect-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["referrer-policy"] == "no-referrer"


def test_another_page_is_refused_before_its_password_is_looked_at() -> None:
    foreign = [("origin", "https://evil.example")]
    app = guarded(Reach(ANYWHERE[0]), RIGHT)
    assert ask(app, authorization=basic(RIGHT), headers=foreign).status == 403
    assert ask(app, authorization=basic(RIGHT)).status == 200


@pytest.mark.parametrize(
    "reach",
    [
        Reach(ANYWHERE[0]),
        Reach(ANYWHERE[1]),
        Reach("192.168.1.5"),
        Reach("notes.lan"),
        Reach(names=(read_name("notes.example.com"),)),
        Reach(proxies=("127.0.0.1",)),
    ],
)
def test_app_that_others_reach_needs_a_password(reach: Reach) -> None:
    with pytest.raises(TopicsError, match="--password-file FILE"):
        check_exposure(Access(reach))
    check_exposure(Access(reach, RIGHT))
    check_exposure(Access(Reach()))


def test_password_is_the_first_line_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(f"{RIGHT}\nanything\n")
    assert read_secret(tmp_path / "password") == RIGHT


def test_password_file_that_is_missing_or_empty_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TopicsError, match="cannot be read"):
        read_secret(tmp_path / "missing")
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(TopicsError, match="is empty"):
        read_secret(tmp_path / "empty")


TOKEN = "a token for programs"  # noqa: S105 (of the tests alone)
PROGRAMS = pytest.mark.parametrize("path", ["/api/v1/ask", "/mcp"])


def bearer(secret: str) -> str:
    return f"Bearer {secret}"


@PROGRAMS
@pytest.mark.parametrize("give", [basic, bearer])
def test_token_opens_what_is_for_programs_and_no_page(path: str, give: Callable[[str], str]) -> None:
    app = Password(page, RIGHT, TOKEN)
    for secret in (TOKEN, RIGHT):
        assert ask(app, authorization=give(secret), path=path).status == 200
    assert ask(app, authorization=give(RIGHT)).status == 200
    assert ask(app, authorization=give(TOKEN)).status == 401


def test_token_alone_locks_no_page() -> None:
    app = Password(page, None, TOKEN)
    assert ask(app).status == 200
    assert ask(app, path="/api/v1/ask").status == 401


def test_token_beyond_ascii_is_the_same_in_a_header() -> None:
    app = Password(page, None, "schlüssel")
    header = bearer("schlüssel".encode().decode("latin-1"))
    assert ask(app, authorization=header, path="/mcp").status == 200


@PROGRAMS
def test_program_is_told_how_to_authorize_and_what_is_wrong(path: str) -> None:
    reply = ask(Password(page, RIGHT), path=path)
    assert reply.status == 401
    assert reply.headers["content-type"] == "application/problem+json"
    assert "Bearer" in reply.headers["www-authenticate"]
    assert "the password or the token" in reply.text
    wrong = ask(Password(page, RIGHT), authorization=bearer("wrong"), path=path).text
    assert "That is not the right one." in wrong
    assert "not the right one" not in reply.text


def test_health_is_asked_without_a_password() -> None:
    app = Password(page, RIGHT)
    assert ask(app, path="/api/v1/health").status == 200
    assert ask(app, path="/api/v1/healthy").status == 401
    assert ask(Password(page, RIGHT, prefix="/notes"), path="/notes/api/v1/health").status == 200


def test_token_guards_what_others_reach_where_there_are_no_pages() -> None:
    access = Access(Reach(ANYWHERE[0]), token=TOKEN)
    check_exposure(access, with_pages=False)
    with pytest.raises(TopicsError, match="--password-file FILE`, or leave"):
        check_exposure(access)
    with pytest.raises(TopicsError, match="or a token and `--token-file FILE`, or leave"):
        check_exposure(Access(Reach(ANYWHERE[0])), with_pages=False)


def cors(origin: str, path: str = "/api/v1/ask", *, preflight: bool = False) -> Reply:
    app = Starlette(middleware=guards(Access(Reach(), RIGHT, origins=(read_allowed_origin("https://wiki.example"),))))
    app.mount("/", page)
    given = [("origin", origin), ("sec-fetch-site", "cross-site")]
    if preflight:
        asked = [("access-control-request-method", "POST"), ("access-control-request-headers", "authorization")]
        asked += [("access-control-request-private-network", "true")]
        return ask(app, path=path, headers=given + asked, method="OPTIONS")
    return ask(app, path=path, headers=given, authorization=basic(RIGHT))


def test_page_of_an_allowed_origin_may_ask_what_is_for_programs() -> None:
    assert cors("https://wiki.example").headers["access-control-allow-origin"] == "https://wiki.example"
    allowed = cors("https://wiki.example", preflight=True)
    assert (allowed.status, allowed.headers["access-control-allow-origin"]) == (200, "https://wiki.example")
    assert allowed.headers["access-control-allow-private-network"] == "true"
    assert "access-control-allow-credentials" not in allowed.headers


@pytest.mark.parametrize("preflight", [True, False])
def test_page_of_no_allowed_origin_is_told_nothing(preflight: bool) -> None:
    for reply in (cors("https://evil.example", preflight=preflight), cors("https://wiki.example", "/")):
        assert reply.status == 403
        assert "access-control-allow-origin" not in reply.headers


def test_without_an_allowed_origin_no_page_may_ask() -> None:
    app = Starlette(middleware=guards(Access(Reach())))
    app.mount("/", page)
    reply = ask(app, path="/api/v1/ask", headers=[("origin", "https://wiki.example")])
    assert (reply.status, reply.headers["content-type"]) == (403, "application/problem+json")
    assert "access-control-allow-origin" not in ask(app, path="/api/v1/ask").headers
