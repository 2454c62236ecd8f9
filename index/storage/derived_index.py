"""files that are made from the catalog, with a manifest of the revision they reflect; a damaged one counts as missing

Each derived index is a folder that never changes once its manifest names it. The manifest is written last and in one
step, after all files that it names have reached the disk: a process killed at any moment leaves the index before.
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

from index.storage.checksums import Checksums, checksums_of, verify
from index.storage.disk import is_own_folder, is_plain_name, make_folder, read_own, remove, sync_folder, write_whole

Read = TypeVar("Read")

NAME_BYTES: Final = 8

RETRIES: Final = 3
"""How often a reader tries again when a writer replaced the derived index that it was opening."""


class Revisions(Protocol):
    """The catalog that an index is derived from, as far as its revisions go."""

    def revision(self) -> int:
        """Return the number of the present revision: it rises by one with each change."""

    def token(self) -> str:
        """Return a random text that identifies the present revision among those of all libraries."""

    def last_topic(self) -> int:
        """Return the highest row id that was ever given out."""

    def remembers(self, revision: int, token: str) -> bool:
        """Return whether the catalog once was at a revision, and still knows every topic that was deleted since."""


@dataclass(frozen=True, slots=True)
class DerivedIndex:
    """One kind of derived index: its name, and the number of the format that it is written in."""

    name: str
    format: int

    def manifest_path(self, parent: Path) -> Path:
        """Return the path of the manifest in a library's folder."""
        return parent / f"{self.name}.json"

    def part_path(self, parent: Path) -> Path:
        """Return the path under which older versions wrote a manifest before they renamed it."""
        return parent / f"{self.name}.part"

    def new_folder(self, parent: Path) -> Path:
        """Return the path of a new folder, under a random name."""
        return parent / f"{self.name}-{secrets.token_hex(NAME_BYTES)}"

    def folders(self, parent: Path) -> Iterator[Path]:
        """Yield all folders of this kind, also those that no manifest names."""
        return (path for path in parent.glob(f"{self.name}-*") if self.is_folder_name(path.name))

    def is_folder_name(self, name: object) -> bool:
        """Return whether a name is one that `new_folder` gives."""
        return isinstance(name, str) and re.fullmatch(f"{self.name}-[0-9a-f]{{{2 * NAME_BYTES}}}", name) is not None


@dataclass(frozen=True, slots=True)
class Manifest:
    """Which revision a folder of files reflects, and the checksum of each file."""

    format: int
    """The number of the format that the files are written in."""
    revision: int
    token: str
    """A random text that identifies the revision among those of all libraries."""
    last_topic: int
    """The highest row id that had been given out by then."""
    folder: str
    files: Checksums


def begin(parent: Path, derived: DerivedIndex, catalog: Revisions) -> Manifest:
    """Make an empty folder for an index of the present revision; it counts only once `publish` has named it."""
    folder = derived.new_folder(parent)
    make_folder(folder)
    return Manifest(derived.format, catalog.revision(), catalog.token(), catalog.last_topic(), folder.name, {})


def publish(parent: Path, derived: DerivedIndex, manifest: Manifest, known: Checksums | None = None) -> None:
    """Replace the folder before by a filled one; whoever has the old files open can go on reading them."""
    manifest = replace(manifest, files=checksums_of(parent / manifest.folder, known))
    sync_folder(parent)
    write_whole(derived.manifest_path(parent), json.dumps(asdict(manifest)))
    for other in derived.folders(parent):
        if other.name != manifest.folder:
            with suppress(OSError):  # where open files cannot be deleted, the next one does
                remove(parent, other.name)


def read_manifest(parent: Path, derived: DerivedIndex) -> Manifest | None:
    """Return the manifest of a derived index in the present format; None where it is missing or not one of ours.

    A library may come from a stranger: every number and every name in the manifest is checked before it is used.
    """
    try:
        values = json.loads(read_own(derived.manifest_path(parent)))
        manifest = Manifest(**values)
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    return manifest if manifest.format == derived.format and _is_sane(parent, derived, values) else None


def _is_sane(parent: Path, derived: DerivedIndex, values: dict[str, Any]) -> bool:
    """Return whether `publish` can have written these values."""
    numbers = (values["format"], values["revision"], values["last_topic"])
    return (
        all(type(number) is int and 0 <= number < 2**63 for number in numbers)
        and isinstance(values["token"], str)
        and isinstance(values["files"], dict)
        and all(map(is_plain_name, values["files"]))
        and derived.is_folder_name(values["folder"])
        and is_own_folder(parent / values["folder"])
    )


def known_manifest(parent: Path, derived: DerivedIndex, catalog: Revisions) -> Manifest | None:
    """Return the manifest of a derived index from which the catalog knows all changes; None where there is none."""
    manifest = read_manifest(parent, derived)
    return manifest if manifest and catalog.remembers(manifest.revision, manifest.token) else None


def sound_manifest(
    parent: Path, derived: DerivedIndex, catalog: Revisions, *, thoroughly: bool = False
) -> Manifest | None:
    """Return the manifest of such an index whose files are undamaged as well; None where there is none."""
    manifest = known_manifest(parent, derived, catalog)
    return manifest if manifest and verify(parent / manifest.folder, manifest.files, thoroughly=thoroughly) else None


def read_sound(
    parent: Path, derived: DerivedIndex, catalog: Revisions, read: Callable[[Path], Read]
) -> tuple[Manifest, Read] | None:
    """Return the manifest of an undamaged derived index and what `read` makes of its folder; None where there is none.

    A writer that publishes a new index removes the old files, and a library such as tantivy may take a missing file
    for an empty one. So what was read counts only if the manifest is still the same afterwards: `publish` replaces the
    manifest before it removes anything.
    """
    for _ in range(RETRIES):
        manifest = sound_manifest(parent, derived, catalog)
        if not manifest:
            break
        try:
            content = read(parent / manifest.folder)
        except (OSError, ValueError, RuntimeError):  # it was whole a moment ago
            continue
        if read_manifest(parent, derived) == manifest:
            return manifest, content
    return None
