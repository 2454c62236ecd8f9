"""files that are made from the catalog, stamped with what they reflect: a shadow that is not sound is not there

Each shadow is a folder of its own that never changes once its stamp names it. The stamp is written last and in one
step, after everything it vouches for has reached the disk: cut off at any moment, the shadow before is still there.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from index.storage.checksums import Checksums, is_whole, seal
from index.storage.disk import is_own_folder, is_plain_name, make_folder, read_own, remove, sync_folder, write_whole

Read = TypeVar("Read")

NAME_BYTES: Final = 8

RETRIES: Final = 3
"""How often a reader looks again when a writer has just put another shadow in the place of the one it was opening."""


class Revisions(Protocol):
    """What a shadow is made from, as far as it must be known which state it reflects."""

    def revision(self) -> int:
        """Return the number of changes it has seen."""

    def token(self) -> str:
        """Return what tells the present revision from every other, of any library."""

    def last_topic(self) -> int:
        """Return the highest topic id that was ever given out."""

    def remembers(self, revision: int, token: str) -> bool:
        """Say whether it once was at a revision, and still knows everything that went since."""


@dataclass(frozen=True, slots=True)
class DerivedIndex:
    """One kind of shadow: what it is called, and in which way it is written."""

    name: str
    format: int

    def manifest_path(self, parent: Path) -> Path:
        """Return where the stamp lies in a library's folder."""
        return parent / f"{self.name}.json"

    def part_path(self, parent: Path) -> Path:
        """Return where a stamp lay until it was whole, in libraries made before."""
        return parent / f"{self.name}.part"

    def new_folder(self, parent: Path) -> Path:
        """Return where the next one goes, under a name that nobody gives to a folder of their own."""
        return parent / f"{self.name}-{secrets.token_hex(NAME_BYTES)}"

    def folders(self, parent: Path) -> Iterator[Path]:
        """Yield the folders of this kind, those of no use included."""
        return (path for path in parent.glob(f"{self.name}-*") if self.is_folder_name(path.name))

    def is_folder_name(self, name: object) -> bool:
        """Return whether a name is one that `new_folder` gives."""
        return isinstance(name, str) and re.fullmatch(f"{self.name}-[0-9a-f]{{{2 * NAME_BYTES}}}", name) is not None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a folder of files reflects."""

    format: int
    """How they are written."""
    revision: int
    token: str
    """What tells that revision from every other, of any library."""
    last_topic: int
    """The highest topic id that had been given out by then."""
    folder: str
    files: Checksums


def begin(parent: Path, shadow: DerivedIndex, catalog: Revisions) -> Manifest:
    """Make an empty folder for what reflects the present revision; it is of no use until `publish` names it."""
    folder = shadow.new_folder(parent)
    make_folder(folder)
    return Manifest(shadow.format, catalog.revision(), catalog.token(), catalog.last_topic(), folder.name, {})


def publish(parent: Path, shadow: DerivedIndex, stamp: Manifest, known: Checksums | None = None) -> None:
    """Put a filled folder in the place of the one before, which those who read it keep until they let go."""
    stamp = replace(stamp, files=seal(parent / stamp.folder, known))
    sync_folder(parent)
    write_whole(shadow.manifest_path(parent), json.dumps(asdict(stamp)))
    for other in shadow.folders(parent):
        if other.name != stamp.folder:
            with suppress(OSError):  # where open files cannot be deleted, the next one does
                remove(parent, other.name)


def read_manifest(parent: Path, shadow: DerivedIndex) -> Manifest | None:
    """Return the stamp of a shadow in the present format; None where there is none, or one that names what is not ours.

    Whoever made the library wrote it: its numbers may be anything, and its names lead anywhere.
    """
    try:
        said = json.loads(read_own(shadow.manifest_path(parent)))
        stamp = Manifest(**said)
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    return stamp if stamp.format == shadow.format and _is_sane(parent, shadow, said) else None


def _is_sane(parent: Path, shadow: DerivedIndex, said: dict[str, Any]) -> bool:
    """Return whether what a stamp says can have been written by `publish`."""
    numbers = (said["format"], said["revision"], said["last_topic"])
    return (
        all(type(number) is int and 0 <= number < 2**63 for number in numbers)
        and isinstance(said["token"], str)
        and isinstance(said["files"], dict)
        and all(map(is_plain_name, said["files"]))
        and shadow.is_folder_name(said["folder"])
        and is_own_folder(parent / said["folder"])
    )


def known_manifest(parent: Path, shadow: DerivedIndex, catalog: Revisions) -> Manifest | None:
    """Return the stamp of a shadow that the catalog can go on from; None where there is none."""
    stamp = read_manifest(parent, shadow)
    return stamp if stamp and catalog.remembers(stamp.revision, stamp.token) else None


def sound_manifest(
    parent: Path, shadow: DerivedIndex, catalog: Revisions, *, thoroughly: bool = False
) -> Manifest | None:
    """Return the stamp of a shadow that is whole besides."""
    stamp = known_manifest(parent, shadow, catalog)
    return stamp if stamp and is_whole(parent / stamp.folder, stamp.files, thoroughly=thoroughly) else None


def read_sound(
    parent: Path, shadow: DerivedIndex, catalog: Revisions, read: Callable[[Path], Read]
) -> tuple[Manifest, Read] | None:
    """Return the stamp of a sound shadow and what is read from its folder; None where there is none.

    A writer that publishes another one meanwhile removes files, of which a library may take one for empty: what was
    read counts only if its stamp stands afterwards, since `publish` removes nothing before.
    """
    for _ in range(RETRIES):
        stamp = sound_manifest(parent, shadow, catalog)
        if not stamp:
            break
        try:
            found = read(parent / stamp.folder)
        except (OSError, ValueError, RuntimeError):  # it was whole a moment ago
            continue
        if read_manifest(parent, shadow) == stamp:
            return stamp, found
    return None
