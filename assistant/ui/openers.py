"""the file of a note, and the commands by which this machine opens it"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from assistant.preferences import Opener
from index.errors import SourceError
from index.sources import file_inside, source_root

SYSTEM: Final[Mapping[str, str]] = MappingProxyType({"darwin": "open", "win32": "explorer"})
"""The command by which a system opens a file as a double click does; all others have that of the desktops."""


def note_file(source: str, path: str) -> Path | None:
    """Return the file of a note; None where it is not there any more, or lies outside its source."""
    return file_inside(source_root(source), path)


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
