"""the files of a source that are attached to notes: pictures beside them, found by the name that a note gives them"""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

PICTURES: Final[Mapping[str, str]] = {
    ".avif": "image/avif",
    ".bmp": "image/bmp",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
"""What a browser shows as a picture: the end of a file's name, and its media type."""

MAX_PICTURE_FILES: Final = 50_000
"""Files of a source that are looked through for a picture which is called by its name alone; half a second."""


def file_inside(root: Path, name: str) -> Path | None:
    """Return the regular file of a name below a folder, links resolved; None where no such file lies in it.

    A name that leads out of the folder, by `..` or through a link, names nothing, nor does what is hidden. Where the
    source is one file, it is the only one inside.
    """
    try:
        folder = root.resolve()
        if stat.S_ISREG(folder.stat().st_mode):
            return folder if name == folder.name else None
        path = (folder / name).resolve()
        inside = path.relative_to(folder)
        is_hidden = any(part.startswith(".") for part in inside.parts)
        return path if not is_hidden and stat.S_ISREG(path.stat().st_mode) else None
    except (OSError, ValueError, RuntimeError):  # not there, elsewhere, no name of a file, or a link to itself
        return None


def find_picture(root: Path, note: str, target: str, names: Mapping[str, str]) -> str | None:
    """Return the name, relative to a source, of the picture that a note embeds; None where there is none.

    `target` is an address as Markdown writes it, or `[[` and the name of a file, which may lie anywhere: `names` has
    the pictures of the source by their last part in small letters.
    """
    path = _wanted(target)
    if not path or posixpath.splitext(path)[1].lower() not in PICTURES:
        return None
    beside, top = posixpath.join(posixpath.dirname(note), path.lstrip("/")), path.lstrip("/")
    for candidate in (top, beside) if path.startswith("/") else (beside, top):
        name = posixpath.normpath(candidate)
        if file_inside(root, name):
            return name
    return names.get(posixpath.basename(path).lower()) if target.startswith("[[") else None


def picture_names(root: Path) -> dict[str, str]:
    """Return the pictures of a source by the last part of their names, in small letters; of several, the uppermost."""
    names: dict[str, str] = {}
    seen = 0
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for file in sorted(files):
            if posixpath.splitext(file)[1].lower() in PICTURES and not file.startswith("."):
                names.setdefault(file.lower(), Path(folder, file).relative_to(root).as_posix())
        seen += len(files)
        if seen > MAX_PICTURE_FILES:
            break
    return names


def _wanted(target: str) -> str:
    """Return the path that a target means; nothing where it is an address elsewhere."""
    if target.startswith("[["):
        return target.removeprefix("[[").partition("#")[0]
    try:
        parts = urlsplit(target)
    except ValueError:  # a bracket that is not closed
        return ""
    return "" if parts.scheme or parts.netloc else unquote(parts.path)
