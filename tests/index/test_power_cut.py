"""After a power cut, what had not reached the disk is lost: the library is whole all the same."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from index.engine.local.maintenance import DERIVED_INDEXES
from index.library import Library
from tests.fakes import WordCountEncoder
from tests.index.syncing import shrink


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Return the inodes of the files and folders whose content has been sent to the disk by us, as they come."""
    inodes: set[int] = set()
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        inodes.add(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    return inodes


def after_power_cut(folder: Path, into: Path, reached: set[int]) -> Path:
    """Copy a library as a power cut leaves it: of a file that was not sent to the disk, its name and no content.

    SQLite does that for its own files by itself.
    """
    shutil.copytree(folder, into)
    for path in sorted(folder.rglob("*")):
        if any(path.relative_to(folder).parts[0].startswith(derived.name) for derived in DERIVED_INDEXES):
            lost = into / path.relative_to(folder)
            if path.stat().st_ino in reached or not lost.exists():
                continue
            if path.is_dir():
                shutil.rmtree(lost)
            else:
                os.truncate(lost, 0)
    return into


def test_library_whose_power_is_cut_after_a_sync_has_whole_files(
    reached: set[int], library: Library, notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shrink(monkeypatch)
    for number in range(3):
        text = "".join(f"## Bolt {number} {part}\nHolds gear {part}.\n" for part in range(30))
        (notes / f"{number}.md").write_text(f"# Machine {number}\n{text}")
        library.sync()
        cut = after_power_cut(library.folder, tmp_path / str(number), reached)
        assert len(list(cut.glob("*/*"))) > 10
        with closing(Library(cut, WordCountEncoder())) as restarted:
            assert restarted.storage.damaged_indexes() == ()
            assert restarted.search(f"bolt {number} 7", 1)[0].topic.title == f"Bolt {number} 7"
