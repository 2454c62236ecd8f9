"""files that are made from the catalog, stamped with what they reflect: a shadow that is not sound is not there

Each shadow is a folder of its own that never changes once its stamp names it. The stamp is written last and in one
step, after everything it vouches for has reached the disk: cut off at any moment, the shadow before is still there.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

Read = TypeVar("Read")

Marks: TypeAlias = dict[str, list[int]]
"""The size, the modification time in nanoseconds and the CRC-32 of each file, by its name."""

SUMMED_UP_TO: Final = 2**16
"""Bytes of a file that is summed each time it is opened. Of a larger one whose size and time are as they were, only
`topics doctor` sums the content: 1 GiB takes 1.9 s, which every question of the command line would wait for; looking at
size and time, and summing sixty small files, 6 ms."""

RETRIES: Final = 3
"""How often a reader looks again when a writer has just put another shadow in the place of the one it was opening."""


@dataclass(frozen=True, slots=True)
class Shadow:
    """One kind of shadow: what it is called, and in which way it is written."""

    name: str
    format: int

    def stamp_path(self, parent: Path) -> Path:
        """Return where the stamp lies in a library's folder."""
        return parent / f"{self.name}.json"

    def folders(self, parent: Path) -> Iterator[Path]:
        """Yield the folders of this kind, those of no use included."""
        return parent.glob(f"{self.name}-*")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a folder of files reflects."""

    format: int
    """How they are written."""
    revision: int
    token: str
    """What tells that revision from every other, of any library."""
    last_topic: int
    """The highest topic id that had been given out by then."""
    folder: str
    files: Marks


def new_folder(parent: Path, shadow: Shadow) -> Path:
    """Make an empty folder, which is of no use until `publish` names it."""
    folder = parent / f"{shadow.name}-{secrets.token_hex(4)}"
    folder.mkdir()
    return folder


def publish(parent: Path, shadow: Shadow, stamp: Stamp) -> None:
    """Put a folder in the place of the one before, which those who read it keep until they let go."""
    path = shadow.stamp_path(parent)
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as file:
        json.dump(asdict(stamp), file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    for other in shadow.folders(parent):
        if other.name != stamp.folder:
            shutil.rmtree(other, ignore_errors=True)


def read_stamp(parent: Path, shadow: Shadow) -> Stamp | None:
    """Return the stamp of a shadow in the present format; None where there is none."""
    try:
        stamp = Stamp(**json.loads(shadow.stamp_path(parent).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return stamp if stamp.format == shadow.format else None


def read_sound(
    parent: Path, shadow: Shadow, sound: Callable[[], Stamp | None], read: Callable[[Path], Read]
) -> tuple[Stamp, Read] | None:
    """Return the `sound` stamp of a shadow and what is read from its folder; None where there is none.

    A writer that publishes another one meanwhile removes files, of which a library may take one for empty: what was
    read counts only if its stamp stands afterwards, since `publish` removes nothing before.
    """
    for _ in range(RETRIES):
        stamp = sound()
        if not stamp:
            break
        try:
            found = read(parent / stamp.folder)
        except (OSError, ValueError, RuntimeError):  # it was whole a moment ago
            continue
        if read_stamp(parent, shadow) == stamp:
            return stamp, found
    return None


def is_whole(folder: Path, marks: Marks, *, thoroughly: bool = False) -> bool:
    """Say whether every file is there and as it was written; `thoroughly`, whatever its size and time say."""
    try:
        return all(_is_as_marked(folder / name, mark, thoroughly) for name, mark in marks.items())
    except (OSError, ValueError):
        return False


def keep(folder: Path, known: Marks | None = None) -> Marks:
    """See that each file in a folder has reached the disk, and return its mark; a `known` one is taken as it is."""
    marks = {}
    for path in sorted(folder.iterdir()):
        if not path.name.endswith(".lock"):
            mark = (known or {}).get(path.name)
            is_known = mark is not None and mark[:2] == _size_and_time(path)
            marks[path.name] = mark if mark is not None and is_known else _synced_mark(path)
    return marks


def _is_as_marked(path: Path, mark: list[int], thoroughly: bool) -> bool:
    size, modified_ns, checksum = mark
    found_size, found_ns = _size_and_time(path)
    if found_size != size:
        return False
    if found_ns == modified_ns and size > SUMMED_UP_TO and not thoroughly:
        return True
    return _checksum(path) == checksum


def _synced_mark(path: Path) -> list[int]:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
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
