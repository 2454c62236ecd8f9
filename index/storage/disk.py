"""files of a library's own: written whole or not at all, and nothing of anybody else's is written, read or deleted

A library may come from somebody else. So a name that one of its files gives for another is a plain name of a known
form, what it names is a regular file in the library's folder, and no link is followed there, in or out.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

PLAIN_NAME: Final = re.compile(r"\.?[A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*")
"""What the files of a library are called: letters, digits and characters that lead nowhere on any system."""

PRIVATE_FILE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
EVERYBODYS_FILE: Final = 0o666
"""What a program asks for where the user's own mask decides."""

_PART: Final = re.compile(r"\.[0-9a-f]{16}\.part")


def is_plain_name(name: object) -> bool:
    """Return whether a name is one that a library gives to a file, and so stays in the folder it is put in.

    >>> [is_plain_name(name) for name in ("meta.json", ".managed.json", "../.bashrc", "/etc/passwd", "C:x", "..", "")]
    [True, True, False, False, False, False, False]
    """
    return isinstance(name, str) and PLAIN_NAME.fullmatch(name) is not None


def is_own_file(path: Path) -> bool:
    """Return whether a regular file is there: no link, no pipe, no device."""
    return _is(path, stat.S_ISREG)


def is_own_folder(path: Path) -> bool:
    """Return whether a folder is there, and no link to one."""
    return _is(path, stat.S_ISDIR)


def read_own(path: Path) -> str:
    """Return the text of a regular file; a link is not followed and a pipe not waited for.

    Raises:
        OSError: no such file is there.
        ValueError: it is not UTF-8.

    """
    with os.fdopen(os.open(path, os.O_RDONLY | _NO_LINK | _NO_WAIT), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise FileNotFoundError(f"{path} is no regular file")
        return file.read().decode("utf-8")


def make_folder(path: Path) -> None:
    """Make a folder that only its owner may enter, where there is none.

    Raises:
        OSError: it cannot be made, or what is there is no folder of its own.

    """
    with suppress(FileExistsError):
        path.mkdir(PRIVATE_FOLDER)
    if not is_own_folder(path):
        raise NotADirectoryError(20, "a link or a file is in the place of the folder", str(path))


def make_file(path: Path) -> None:
    """Make an empty file that only its owner may read, where there is none and one can be made."""
    with suppress(OSError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK, PRIVATE_FILE))


def close_to_others(paths: Iterable[Path]) -> None:
    """Take from other users what they may do with files and folders of one's own; not with what all share, as `/tmp`.

    Raises:
        OSError: that cannot be changed.

    """
    for path in paths:
        status = path.lstat()
        is_ours = hasattr(os, "geteuid") and status.st_uid == os.geteuid()
        is_plain = is_own_file(path) or (is_own_folder(path) and not status.st_mode & stat.S_ISVTX)
        if is_ours and is_plain and status.st_mode & 0o077:
            path.chmod(stat.S_IMODE(status.st_mode) & PRIVATE_FOLDER)


def write_whole(
    path: Path, content: bytes | str, *, mode: int = PRIVATE_FILE, replace: bool = True, lasting: bool = True
) -> None:
    """Write a file so that, whatever happens, it is there whole, or what was there before is.

    A link at its place is replaced and not followed. Without `replace`, a file that is there is left as it is; without
    `lasting`, it need not outlive a power cut.

    Raises:
        FileExistsError: it is there, and not to be replaced.
        OSError: it cannot be written; nothing of it is left.

    """
    part = path.parent / f".{secrets.token_hex(8)}.part"
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | _BINARY, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            if lasting:
                os.fsync(file.fileno())
        if not replace and os.path.lexists(path):
            raise FileExistsError(17, "a file of that name is there", str(path))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    if lasting:
        sync_folder(path.parent)


def write_new(path: Path, text: str) -> None:
    """Write a file where none is yet, not even a link.

    Raises:
        FileExistsError: something has its name.
        OSError: it cannot be written.

    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | _BINARY, EVERYBODYS_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text.encode("utf-8"))


def write_export(path: Path, text: str, *, replace: bool = True) -> None:
    """Write a file that the user named, where they named it: through their links, and into a pipe or a terminal.

    Raises:
        FileExistsError: it is there, and not to be replaced.
        OSError: it cannot be written; what was there is.

    """
    if path.exists() and not path.is_file() and not path.is_dir():
        path.write_text(text, encoding="utf-8")
    else:
        write_whole(path.resolve(), text, mode=EVERYBODYS_FILE, replace=replace)


def sync_file(path: Path) -> None:
    """See that what was written to a file has reached the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """See that the names in a folder have reached the disk; a system that cannot do so does it by itself."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def leftover_parts(folder: Path) -> Iterator[Path]:
    """Yield what `write_whole` was cut off in."""
    if folder.is_dir():
        yield from (path for path in sorted(folder.iterdir()) if _PART.fullmatch(path.name))


def remove(folder: Path, name: str) -> None:
    """Delete what has a plain name in a folder, whatever it is: of a link the link, never what it leads to.

    Raises:
        ValueError: the name leads elsewhere.
        OSError: it cannot be deleted.

    """
    if not is_plain_name(name):
        raise ValueError(f"{name!r} is no name of a file here")
    path = folder / name
    if is_own_folder(path):
        shutil.rmtree(path)  # which follows no link either
    else:
        path.unlink(missing_ok=True)


def _is(path: Path, kind: Callable[[int], bool]) -> bool:
    try:
        return kind(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


_NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT: Final = getattr(os, "O_NONBLOCK", 0)
_BINARY: Final = getattr(os, "O_BINARY", 0)
