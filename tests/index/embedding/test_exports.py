"""An export is made once, whatever happens meanwhile: these write a small one with a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.embedding.export_manifest import FORMAT, MANIFEST_FILE, NETWORK_FILE, ExportManifest
from index.embedding.exports import Export, cut_off, is_sound, remove_export
from index.storage.checksums import checksums_of

WRITE = """
import json, sys, time
from pathlib import Path
from index.embedding.export_manifest import NETWORK_FILE, ExportManifest
from index.embedding.exports import Export
from index.storage.checksums import checksums_of

def write(folder):
    print("begun", flush=True)
    (folder / NETWORK_FILE).write_bytes(b"network" * 20_000)
    time.sleep(float(sys.argv[2]))
    ExportManifest("model", 3, 10, 10, 0, "", "", None, checksums_of(folder)).write(folder)

print(Export(Path(sys.argv[1]), "model", "files").make(write), flush=True)
"""
NETWORK = b"network" * 20_000
"""More than is summed each time it is opened."""


def write(folder: Path) -> None:
    (folder / NETWORK_FILE).write_bytes(NETWORK)
    ExportManifest("model", 3, 10, 10, 0, "", "", None, checksums_of(folder)).write(folder)


def refuse(folder: Path) -> None:
    raise AssertionError(f"{folder} was not to be written")


def fail(folder: Path) -> None:
    write(folder)
    raise OSError(28, "No space left on device")


def begin(root: Path, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITE, str(root), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def export(tmp_path: Path) -> Export:
    return Export(tmp_path / "models", "model", "files")


def test_an_export_is_found_once_it_was_made_and_not_made_again(export: Export) -> None:
    assert export.find() is None
    folder = export.make(write)
    assert export.find(thoroughly=True) == folder == export.make(refuse)


def test_another_model_and_other_files_of_the_same_are_other_exports(export: Export) -> None:
    export.make(write)
    assert Export(export.root, "another", "files").find() is None
    assert Export(export.root, "model", "other files").find() is None


def test_two_processes_at_once_make_it_once(export: Export) -> None:
    both = [begin(export.root, 0.5) for _ in range(2)]
    said = [process.communicate(timeout=60)[0].splitlines() for process in both]
    assert sorted(lines[:-1] for lines in said) == [[], ["begun"]]
    assert {lines[-1] for lines in said} == {str(export.find(thoroughly=True))}
    assert len(list(export.root.glob("export-*-*"))) == 1


def test_what_a_killed_process_has_begun_is_no_export_and_is_gone_once_it_is_made(export: Export) -> None:
    process = begin(export.root, 60)
    assert process.stdout
    assert process.stdout.readline() == "begun\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert len(list(cut_off(export.root))) == 1
    assert export.find() is None
    began = time.monotonic()
    folder = export.make(write)
    assert time.monotonic() - began < 5  # its lock went with it
    assert list(export.root.glob("export-*-*")) == [folder]


@pytest.mark.parametrize("name", [NETWORK_FILE, MANIFEST_FILE])
def test_a_torn_export_is_not_found_and_made_anew(export: Export, name: str) -> None:
    torn = export.make(write) / name
    os.truncate(torn, torn.stat().st_size // 2)
    assert export.find() is None
    assert export.make(write) == export.find(thoroughly=True)
    assert not torn.exists()


def test_a_changed_byte_is_found_by_its_checksum(export: Export) -> None:
    network = export.make(write) / NETWORK_FILE
    status = network.stat()
    network.write_bytes(b"N" + NETWORK[1:])
    os.utime(network, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert export.find() is not None
    assert export.find(thoroughly=True) is None
    export.make(write)
    assert export.find(thoroughly=True) is not None


def test_a_disk_that_is_full_leaves_nothing_behind(export: Export) -> None:
    with pytest.raises(OSError, match="No space left on device"):
        export.make(fail)
    assert export.find() is None
    assert list(export.root.glob("export-*-*")) == []


def test_an_export_that_a_folder_itself_holds_goes_and_nothing_else_of_it(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "mine.txt").write_text("mine")
    assert is_sound(tmp_path, "model")
    assert not is_sound(tmp_path, "another")
    remove_export(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_name_of_an_export_tells_nothing_a_file_system_could_refuse(tmp_path: Path) -> None:
    folder = Export(tmp_path, "models/ü:*?\udcff", json.dumps(["files"])).make(lambda folder: None)
    assert folder.name.replace("-", "").isalnum()


def test_an_export_of_the_format_before_is_read_and_one_of_an_unknown_format_is_not(tmp_path: Path) -> None:
    write(tmp_path)
    card = json.loads((tmp_path / MANIFEST_FILE).read_text())
    for number, is_read in ((FORMAT - 1, True), (FORMAT, True), (FORMAT + 1, False)):
        (tmp_path / MANIFEST_FILE).write_text(json.dumps({**card, "format": number}))
        assert bool(ExportManifest.read(tmp_path)) is is_read
