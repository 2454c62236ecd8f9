"""A note as a whole: its outline, the place that was asked for, what it embeds, and what opens it elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.discovery import Listed
from assistant.place import Place
from assistant.preferences import read_preferences
from assistant.server import roots
from assistant.service import service
from assistant.ui.note_reading import as_whole, read_embeds, read_note_text
from assistant.ui.reactions import react
from assistant.ui.server.pictures import picture_route
from assistant.ui.views.markup import Embeds, highlighted_html
from assistant.ui.views.note import NoteText, embedded_note_html, note_html, picture_html
from assistant.ui.views.opening import ways_to_open
from assistant.ui.views.topic import Ways, beside_html, ways_html
from index.catalog import StoredTopic
from index.library import Library
from index.records import Entry, Topic
from tests.assistant.ui.html import HOSTILE, assert_harmless

LISBON = """---
title: Lisbon
---
# Lisbon

## Packing

- Passport

![[map.png]] ![plan](plan.png)

![[Clothes]]

![out](../secret.png)

## Sights

Belém.
"""


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    folder = tmp_path / "vault"
    (folder / "files").mkdir(parents=True)
    (folder / "lisbon.md").write_text(LISBON, encoding="utf-8")
    (folder / "Clothes.md").write_text("# Clothes\n\nTwo shirts & a hat.\n", encoding="utf-8")
    for name in ("files/map.png", "plan.png", "../secret.png"):
        (folder / name).write_bytes(b"\x89PNG")
    return folder


@pytest.fixture
def read(library_of: object, vault: Path) -> Iterator[Library]:
    library: Library = library_of(vault)  # type: ignore[operator]
    service.use(library)
    service.library()
    yield library
    service.use(None)


def topic(title: str) -> StoredTopic:
    listed = next(one for one in service.contents().topics if one.topic == title)
    return service.library().topics([listed.number])[listed.number]


def test_outline_names_each_heading_by_its_line_in_the_file() -> None:
    note = NoteText.of(LISBON)
    assert [(heading.text, heading.line) for heading in note.headings] == [
        ("Lisbon", 4),
        ("Packing", 6),
        ("Sights", 16),
    ]
    assert note.heading_at(12) == note.headings[1]
    assert note.heading_at(1) is None


def test_place_that_was_asked_for_is_marked_in_the_note(read: Library) -> None:
    stored = topic("Packing")
    note = read_note_text(stored)
    assert note
    html = note_html(note, stored, note.span_of("Passport", stored.topic.line))
    assert '<h2 id="ta-line-6" tabindex="-1" class="ta-here">Packing</h2>' in html
    assert "<mark>Passport</mark>" in html
    assert '<a href="#ta-line-6" aria-current="true">Packing</a>' in html
    assert "title: Lisbon" not in html


def test_pictures_and_notes_are_shown_where_they_are_embedded_and_nothing_from_elsewhere(read: Library) -> None:
    stored = topic("Packing")
    note = read_note_text(stored)
    assert note
    whole = as_whole(stored, note)
    embeds = read_embeds(whole, read.leads(whole), Place())
    html = note_html(note, stored, None, {}, embeds)
    assert "file=files%2Fmap.png" in html
    assert 'alt="plan"' in html
    assert "Two shirts &amp; a hat." in html
    assert "secret" not in html


def test_sections_before_and_after_are_those_of_the_file(read: Library) -> None:
    contents = service.contents()
    packing = contents.get(topic("Packing").topic_id)
    assert packing
    before, after = contents.around(packing)
    assert after
    assert after.topic == "Sights"
    assert before is None or before.path == "lisbon.md"
    assert "Sights →" in beside_html(before, after, Place(topic="x", is_whole=True))
    assert "whole=1" in beside_html(before, after, Place(topic="x", is_whole=True))


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("files/map.png", 200),
        ("../secret.png", 404),
        ("lisbon.md", 404),
        ("/etc/passwd", 404),
        ("gone.png", 404),
        ("", 404),
        ("link.png", 404),
    ],
)
def test_server_sends_pictures_of_the_source_and_nothing_else(
    read: Library, vault: Path, name: str, status: int
) -> None:
    (vault / "link.png").symlink_to(vault.parent / "secret.png")
    client = TestClient(Starlette(routes=[picture_route()]))
    response = client.get("/picture", params={"in": topic("Packing").topic_id, "file": name})
    assert response.status_code == status
    assert response.headers.get("content-type") == ("image/png" if status == 200 else None)
    assert client.get("/picture", params={"in": "no-topic", "file": "plan.png"}).status_code == 404


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_note_is_harmless_as_a_whole(text: str) -> None:
    stored = StoredTopic(text, text, text, Topic(text, text, (Entry(None, text, 2),), 1))
    listed = Listed(1, text, text, text, text, 1)
    note = NoteText.of(f"# {text}\n\n{text}\n")
    ways = Ways(text, Place(topic=text), Path(f"/notes/{text}.md"), 3, "", has_text=True, is_favourite=True)
    embeds = Embeds({text: picture_html(text, text, text)}, {f"[[{text}": embedded_note_html(stored, "?topic=1")})
    assert_harmless(note_html(note, stored, None, {}, embeds) + ways_html(ways) + beside_html(listed, listed, Place()))
    assert_harmless(highlighted_html(f"![{text}]({text}) ![[{text}]]", embeds=embeds))


@pytest.mark.parametrize("text", HOSTILE)
def test_address_that_opens_a_note_elsewhere_holds_nothing_but_its_path(text: str) -> None:
    links = [way.link for way in ways_to_open(Path(f"/notes/{text}.md"), 3)]
    assert {link.partition("://")[0] for link in links} == {"", "obsidian", "vscode"}
    assert not set("".join(links)) & set("\"'<> &\n")


def test_program_is_chosen_once_and_opened_only_from_the_machine_itself(
    read: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr("assistant.ui.reactions.open_here", lambda _opener, file: opened.append(file))
    topic_id = topic("Packing").topic_id
    react("open system", "", topic_id)
    assert read_preferences(read).opener == "system"
    assert [file.name for file in opened] == ["lisbon.md"]
    react("open rm", "", topic_id)
    roots.restrict([])
    try:
        react("open folder", "", topic_id)
    finally:
        roots.restrict(None)
    assert len(opened) == 1
