"""A PDF in the browser: opened at the page of an answer, sent of a library's sources only, and nothing else as one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.answer import Answer, Evidence, TopicResult
from assistant.discovery import Listed
from assistant.place import Place
from assistant.service import service
from assistant.ui.server.documents import document_route
from assistant.ui.views.answer import answer_html, cards_html
from assistant.ui.views.feedback import GivenFeedback
from assistant.ui.views.topic import outline_html, topic_html
from index.catalog import StoredTopic
from index.library import Library
from tests.assistant.ui.html import HOSTILE, assert_harmless
from tests.index.formats.documents.making import pages

MANUAL = pages(("Oil", ["Change the oil each spring."]), ("Chain", ["Clean the chain with a brush."]))


@pytest.fixture
def manuals(tmp_path: Path) -> Path:
    folder = tmp_path / "manuals"
    folder.mkdir()
    (folder / "pump.pdf").write_bytes(MANUAL)
    (folder / "garden.md").write_text("# Garden\n\nTurn the heap.\n", encoding="utf-8")
    return folder


@pytest.fixture
def read(library_of: Callable[[Path], Library], manuals: Path) -> Iterator[Library]:
    library = library_of(manuals)
    service.use(library)
    service.library()
    yield library
    service.use(None)


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=[document_route()]))


def topic(title: str) -> StoredTopic:
    listed = next(one for one in service.contents().topics if one.topic == title)
    return service.library().topics([listed.number])[listed.number]


def test_document_of_a_topic_is_sent_to_be_shown(read: Library, client: TestClient) -> None:
    response = client.get("/document", params={"in": topic("Chain").topic_id})
    assert response.content == MANUAL
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"] == 'inline; filename="pump.pdf"'
    assert (
        client.get("/document", params={"in": topic("Oil").topic_id}, headers={"Range": "bytes=0-3"}).content == b"%PDF"
    )


def test_nothing_else_is_sent_and_all_of_it_is_answered_alike(read: Library, client: TestClient, manuals: Path) -> None:
    pump, garden = topic("Oil").topic_id, topic("Garden").topic_id
    for asked in ({}, {"in": "nobody"}, {"in": garden}, {"in": "../manuals/pump.pdf"}):
        assert client.get("/document", params=asked).status_code == 404
    (manuals / "pump.pdf").write_bytes(b"<html><script>alert(1)</script></html>")
    assert client.get("/document", params={"in": pump}).status_code == 404
    (manuals / "pump.pdf").unlink()
    (manuals.parent / "secret.pdf").write_bytes(MANUAL)
    (manuals / "pump.pdf").symlink_to(manuals.parent / "secret.pdf")
    assert client.get("/document", params={"in": pump}).status_code == 404


def card(path: str, anchor: dict[str, str | int]) -> TopicResult:
    return TopicResult(
        "7f", "Git", "Chain", None, 0.9, "Clean it.", ((0, 9),), (), path, 9, {"": "Clean it."}, (), anchor
    )


def of_document(stored: StoredTopic) -> Sequence[Listed]:
    listed = service.contents().get(stored.topic_id)
    assert listed
    return service.contents().of_document(listed)


def test_an_answer_and_its_card_lead_to_the_page() -> None:
    evidence = Evidence("Clean it.", "Git", "Chain", None, "pump.pdf", 9, anchor={"page": 2})
    answer = Answer("how?", True, 0.9, None, evidence, (card("pump.pdf", {"page": 2}),), (), 1.0)
    link = (
        '<a class="ta-document" href="document?in=7f#page=2" target="_blank" rel="noopener">'
        "<code>pump.pdf, page 2</code></a>"
    )
    assert link in answer_html(answer, Place("how?"))
    assert link in cards_html(answer, Place("how?"), GivenFeedback())


@pytest.mark.parametrize("path", ["git.md", "page.html", *HOSTILE])
def test_a_note_has_no_such_link_and_a_hostile_name_stays_a_name(path: str) -> None:
    answer = Answer("how?", False, 0.1, None, None, (card(path, {"heading": path}),), (), 1.0)
    html = cards_html(answer, Place("how?"), GivenFeedback())
    assert "document?in=" not in html
    assert_harmless(html)


def test_a_topic_leads_to_its_page_and_shows_the_outline_of_its_document(read: Library) -> None:
    stored = topic("Chain")
    assert f'href="document?in={stored.topic_id}#page=2"' in topic_html(stored, None)
    html = outline_html(stored, of_document(stored), Place())
    assert "Outline of pump.pdf" in html
    assert html.index(">Oil</a>") < html.index('aria-current="true">Chain</a>')
    assert '<span class="ta-apart">page 2</span>' in html
    garden = topic("Garden")
    assert outline_html(garden, of_document(garden), Place()) == ""
