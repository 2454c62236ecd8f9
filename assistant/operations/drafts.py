"""how does a gap become a note to fill in? as a new file in a folder of a source; no file is ever changed"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import Final

from assistant.operations.uploads import are_uploads
from index.errors import SourceError
from index.library import Library
from index.sources import BUILTIN, source_root
from index.storage import write_new

MAX_FILE_NAME: Final = 80
"""Characters of a file's name: systems allow 255 bytes, and a reader wants fewer."""

MAX_TRIES: Final = 100
"""Numbered names that are tried if files of the name exist."""

_NO_NAME: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*#^\[\]]+')
"""Characters that some system, or a link to the note, does not allow in a name."""


def draft_folders(library: Library) -> list[Path]:
    """Return the folders in which a draft may be written: sources that are folders, and folders of notes in them."""
    folders: dict[Path, None] = {}
    for source in library.sources():
        root = source_root(source)
        if source != BUILTIN and root.is_dir() and not are_uploads(library, source):
            folders[root] = None
            notes = (PurePosixPath(document.path) for document in library.documents() if document.source == source)
            folders |= dict.fromkeys(root / folder for note in notes for folder in reversed(note.parents))
    return sorted(folder for folder in folders if folder.is_dir())


def write_draft(library: Library, folder: Path, title: str, text: str) -> Path:
    """Write a topic to fill in as a new note into a folder of a source; return its file.

    If a file of that name exists, the name of the draft gets a number.

    Raises:
        SourceError: the folder is in no source, or cannot be written to.

    """
    if folder not in draft_folders(library):
        raise SourceError(f"{folder} is no folder of this library's sources. Add it first, or choose one of these.")
    for name in draft_names(title):
        try:
            write_new(folder / name, text)
        except FileExistsError:
            continue
        except OSError as error:
            raise SourceError(
                f"No file can be written in {folder} ({error.strerror}). Choose another folder."
            ) from error
        return folder / name
    raise SourceError(f"{folder} holds {MAX_TRIES} notes called {title!r} already. Fill in one of these.")


def draft_of(folders: Iterable[Path], title: str, ways: Collection[str]) -> Path | None:
    """Return the draft of a title in one of some folders that names one of the ways to ask for it; None without one."""
    for folder in folders:
        files = (folder / name for name in draft_names(title))
        for file in takewhile(Path.is_file, files):
            with suppress(OSError):  # what cannot be read is nobody's draft
                text = file.read_text(encoding="utf-8", errors="replace")
                if any(way in text for way in ways):
                    return file
    return None


def draft_names(title: str) -> Iterable[str]:
    """Yield file names for a title that every system allows, the plainest first.

    >>> list(draft_names("CI/CD: what?"))[:2], next(iter(draft_names("..")))
    (['CI CD what.md', 'CI CD what 2.md'], 'Draft.md')
    """
    plain = " ".join(_NO_NAME.sub(" ", title).split())[:MAX_FILE_NAME].strip(" .") or "Draft"
    yield f"{plain}.md"
    yield from (f"{plain} {number}.md" for number in range(2, MAX_TRIES + 1))
