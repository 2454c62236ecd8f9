"""a note on the disk -> how it is opened elsewhere: in Obsidian, VS Code, the system's editor or file manager"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from assistant.preferences import Opener
from index.errors import SourceError
from index.sources import file_inside, source_root

OPENERS: Final[Mapping[Opener, str]] = MappingProxyType(
    {"obsidian": "Obsidian", "vscode": "VS Code", "system": "my editor", "folder": "the file manager"}
)
"""What a note can be opened in, as a person calls it."""

SYSTEM: Final[Mapping[str, str]] = MappingProxyType({"darwin": "open", "win32": "explorer"})
"""The command by which a system opens a file as a double click does; all others have that of the desktops."""


def note_file(source: str, path: str) -> Path | None:
    """Return the file of a note; None where it is not there any more, or lies outside its source."""
    return file_inside(source_root(source), path)


def opening_link(opener: Opener, file: Path, line: int) -> str:
    """Return the address at which another program opens a note; nothing where it has none.

    >>> opening_link("obsidian", Path("/notes/Ann & Bob.md"), 3)
    'obsidian://open?path=%2Fnotes%2FAnn%20%26%20Bob.md'
    >>> opening_link("vscode", Path("/notes/a b.md"), 3), opening_link("system", Path("/notes/a.md"), 3)
    ('vscode://file/notes/a%20b.md:3', '')
    """
    if opener == "obsidian":
        return f"obsidian://open?path={quote(str(file), safe='')}"
    if opener == "vscode":
        return f"vscode://file/{quote(file.as_posix().lstrip('/'), safe='/')}:{line}"
    return ""


def opening_command(opener: Opener, file: Path, platform: str = sys.platform) -> Sequence[str]:
    """Return the command by which this system opens a note, or the folder that it lies in.

    >>> opening_command("folder", Path("/notes/a.md"), "linux"), opening_command("folder", Path("/a.md"), "darwin")
    (['xdg-open', '/notes'], ['open', '-R', '/a.md'])
    """
    program = SYSTEM.get(platform, "xdg-open")
    if opener == "system":
        return [program, str(file)]
    if platform == "darwin":
        return [program, "-R", str(file)]
    return [program, f"/select,{file}"] if platform == "win32" else [program, str(file.parent)]


def open_here(opener: Opener, file: Path) -> None:
    """Open a note on the machine that the app runs on.

    Raises:
        SourceError: the system has no such program.

    """
    command = opening_command(opener, file)
    try:
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 (a file of a source)
    except OSError as error:
        raise SourceError(
            f"{file} cannot be opened: `{command[0]}` does not start here ({error.strerror}). Copy its path instead."
        ) from error
