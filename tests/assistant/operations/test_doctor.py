"""Each check of `topics doctor`: something is broken, it is found, it is mended."""

from __future__ import annotations

import os
import re
import sqlite3
from collections import namedtuple
from contextlib import closing
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from assistant.operations import doctor
from assistant.operations.doctor import Check, examine, mend
from index.catalog.tables import Catalog
from index.errors import LibraryBusyError, ModelError
from index.library import Library
from index.records import Passage
from index.storage import Replica
from tests.fakes import WordCountEncoder
from tests.index.syncing import hold_lock

Usage = namedtuple("Usage", "total used free")


def found(library: Library, name: str) -> Check:
    [check] = [check for check in examine(library) if check.name == name]
    return check


def mended(library: Library, name: str) -> Check:
    check = found(library, name)
    assert not check.ok
    assert "`topics doctor --mend`" in check.mend
    assert name in mend(library, examine(library))
    return found(library, name)


def test_sound_library_passes_every_check(library: Library) -> None:
    assert [check for check in examine(library) if not check.ok] == []
    assert mend(library, examine(library)) == []


def test_package_that_is_missing_or_of_another_version_is_named(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def version(name: str) -> str:
        if name == "tantivy":
            raise PackageNotFoundError(name)
        return "1.2"

    asked = ["tantivy>=0.25", "numpy>=2,<3", "typer>=1", "pytest>=9; extra == 'test'"]
    monkeypatch.setattr(doctor, "requires", lambda _: asked)
    monkeypatch.setattr(doctor, "version", version)
    check = found(library, "Packages")
    assert not check.ok
    assert check.finding.endswith("; tantivy is missing; numpy is 1.2, not <3,>=2")
    assert "pip install -c constraints.txt ." in check.mend


@pytest.mark.parametrize("switch", ["ORT_DISABLE_TELEMETRY", "STREAMLIT_BROWSER_GATHER_USAGE_STATS"])
def test_switch_that_was_turned_since_is_found(library: Library, monkeypatch: pytest.MonkeyPatch, switch: str) -> None:
    monkeypatch.setenv(switch, "maybe")
    assert found(library, "Network").finding.endswith(f": {switch}")
    monkeypatch.delenv(switch)
    assert found(library, "Network").finding.endswith(f": {switch}")


def test_telemetry_that_was_left_behind_is_removed_and_nothing_beside_it(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "cache" / "Microsoft" / "DeveloperTools" / ".onnxruntime"
    monkeypatch.setattr("index.offline.telemetry_folder", lambda: folder)
    folder.mkdir(parents=True)
    for name in ("deviceid", "onnxruntime.db", "onnxruntime.db-wal"):
        (folder / name).write_text("kept")
    (folder.parent / "deviceid").write_text("of another program")
    check = found(library, "Telemetry")
    assert check.finding.endswith("deviceid, onnxruntime.db, onnxruntime.db-wal")
    assert mended(library, "Telemetry").ok
    assert [path.name for path in folder.parent.iterdir()] == ["deviceid"]


@pytest.mark.parametrize("settings", ["[browser]\ngatherUsageStats = true\n", "", "[browser", None])
def test_statistics_that_the_page_would_send_are_found_in_its_settings(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: str | None
) -> None:
    file = tmp_path / "config.toml"
    if settings is not None:
        file.write_text(settings)
    monkeypatch.setattr(doctor, "PAGE_SETTINGS", file)
    assert "gatherUsageStats = false" in found(library, "Network").mend


def test_downloads_that_are_not_switched_off_are_found(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    assert found(library, "Network").finding.endswith(": HF_HUB_OFFLINE")


def test_damaged_model_is_found_with_its_mend(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def verify(_: WordCountEncoder) -> None:
        raise ModelError("The weights are damaged. Install them again.")

    monkeypatch.setattr(WordCountEncoder, "verify", verify)
    assert found(library, "Model").mend == "The weights are damaged. Install them again."


def test_other_model_than_the_library_was_made_with_is_found(library: Library) -> None:
    with closing(Library(library.folder, WordCountEncoder("other"))) as other:
        check = found(other, "Model")
    assert check.finding == "other is asked for, the library was made with word-count"
    assert "`topics sync --reembed`" in check.mend


def test_export_that_is_not_ready_is_made_anew(library: Library, encoder: WordCountEncoder) -> None:
    encoder.ready = False
    assert mended(library, "Export").ok


def test_full_disk_is_found(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(2**40, 2**40 - 2**20, 2**20))
    assert found(library, "Disk").mend == "Free some space, or move the library with --library."


def test_folder_that_cannot_be_written_is_found(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    assert "cannot be written" in found(library, "Disk").finding


def test_damage_inside_the_catalog_is_found(library: Library) -> None:
    with closing(sqlite3.connect(library.folder / "catalog.sqlite3")) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute("UPDATE topic SET document_id = 999 WHERE id = 1")
        db.commit()
    check = found(library, "Catalog")
    assert check.finding == "rows refer to what is not there"
    assert "the library is made anew from your notes" in check.mend


def test_catalog_that_cannot_be_read_is_a_finding(library: Library) -> None:
    library.close()
    path = library.folder / "catalog.sqlite3"
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)
    with closing(Library(library.folder, WordCountEncoder())) as damaged:
        wrong = [check for check in examine(damaged) if not check.ok]
    assert "is damaged" in wrong[0].mend or "malformed" in wrong[0].finding


def test_damaged_words_index_is_made_anew(library: Library) -> None:
    [folder] = library.folder.glob("words-*/")
    largest = max(folder.iterdir(), key=lambda path: path.stat().st_size)
    largest.write_bytes(b"?" * largest.stat().st_size)
    assert "damaged or out of step: words" in found(library, "Index files").finding
    assert mended(library, "Index files").ok


def test_checkpoint_that_is_missing_is_made_anew(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.engine.local.checkpoint.MIN_CHECKPOINT", 5)
    assert "damaged or out of step: checkpoint" in found(library, "Index files").finding
    assert mended(library, "Index files").ok
    assert (library.folder / "checkpoint.json").exists()


def test_files_of_interrupted_syncs_are_removed(library: Library) -> None:
    (library.folder / "checkpoint-0123456789abcdef").mkdir()
    (library.folder / "words-0123456789abcdef").mkdir()
    (library.folder / "words.part").write_text("{")
    check = found(library, "Leftovers")
    assert "3 files of interrupted syncs" in check.finding
    assert "words.part" in check.finding
    assert mended(library, "Leftovers").ok
    assert library.search("decorators", 1)[0].topic.title == "Decorators"


def test_what_a_running_sync_has_half_made_is_not_left_over(
    library: Library, encoder: WordCountEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (library.folder / "words-0123456789abcdef").mkdir()
    encoder.ready = False
    checks = examine(library)
    monkeypatch.setattr("index.storage.lock.LOCK_SECONDS", 0.1)
    process, told = hold_lock(library.folder)
    assert [check for check in examine(library) if not check.ok] == []
    assert re.match(r"not looked at: Another process .* \(process \d+", found(library, "Index files").finding)
    for name in ("Export", "Leftovers"):
        with pytest.raises(LibraryBusyError, match="Another process is changing the library"):
            mend(library, [check for check in checks if check.name == name])
    assert (library.folder / "words-0123456789abcdef").is_dir()
    told.send("let go")
    process.join()
    assert mended(library, "Leftovers").ok


def test_what_somebody_keeps_beside_a_library_is_no_leftover(library: Library) -> None:
    own = [library.folder / name for name in ("checkpoint-500/a.pt", "words-to-learn/de.md", "films/a.mkv.part")]
    for file in own:
        file.parent.mkdir()
        file.write_text("mine")
    assert found(library, "Leftovers").ok
    (library.folder / "words.json").unlink()
    assert mended(library, "Index files").ok
    assert [file.read_text() for file in own] == ["mine"] * 3


def test_vectors_that_no_note_uses_are_removed_and_no_others(library: Library, encoder: WordCountEncoder) -> None:
    with closing(Catalog(library.folder)) as catalog, catalog.change():
        catalog.put_encoded(encoder.name, [Passage("entry", "never used")], encoder.encode_documents(["never used"]))
    assert "1 vector that no note uses" in found(library, "Leftovers").finding
    assert mended(library, "Leftovers").ok
    encoder.encoded.clear()
    library.sync()
    assert encoder.encoded == []


def test_emptied_source_is_found_with_its_mend(library: Library, notes: Path) -> None:
    (notes / "topics.md").unlink()
    check = found(library, "Notes")
    assert check.finding == f"without any file: {notes}"
    assert "`topics sync --prune`" in check.mend


@pytest.mark.parametrize(("place", "said"), [("library/model", "MB at {}"), ("models", "MB at {}, for all libraries")])
def test_export_is_told_with_where_it_lies_and_for_whom(
    library: Library, encoder: WordCountEncoder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str, said: str
) -> None:
    folder = tmp_path / place
    folder.mkdir()
    (folder / "model.onnx").write_bytes(b"." * 3_000_000)
    monkeypatch.setattr(encoder, "export_folder", lambda: folder, raising=False)
    assert f"as it was written: 3 {said.format(folder)}" in found(library, "Export").finding + "."


def test_server_is_looked_at_and_a_queue_without_a_worker_is_wrong(
    remote: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = remote.storage.server_state()
    assert state
    assert found(remote, "Server").ok
    late = Replica("second", "streaming", is_synchronous=False, lag_seconds=90.0)
    monkeypatch.setattr(remote.storage, "server_state", lambda: replace(state, waiting=7, replicas=(late,)))
    check = found(remote, "Server")
    assert not check.ok
    assert check.finding.startswith("a replica is far behind; 7 passages wait and no worker is there; pgvector ")
    assert "replica second: streaming, 90.0 s behind" in check.finding
    assert "topics work" in check.mend
