"""What a browser is told to fetch ahead."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant.ui.server.hints import ELEMENTS, Hints, needed
from assistant.ui.server.scripts import INDEX


def test_hints_name_files_of_every_element_that_are_there_and_the_page_does_not_name() -> None:
    files = needed()
    for element in ELEMENTS:
        assert any(file.startswith(f"static/js/{element.removesuffix('.tsx')}.") for file in files), element
    assert all((INDEX.parent / file).is_file() for file in files)
    assert not any(file in INDEX.read_text(encoding="utf-8") for file in files)
    assert len(files) == len(set(files))


def test_pages_come_with_hints_and_other_files_without() -> None:
    routes = [
        Route("/", lambda _: HTMLResponse("<p>page</p>")),
        Route("/text", lambda _: PlainTextResponse("text")),
    ]
    client = TestClient(Hints(Starlette(routes=routes)))
    assert f"</{needed()[0]}>; rel=modulepreload" in client.get("/").headers["link"]
    assert "link" not in client.get("/text").headers


def test_hints_name_files_under_the_path_of_the_app() -> None:
    app = Hints(Starlette(routes=[Route("/notes/", lambda _: HTMLResponse("<p>page</p>"))]), "/notes")
    assert TestClient(app).get("/notes/").headers["link"].startswith(f"</notes/{needed()[0]}>;")
