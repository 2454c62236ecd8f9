from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.storage.checksums import SUMMED_UP_TO, checksums_of, verify


def spoil(path: Path, *, same_time: bool) -> None:
    content, status = path.read_bytes(), path.stat()
    path.write_bytes(content[:-1] + b"?")
    os.utime(path, ns=(0, status.st_mtime_ns if same_time else 0))


@pytest.mark.parametrize(
    ("size", "same_time", "thoroughly", "noticed"),
    [
        (SUMMED_UP_TO, True, False, True),
        (SUMMED_UP_TO + 1, False, False, True),
        (SUMMED_UP_TO + 1, True, False, False),
        (SUMMED_UP_TO + 1, True, True, True),
    ],
)
def test_flipped_byte_is_noticed_by_time_or_by_sum(
    tmp_path: Path, size: int, same_time: bool, thoroughly: bool, noticed: bool
) -> None:
    (tmp_path / "rose").write_bytes(b"x" * size)
    checksums = checksums_of(tmp_path)
    spoil(tmp_path / "rose", same_time=same_time)
    assert verify(tmp_path, checksums, thoroughly=thoroughly) is not noticed


def test_copied_folder_with_other_times_is_whole(tmp_path: Path) -> None:
    (tmp_path / "rose").write_bytes(b"x" * (SUMMED_UP_TO + 1))
    checksums = checksums_of(tmp_path)
    os.utime(tmp_path / "rose", ns=(0, 0))
    assert verify(tmp_path, checksums)


def test_seal_of_a_file_that_is_as_it_was_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "rose").write_bytes(b"red")
    known = {"rose": [*checksums_of(tmp_path)["rose"][:2], 12345]}
    assert checksums_of(tmp_path, known) == known
    spoil(tmp_path / "rose", same_time=False)
    assert checksums_of(tmp_path, known)["rose"][2] != 12345


def test_locks_are_not_sealed(tmp_path: Path) -> None:
    (tmp_path / ".writer.lock").touch()
    assert checksums_of(tmp_path) == {}
