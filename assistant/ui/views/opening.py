"""the programs that can open a note, and the address at which each one does"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from assistant.preferences import OPENERS, Opener


class Way(NamedTuple):
    """A program that opens a note."""

    opener: Opener
    name: str
    link: str
    """Its address for this note; empty where the machine itself opens it."""


def ways_to_open(file: Path, line: int) -> list[Way]:
    """Return every program that can open a note, with its address for the note's line."""
    return [Way(opener, name, opening_link(opener, file, line)) for opener, name in OPENERS.items()]


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
