"""files that are made from the catalog, stamped with what they reflect: a shadow that is not sound is not there"""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a folder of files reflects."""

    format: int
    """How they are written."""
    library: str
    """The id of the library they were made from."""
    revision: int
    last_topic: int
    """The highest topic id that had been given out by then."""
    folder: str
    files: dict[str, list[int]]
    """The size and the CRC-32 of each file."""


def write_stamp(path: Path, stamp: Stamp) -> None:
    """Write a stamp in one step, after its files."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(asdict(stamp)), encoding="utf-8")
    part.replace(path)


def read_stamp(path: Path, format_: int, library: str) -> Stamp | None:
    """Return a stamp of this format and library; None where there is none."""
    try:
        stamp = Stamp(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return stamp if (stamp.format, stamp.library) == (format_, library) else None


def is_whole(folder: Path, stamp: Stamp) -> bool:
    """Say whether every file is there and as it was written."""
    try:
        return all(_size_and_sum(folder / name) == expected for name, expected in stamp.files.items())
    except OSError:
        return False


def checksums(folder: Path) -> dict[str, list[int]]:
    """Return the size and the CRC-32 of each file in a folder."""
    return {path.name: _size_and_sum(path) for path in sorted(folder.iterdir()) if not path.name.endswith(".lock")}


def _size_and_sum(path: Path) -> list[int]:
    size, checksum = 0, 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            size, checksum = size + len(block), zlib.crc32(block, checksum)
    return [size, checksum]
