"""Under which names the app is asked, and which pages may ask it."""

from __future__ import annotations

import asyncio
import socket

import pytest
from starlette.types import Receive, Scope, Send

from assistant.server.reach import (
    ANYWHERE,
    OwnPages,
    Reach,
    read_allowed_origin,
    read_name,
    read_origin,
    read_prefix,
    read_proxy,
)
from index.errors import SettingError
from tests.assistant.server.test_security import ask, page

HERE = OwnPages(page, Reach())
OTHERS = OwnPages(page, Reach(ANYWHERE[0]))
NAMED = OwnPages(page, Reach(names=(read_name("notes.example.com"), read_name("http://notes.lan:8080"))))
KINDS = pytest.mark.parametrize(("kind", "opened"), [("http", 200), ("websocket", 101)])
REFUSED = {"http": 403, "websocket": 403}


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost", "LOCALHOST:1", "[::1]:8501", "localhost.:8501"])
@KINDS
def test_app_answers_to_the_names_of_this_machine(host: str, kind: str, opened: int) -> None:
    assert ask(HERE, host=host, kind=kind).status == opened


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil.example", "localhost/evil", "localhost:x"]
)
def test_app_answers_to_no_other_name(host: str) -> None:
    assert ask(HERE, host=host).status == 400
    assert ask(HERE, host=host, kind="websocket").status == 403


def test_two_hosts_are_none() -> None:
    assert ask(HERE, host="localhost", headers=[("host", "localhost")]).status == 400


def test_app_for_others_answers_to_its_machine_s_names_and_to_the_address_it_was_reached_at() -> None:
    name = socket.gethostname()
    for host in (name, f"{name.partition('.')[0]}.local", f"{name}:8501", "localhost"):
        assert ask(OTHERS, host=host).status == 200
    assert ask(OTHERS, host="192.168.1.5:8501", server="192.168.1.5").status == 200
    assert ask(OTHERS, host="192.168.1.5:8501", server="::ffff:192.168.1.5").status == 200
    assert ask(OTHERS, host="[fd00::5]:8501", server="fd00::5").status == 200
    assert ask(OTHERS, host="192.168.1.6:8501", server="192.168.1.5").status == 400
    assert ask(OwnPages(page, Reach("notes.lan")), host="notes.lan").status == 200


def test_its_own_names_are_never_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "getfqdn", "socket"):
        monkeypatch.setattr(socket, name, refuse)
    assert "localhost" in Reach(ANYWHERE[0]).hosts


@pytest.mark.parametrize("origin", ["http://localhost:8501", "HTTP://LOCALHOST:8501"])
@KINDS
def test_page_of_the_app_may_ask_it(origin: str, kind: str, opened: int) -> None:
    assert ask(HERE, host="localhost:8501", headers=[("origin", origin)], kind=kind).status == opened


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:9999",
        "http://localhost",
        "https://localhost:8501",
        "http://127.0.0.1:8501",
        "http://evil.example:8501",
        "http://localhost:8501.evil.example",
        "http://localhost:8501@evil.example",
        "null",
        "",
        "file://",
        "http://[",
    ],
)
@KINDS
def test_no_other_page_may_ask_it(origin: str, kind: str, opened: int) -> None:
    assert ask(HERE, host="localhost:8501", headers=[("origin", origin)], kind=kind).status == REFUSED[kind] != opened


