"""A face offers what it says, and imports a module when a name of it is first used."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAZY = sorted(
    ".".join(file.parent.relative_to(ROOT).parts)
    for package in ("index", "assistant")
    for file in (ROOT / package).rglob("__init__.py")
    if "lazy_face(" in file.read_text(encoding="utf-8")
)


def test_rooms_on_the_way_to_the_record_of_notes_have_lazy_faces() -> None:
    assert {"index.catalog", "index.embedding", "index.engine", "index.indexing", "index.text"} <= set(LAZY)


@pytest.mark.parametrize("package", LAZY)
def test_every_name_of_a_lazy_face_is_there(package: str) -> None:
    face = import_module(package)
    assert all(hasattr(face, name) for name in face.__all__)


def test_name_that_a_face_does_not_offer_is_told() -> None:
    with pytest.raises(AttributeError, match=r"module 'index.text' has no attribute 'nothing'"):
        import_module("index.text").nothing  # noqa: B018  # asking for it is the test


def test_only_the_module_of_a_name_is_imported() -> None:
    code = "import sys; from index.sources import find_files; print('index.sources.reading' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "False"
