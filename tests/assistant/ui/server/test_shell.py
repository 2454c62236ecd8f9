"""What a browser is sent before anything is asked: a page with its style, and scripts in a third of their bytes."""

from __future__ import annotations

import gzip

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant.ui.server.compression import Compressed
from assistant.ui.server.scripts import INDEX
from assistant.ui.server.shell import FONTS_LATER, STYLE, Shell, styled

SCRIPT = b"const answer = 42\n" * 400
SHORT = b"const answer = 42\n"


def client(app_class: type[Shell | Compressed]) -> TestClient:
    def send(request: Request) -> Response:
        body, kind = {
            "/index": (INDEX.read_bytes(), "text/html"),
            "/long.js": (SCRIPT, "application/javascript"),
            "/short.js": (SHORT, "application/javascript"),
            "/picture": (SCRIPT, "image/png"),
        }[request.url.path]
        if request.headers.get("if-none-match"):
            return Response(status_code=304)
        return Response(body, media_type=kind, headers={"ETag": '"1"', "Cache-Control": "public, immutable"})

    def gone(_: Request) -> Response:
        return PlainTextResponse("gone" * 1000, 404)

    routes = [Route(f"/{name}", send) for name in ("index", "long.js", "short.js", "picture")]
    return TestClient(app_class(Starlette(routes=[*routes, Route("/gone", gone)])))


def test_rules_that_hold_on_the_screen_stand_before_those_for_paper() -> None:
    on_screen, _, on_paper = STYLE.read_text(encoding="utf-8").partition("@media print")
    assert "recordScreencast" in on_screen
    assert "recordScreencast" not in on_paper
    assert "visibility: hidden" not in on_paper


def test_page_comes_with_the_style_and_something_to_see() -> None:
    response = client(Shell).get("/index", headers={"Accept": "text/html", "If-None-Match": '"1"'})
    page = response.text
    assert page.index("<body>") < page.index(".ta-card") < page.index('<div id="root">')
    assert '<div id="root"><div class="ta-waiting">Topic Assistant</div></div>' in page
    assert "<title>Topic Assistant</title>" in page
    assert ".woff2" not in page
    assert int(response.headers["content-length"]) == len(response.content)
    assert "etag" not in response.headers


def test_page_of_another_streamlit_is_sent_as_it_is_with_the_style() -> None:
    assert styled("<head></head><body>", "a{}") == f"<head></head><body><style>a{{}}</style>{FONTS_LATER}"
    assert styled("plain", "a{}") == "plain"


def test_style_cannot_end_the_element_that_holds_it() -> None:
    assert "</" not in STYLE.read_text(encoding="utf-8")


def test_what_is_no_page_is_left_alone() -> None:
    response = client(Shell).get("/long.js", headers={"Accept": "*/*"})
    assert response.content == SCRIPT
    assert response.headers["etag"] == '"1"'


def test_script_is_sent_compressed_to_who_can_read_it() -> None:
    asked = client(Compressed)
    for _ in range(2):  # the second time, what was kept
        with asked.stream("GET", "/long.js", headers={"Accept-Encoding": "gzip"}) as response:
            raw = b"".join(response.iter_raw())
        assert gzip.decompress(raw) == SCRIPT
        assert len(raw) == int(response.headers["content-length"]) < len(SCRIPT) / 3
        assert response.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in asked.get("/long.js", headers={"Accept-Encoding": "br"}).headers


def test_what_is_short_a_picture_or_an_error_is_sent_as_it_is() -> None:
    asked = client(Compressed)
    for path, body in (("/short.js", SHORT), ("/picture", SCRIPT), ("/gone", b"gone" * 1000)):
        response = asked.get(path, headers={"Accept-Encoding": "gzip"})
        assert response.content == body
        assert "content-encoding" not in response.headers
