"""the exports of models on disk: made by one process at a time, found once they are complete, shared by all libraries

A folder holds any number of exports, each in a folder of its own that has a name nobody else gives. It is made beside
its place and renamed when it is complete: cut off at any moment, what was there before is still there.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from index.embedding.export_manifest import EXPORT_FILES, FORMAT, MANIFEST_FILE, ExportManifest
from index.storage import is_own_folder, make_folder, one_at_a_time, remove, verify

PART: Final = ".part"

UNWRITABLE: Final = 3
"""What the process that exports ends with where a folder cannot be written: another one may do."""

EXPORT_LOCK_SECONDS: Final = 900.0
"""How long a second process waits for the first to export the same model: the slowest that was seen took four minutes,
a model of 500 MB on one busy core."""


class Export:
    """Where a model as exported is kept in a folder, if it is there."""

    def __init__(self, root: Path, model: str, made_from: str) -> None:
        """Name a model, and in words what it is made from: another version of it is another export."""
        self.root = root
        self.model = model
        digest = hashlib.sha256(f"{model}\n{made_from}\n{FORMAT}".encode("utf-8", "surrogateescape"))
        self._name = f"export-{digest.hexdigest()[:16]}"
        self.lock_file = root / f"{self._name}.lock"
        """What a process holds while it makes this export."""

    def find(self, *, thoroughly: bool = False) -> Path | None:
        """Return the folder of the export where it is whole; `thoroughly`, after reading all of it."""
        folders = (folder for folder in self._folders() if is_sound(folder, self.model, thoroughly=thoroughly))
        return next(folders, None)

    def make(self, write: Callable[[Path], None]) -> Path:
        """Let an empty folder be written, and return where it has been put; one that is there and sound stays.

        Raises:
            OSError: the folder cannot be written.

        """
        self.root.mkdir(parents=True, exist_ok=True)
        with one_at_a_time(self.lock_file, EXPORT_LOCK_SECONDS):
            return self.find(thoroughly=True) or self._put(write)

    def _put(self, write: Callable[[Path], None]) -> Path:
        for stale in [*self.root.glob(f"{self._name}-*{PART}"), *self._folders()]:  # the lock is ours
            _remove(stale)
        folder = self.root / f"{self._name}-{secrets.token_hex(8)}"
        part = folder.with_name(folder.name + PART)
        make_folder(part)
        try:
            write(part)
            part.replace(folder)
        finally:
            _remove(part)
        return folder

    def _folders(self) -> Iterator[Path]:
        return self.root.glob(f"{self._name}-{'[0-9a-f]' * 16}")


def is_sound(folder: Path, model: str, *, thoroughly: bool = False) -> bool:
    """Return whether a folder is the whole export of a model, as libraries held their own before it was shared."""
    card = ExportManifest.read(folder)
    return bool(card and card.model == model and verify(folder, card.files, thoroughly=thoroughly))


def remove_export(folder: Path) -> None:
    """Remove the export that a folder is, its card first; what else lies there stays, and all that a link leads to."""
    if is_own_folder(folder):
        for name in (MANIFEST_FILE, *EXPORT_FILES):
            remove(folder, name)


def _remove(folder: Path) -> None:
    with suppress(OSError):  # where open files cannot be deleted, the next one does
        remove(folder.parent, folder.name)


def cut_off(root: Path) -> Iterator[Path]:
    """Yield what processes that were killed while they exported have left in a folder."""
    return root.glob(f"export-{'[0-9a-f]' * 16}-{'[0-9a-f]' * 16}{PART}")