@KINDS
def test_every_origin_counts_where_there_are_several(kind: str, opened: int) -> None:
    origins = [("origin", "http://localhost:8501"), ("origin", "http://evil.example")]
    assert ask(HERE, host="localhost:8501", headers=origins, kind=kind).status == REFUSED[kind] != opened


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_page_asks_for_without_an_origin_is_refused_but_for_links(site: str) -> None:
    image = [("sec-fetch-site", site), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")]
    frame = [("sec-fetch-site", site), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")]
    link = [("sec-fetch-site", site), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")]
    assert ask(HERE, headers=image).status == 403
    assert ask(HERE, headers=frame).status == 403
    assert ask(HERE, headers=link).status == 200
    assert ask(HERE, headers=link, method="POST").status == 403
    for own in ("same-origin", "none"):
        assert ask(HERE, headers=[("sec-fetch-site", own), *image[1:]]).status == 200


@KINDS
def test_name_behind_a_proxy_is_answered_to_and_its_page_may_ask(kind: str, opened: int) -> None:
    def asked(host: str, origin: str) -> int:
        return ask(NAMED, host=host, headers=[("origin", origin)], kind=kind).status

    assert asked("notes.example.com", "https://notes.example.com") == opened
    assert asked("127.0.0.1:8501", "https://notes.example.com") == opened
    assert asked("notes.lan", "http://notes.lan:8080") == opened
    for origin in ("http://notes.example.com", "https://notes.example.com:444", "https://example.com"):
        assert asked("notes.example.com", origin) == REFUSED[kind]


def test_page_that_a_trusted_proxy_shows_over_https_is_its_own() -> None:
    reached: list[Scope] = []

    async def keep(scope: Scope, receive: Receive, send: Send) -> None:
        reached.append(scope)
        await page(scope, receive, send)

    headers = [(b"host", b"localhost:8501"), (b"origin", b"https://localhost:8501")]
    scope = {"type": "websocket", "scheme": "wss", "headers": headers, "server": ("127.0.0.1", 8501), "path": "/"}

    async def nothing(*_: object) -> None:
        return

    asyncio.run(OwnPages(keep, Reach())(scope, nothing, nothing))  # type: ignore[arg-type]
    # Streamlit knows only the names it listens on, and asks a server on the network about any other
    assert reached[0]["headers"] == [(b"host", b"localhost:8501")]


@pytest.mark.parametrize(
    "name", ["", "*", "*.example.com", "a b", "http://", "ftp://notes.lan", "notes.lan/path", "a@b"]
)
def test_what_is_no_name_of_a_server_is_told(name: str) -> None:
    with pytest.raises(SettingError, match="--name"):
        read_name(name)


def test_names_are_of_https_unless_they_say_otherwise() -> None:
    assert str(read_name("Notes.Example.com")) == "https://notes.example.com"
    assert str(read_name("notes.lan:8443")) == "https://notes.lan:8443"
    assert str(read_name("http://[fd00::5]:80/")) == "http://[fd00::5]"
    assert read_origin("https://notes.example.com:443") == read_name("notes.example.com")


@pytest.mark.parametrize("prefix", ["a//b", "a b", "../a", "ä", "?a", "{path}"])
def test_what_is_no_path_prefix_is_told(prefix: str) -> None:
    with pytest.raises(SettingError, match="--path-prefix"):
        read_prefix(prefix)


@pytest.mark.parametrize("proxy", ["*", "", "localhost", "10.0.0.1/33"])
def test_proxy_is_an_address_or_a_network(proxy: str) -> None:
    with pytest.raises(SettingError, match="--behind-proxy"):
        read_proxy(proxy)
    assert (read_proxy("127.0.0.1"), read_proxy("10.0.0.0/8")) == ("127.0.0.1", "10.0.0.0/8")


@pytest.mark.parametrize(
    ("reach", "address"),
    [
        (Reach(), "http://127.0.0.1:8501"),
        (Reach("::1", 8600, prefix="/notes"), "http://[::1]:8600/notes/"),
        (Reach(ANYWHERE[0]), "http://localhost:8501"),
        (Reach(ANYWHERE[1]), "http://localhost:8501"),
        (Reach("192.168.1.5"), "http://192.168.1.5:8501"),
    ],
)
def test_page_that_is_opened_is_one_that_is_answered(reach: Reach, address: str) -> None:
    assert reach.address == address
    origin = read_origin(address.removesuffix(f"{reach.prefix}/"))
    assert origin is not None
    assert origin.host in reach.hosts


def test_others_are_told_names_that_are_answered_to() -> None:
    assert Reach().addresses == []
    assert Reach(names=(read_name("notes.example.com"),), prefix="/n").addresses == ["https://notes.example.com/n/"]
    [address] = Reach(ANYWHERE[0]).addresses
    assert address == f"http://{socket.gethostname().partition('.')[0]}.local:8501"


LINK = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")]


@pytest.mark.parametrize("path", ["/api/v1/ask", "/mcp"])
def test_what_is_for_programs_is_not_even_followed_by_a_link_of_another_page(path: str) -> None:
    assert ask(HERE, headers=LINK, path="/").status == 200
    assert ask(HERE, headers=LINK, path=path).status == 403
    assert ask(HERE, headers=[("sec-fetch-site", "cross-site")], path=path).status == 403


@pytest.mark.parametrize("path", ["/api/v1/ask", "/mcp"])
def test_program_that_asks_by_another_name_is_told_it_was_misdirected(path: str) -> None:
    reply = ask(HERE, host="evil.example", path=path)
    assert (reply.status, reply.headers["content-type"]) == (421, "application/problem+json")


@pytest.mark.parametrize("origin", ["*", "wiki.example", "https://wiki.example/page", "https://*.example"])
def test_origin_that_is_none_cannot_be_allowed(origin: str) -> None:
    with pytest.raises(SettingError, match="is no origin of a page"):
        read_allowed_origin(origin)
