"""A damaged export of the model is noticed: the model itself answers until the next sync has made it anew."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from index.embedding.encoder import BULK_FROM, ModelEncoder
from index.embedding.export_manifest import EXPORT_FOLDER, ExportManifest
from index.embedding.model_store import DEFAULT_MODEL
from index.library import Library
from tests.libraries import reading_only

pytestmark = pytest.mark.slow

QUESTION = "how do I keep two people from overwriting each other's edits?"
CLOSE = 1e-3
"""What the export's vectors and the reference's may differ by in a score."""


def export_files(folder: Path) -> list[Path]:
    found = ModelEncoder(DEFAULT_MODEL, folder / EXPORT_FOLDER).store.export_folder()
    card = ExportManifest.read(found) if found else None
    assert found
    assert card
    return sorted(found / name for name in card.files)


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
    for number, intact in enumerate(export_files(bundled_library)):
        folder = Path(shutil.copytree(bundled_library, tmp_path / str(number)))
        damage(folder / intact.relative_to(bundled_library))
        found = answers(folder)
        assert [title for title, _ in found] == [title for title, _ in right], intact.name
        assert [score for _, score in found] == pytest.approx([score for _, score in right], abs=CLOSE)


def test_damaged_export_is_made_anew_by_the_next_sync(bundled_library: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(bundled_library, tmp_path / "library"))
    halve(export_files(folder)[0])
    with closing(Library(folder)) as library:
        assert not library.encoder.store.is_ready()
        assert library.sync().embedded == 0
        assert library.encoder.store.is_ready(thoroughly=True)


@pytest.fixture
def models(bundled_export: Path, tmp_path: Path) -> Path:
    """Return a folder with the shared export, under the name that it has wherever it is."""
    shutil.copytree(bundled_export, tmp_path / "models" / bundled_export.name)
    return tmp_path / "models"


def test_a_second_library_finds_the_shared_export_and_holds_none(notes: Path, models: Path, tmp_path: Path) -> None:
    before = sorted(models.iterdir())
    with closing(Library(tmp_path / "second", models=models)) as library:
        reading_only(library, notes)
        assert library.search("two people changed the same lines")[0].topic.title == "Merge conflicts"
    assert not (tmp_path / "second" / EXPORT_FOLDER).exists()
    assert [path for path in sorted(models.iterdir()) if path.suffix != ".lock"] == before


def test_a_library_goes_on_with_an_export_of_its_own(bundled_export: Path, models: Path, tmp_path: Path) -> None:
    own = Path(shutil.copytree(bundled_export, tmp_path / "library" / EXPORT_FOLDER))
    assert ModelEncoder(DEFAULT_MODEL, own, models).store.export_folder() == own


def test_a_damaged_export_of_its_own_goes_and_the_shared_one_takes_its_place(
    bundled_export: Path, models: Path, tmp_path: Path
) -> None:
    own = Path(shutil.copytree(bundled_export, tmp_path / "library" / EXPORT_FOLDER))
    encoder = ModelEncoder(DEFAULT_MODEL, own, models)
    flip(own / "model.onnx")
    os.utime(own / "model.onnx", ns=(0, (bundled_export / "model.onnx").stat().st_mtime_ns))
    assert encoder.store.is_ready()
    assert not encoder.store.is_ready(thoroughly=True)
    encoder.store.prepare()
    assert list(own.iterdir()) == []
    assert encoder.store.export_folder() == models / bundled_export.name
    assert encoder.store.is_ready(thoroughly=True)


def test_a_damaged_shared_export_is_made_anew_for_a_new_library(notes: Path, models: Path, tmp_path: Path) -> None:
    [shared] = models.iterdir()
    modified = (shared / "model.onnx").stat().st_mtime_ns
    flip(shared / "model.onnx")
    os.utime(shared / "model.onnx", ns=(0, modified))
    with closing(Library(tmp_path / "second", models=models)) as library:
        reading_only(library, notes)
        assert library.encoder.store.is_ready(thoroughly=True)
    assert not shared.exists()


def test_where_the_cache_cannot_be_written_a_library_holds_its_own(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("in the way")
    encoder = ModelEncoder(DEFAULT_MODEL, tmp_path / "library" / EXPORT_FOLDER, tmp_path / "models")
    encoder.store.prepare()
    found = encoder.store.export_folder()
    assert found
    assert found.parent == tmp_path / "library" / EXPORT_FOLDER
    assert encoder.encode_query("what is GitOps?")[0].shape == (384,)


def test_a_heap_has_its_export_tuned_once_and_stays_sound(models: Path, tmp_path: Path) -> None:
    encoder = ModelEncoder(DEFAULT_MODEL, tmp_path / "library" / EXPORT_FOLDER, models)
    encoder.document_encoder(BULK_FROM)
    [shared] = models.iterdir()
    card = ExportManifest.read(shared)
    assert card
    assert card.has_half_precision is not None
    assert set(card.files) == {path.name for path in shared.iterdir()} - {"model.json"}
    assert encoder.store.is_ready(thoroughly=True)
    written = (shared / "model.json").stat().st_mtime_ns
    encoder.document_encoder(BULK_FROM)
    assert (shared / "model.json").stat().st_mtime_ns == written
