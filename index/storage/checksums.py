"""whether files are as they were written, by the size, the modification time and the checksum of each"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Final, TypeAlias

from index.storage.disk import is_own_file, is_plain_name, sync_file, sync_folder

Checksums: TypeAlias = dict[str, list[int]]
"""The size, the modification time in nanoseconds and the CRC-32 of each file, by its name."""

SUMMED_UP_TO: Final = 2**16
"""Bytes of a file that is summed each time it is opened. Of a larger one whose size and time are as they were, only
`topics doctor` sums the content: 1 GiB takes 1.9 s, which every question of the command line would wait for; looking at
size and time, and summing sixty small files, 6 ms."""


def checksums_of(folder: Path, known: Checksums | None = None) -> Checksums:
    """Flush the files of a folder to the disk and sum them; those `known` of unchanged files are reused."""
    checksums = {}
    for path in sorted(folder.iterdir()):
        if not path.name.endswith(".lock"):
            before = (known or {}).get(path.name, [])
            checksums[path.name] = before if before[:2] == _size_and_time(path) else _synced_checksum(path)
    sync_folder(folder)
    return checksums


def verify(folder: Path, checksums: Checksums, *, thoroughly: bool = False) -> bool:
    """Return whether every file is there and as it was written.

    `thoroughly` sums the content of large files even if their size and time are unchanged. A name that leads out of the
    folder counts as damaged, and so does a link or anything else that is no regular file.
    """
    try:
        return all(
            is_plain_name(name) and _is_as_written(folder / name, own, thoroughly) for name, own in checksums.items()
        )
    except (OSError, ValueError, TypeError, AttributeError):  # checksums may say anything
        return False


def _is_as_written(path: Path, own: list[int], thoroughly: bool) -> bool:
    size, modified_ns, checksum = own
    if not is_own_file(path):
        return False
    found_size, found_ns = _size_and_time(path)
    if found_size != size:
        return False
    if found_ns == modified_ns and size > SUMMED_UP_TO and not thoroughly:
        return True
    return _checksum(path) == checksum


def _synced_checksum(path: Path) -> list[int]:
    sync_file(path)
    return [*_size_and_time(path), _checksum(path)]


def _size_and_time(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]


def _checksum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            checksum = zlib.crc32(block, checksum)
    return checksum
