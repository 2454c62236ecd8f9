"""how are files from a browser stored? in a folder of the library; which are refused, and why"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final, NamedTuple

from index.errors import SourceError
from index.formats import SUFFIXES, kinds_read
from index.library import Library
from index.sources import source_name
from index.storage import disk_errors, make_folder, remove, write_whole

FOLDER: Final = "uploaded-notes"
"""The folder of uploaded notes in a library: copies, which are deleted when they are removed from it."""

MAX_FILES: Final = 1_000
MAX_MEGABYTES: Final = 20
"""Megabytes of a file; `.streamlit/config.toml` sets the same limit in the browser."""
MAX_MEGABYTES_TOGETHER: Final = 200
"""Megabytes of all files of an upload, which are in memory until they are written."""

MAX_NAME_LENGTH: Final = 200
"""Characters of a path."""
LONGEST_PART: Final = 255
"""Bytes of each part of a path: file systems allow no more."""

_HIDDEN_PATH: Final = re.compile(r"(?:^|/)\.[^./\\]")


class Upload(NamedTuple):
    """A file as a browser sent it; its name is untrusted."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class SavedUploads:
    """The uploads that were stored, and those that were refused."""

    folder: Path
    names: tuple[str, ...]
    refused: dict[str, str]
    """The name of each refused file, with the reason."""


def keep_uploads(library_folder: Path, uploads: Iterable[Upload]) -> SavedUploads:
    """Write uploads into the library's own folder; a file of the same name is replaced.

    Raises:
        SourceError: the folder cannot be written.

    """
    folder = library_folder / FOLDER
    names: list[str] = []
    refused: dict[str, str] = {}
    room = MAX_MEGABYTES_TOGETHER * 2**20
    for upload in uploads:
        if reason := _refusal(upload, len(names), room):
            refused[upload.name] = reason
            continue
        name = safe_name(upload.name)
        _write(folder, name, upload.content)
        names.append(name)
        room -= len(upload.content)
    return SavedUploads(folder, tuple(names), refused)


def are_uploads(library: Library, source: str) -> bool:
    """Return whether a source is the folder of uploads, and no link to another folder."""
    folder = library.folder / FOLDER
    return source == source_name(folder) and not folder.is_symlink()


def remove_source(library: Library, path: str) -> str:
    """Remove a source from a library, and delete its files if they are uploads; return its name.

    Raises:
        SourceError: the path is no source of this library.
        LibraryError: the uploads cannot be deleted.

    """
    source = library.remove(path)
    if are_uploads(library, source):
        with disk_errors(library.folder):
            remove(library.folder, FOLDER)
    return source


def safe_name(name: str) -> str:
    r"""Return a name as a relative path that stays inside its folder; empty if it cannot be one.

    >>> [safe_name(name) for name in ("a/b.md", "../x.md", "/etc/x.md", "C:\\x.md", "a/./b.md", ".env.md")]
    ['a/b.md', '', '', '', 'a/b.md', '']
    """
    is_absolute = PurePosixPath(name).is_absolute() or PureWindowsPath(name).drive or "\\" in name
    parts = PurePosixPath(name).parts
    is_odd = any(part.startswith(".") or not part.isprintable() or ":" in part for part in parts)
    is_long = len(name) > MAX_NAME_LENGTH or any(len(os.fsencode(part)) > LONGEST_PART for part in parts)
    return "" if is_absolute or is_odd or is_long else "/".join(parts)


def _refusal(upload: Upload, count: int, room: int) -> str:
    name = safe_name(upload.name)
    if not name:
        return (
            "a hidden file"
            if _HIDDEN_PATH.search(upload.name)
            else "its name leads elsewhere, or is none for a file here"
        )
    if PurePosixPath(name).suffix.lower() not in SUFFIXES:
        return f"not one of {kinds_read()}"
    if len(upload.content) > MAX_MEGABYTES * 2**20:
        return f"larger than {MAX_MEGABYTES} MB"
    if count >= MAX_FILES:
        return f"more than {MAX_FILES:,} files at once"
    if len(upload.content) > room:
        return f"more than {MAX_MEGABYTES_TOGETHER} MB together"
    return ""


def _make_folders(folder: Path, inside: PurePosixPath) -> None:
    """Make the folder of uploads and the folders of a name in it, refusing links."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    for part in (folder, *(folder / parent for parent in reversed([inside, *inside.parents][:-1]))):
        if part.is_symlink():
            raise SourceError(
                f"{part} is a link, and uploads are kept in the library's own folder only: nothing is written where it "
                "leads. Remove that link, then upload again."
            )
        make_folder(part)


def _write(folder: Path, name: str, content: bytes) -> None:
    target = folder / name
    try:
        _make_folders(folder, PurePosixPath(name).parent)
        write_whole(target, content)
    except OSError as error:
        raise SourceError(
            f"{target} cannot be written ({error.strerror}). See that its disk has room, then upload it again."
        ) from error
