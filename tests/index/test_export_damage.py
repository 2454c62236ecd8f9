"""A damaged export of the model is noticed: the model itself answers until the next sync has made it anew."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from index.exported import EXPORT_FOLDER, ModelCard
from index.library import Library

pytestmark = pytest.mark.slow

QUESTION = "how do I keep two people from overwriting each other's edits?"
CLOSE = 1e-3
"""What the export's vectors and the reference's may differ by in a score."""


def export_files(folder: Path) -> list[str]:
    card = ModelCard.read(folder / EXPORT_FOLDER)
    assert card
    return sorted(card.files)


def flip(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 0xFF]))


def answers(folder: Path) -> list[tuple[str, float]]:
    with closing(Library(folder)) as library:
        return [(hit.topic.title, hit.score) for hit in library.search(QUESTION, 5)]


def halve(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


@pytest.mark.parametrize("damage", [flip, halve, Path.unlink])
def test_damaged_export_changes_no_answer(
    bundled_library: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    right = answers(bundled_library)
    for name in export_files(bundled_library):
        folder = Path(shutil.copytree(bundled_library, tmp_path / name))
        damage(folder / EXPORT_FOLDER / name)
        found = answers(folder)
        assert [title for title, _ in found] == [title for title, _ in right], name
        assert [score for _, score in found] == pytest.approx([score for _, score in right], abs=CLOSE)


def test_damaged_export_is_made_anew_by_the_next_sync(bundled_library: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(bundled_library, tmp_path / "library"))
    halve(folder / EXPORT_FOLDER / export_files(folder)[0])
    with closing(Library(folder)) as library:
        assert not library.encoder.is_ready()
        assert library.sync().embedded == 0
        assert library.encoder.is_ready(thoroughly=True)
