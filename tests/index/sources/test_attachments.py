"""Files of a source beside its notes: reached by name, and only inside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.sources import file_inside, find_picture, picture_names


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    folder = tmp_path / "vault"
    for name in ("trips/lisbon.md", "trips/map.png", "files/House.PNG", "plan.svg", ".obsidian/icon.png", "a.html"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    (tmp_path / "secret.png").write_bytes(b"secret")
    return folder


@pytest.mark.parametrize(
    "name",
    [
        "../secret.png",
        "trips/../../secret.png",
        "/etc/passwd",
        ".obsidian/icon.png",
        "trips",
        "gone.png",
        "",
        "a\0b.png",
        "out.png",
        "loop.png",
        "away/secret.png",
    ],
)
def test_what_is_hidden_gone_or_elsewhere_is_no_file_of_a_source(vault: Path, name: str) -> None:
    (vault / "out.png").symlink_to(vault.parent / "secret.png")
    (vault / "loop.png").symlink_to("loop.png")
    (vault / "away").symlink_to(vault.parent)
    assert file_inside(vault, name) is None


def test_file_of_a_source_is_found_and_a_link_within_it_followed(vault: Path) -> None:
    (vault / "same.png").symlink_to(vault / "plan.svg")
    assert file_inside(vault, "trips/map.png") == (vault / "trips/map.png").resolve()
    assert file_inside(vault, "same.png") == (vault / "plan.svg").resolve()


def test_source_that_is_one_file_holds_nothing_else(vault: Path) -> None:
    note = vault / "trips/lisbon.md"
    assert file_inside(note, "lisbon.md") == note.resolve()
    assert file_inside(note, "map.png") is None


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("map.png", "trips/map.png"),
        ("./map.png", "trips/map.png"),
        ("../plan.svg", "plan.svg"),
        ("/plan.svg", "plan.svg"),
        ("[[house.png", "files/House.PNG"),
        ("[[House.PNG#corner", "files/House.PNG"),
        ("files/House.PNG", "files/House.PNG"),
        ("house.png", None),
        ("https://example.org/map.png", None),
        ("//example.org/map.png", None),
        ("../../secret.png", None),
        ("%2e%2e/%2e%2e/secret.png", None),
        ("../a.html", None),
        ("http://[bad", None),
        ("[[lisbon", None),
    ],
)
def test_picture_is_found_as_notes_name_it(vault: Path, target: str, name: str | None) -> None:
    assert find_picture(vault, "trips/lisbon.md", target, picture_names(vault)) == name


def test_hidden_pictures_have_no_name(vault: Path) -> None:
    assert picture_names(vault) == {"map.png": "trips/map.png", "house.png": "files/House.PNG", "plan.svg": "plan.svg"}
