"""which folders of notes does this machine have, and what does a folder hold? Obsidian vaults, Logseq graphs, others"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from index.sources import FoundFile, find_files

OBSIDIAN: Final[Mapping[str, Sequence[str]]] = {
    "darwin": ("Library/Application Support/obsidian/obsidian.json",),
    "win32": ("AppData/Roaming/obsidian/obsidian.json",),
    "linux": (
        ".config/obsidian/obsidian.json",
        ".var/app/md.obsidian.Obsidian/config/obsidian/obsidian.json",
        "snap/obsidian/current/.config/obsidian/obsidian.json",
    ),
}
"""The file in which Obsidian lists its vaults, below the home folder, by system."""

LOGSEQ_GRAPHS: Final = ".logseq/graphs"
"""The folder in which Logseq has a file for each graph, named after the graph's folder."""

USUAL: Final = (
    "Notes", "notes", "Documents/Notes", "Documents/notes", "Documents/Obsidian", "Documents/Obsidian Vault",
    "Obsidian", "Obsidian Vault", "Dropbox/Notes", "Dropbox/Obsidian", "iCloudDrive/Obsidian", "OneDrive/Notes",
    "Zettelkasten", "zettelkasten", "wiki", "vimwiki", "org", "Logseq", "logseq", "Documents/Logseq", "foam", "dendron",
)  # fmt: skip
"""Folders below the home folder in which people keep notes."""

HOLDERS: Final = ("Library/Mobile Documents/iCloud~md~obsidian/Documents",)
"""Folders below the home folder each of whose folders is a vault."""

MAX_FILES_LOOKED_AT: Final = 20_000
"""Files that are counted in a preview; with more, it says "more than"."""

FOLDER_LOOK_SECONDS: Final = 2.0
"""Seconds for a preview; on a slow disk it is incomplete."""

MAX_NAMED: Final = 8
"""Folders and files that are named as examples."""


class NoteFolder(NamedTuple):
    """A folder of notes."""

    path: Path
    kind: str
    """What it is, as a person calls it."""


@dataclass(frozen=True, slots=True)
class FolderPreview:
    """What a folder holds, before any of it is read."""

    notes: int
    size: int
    """The size of the notes in bytes."""
    kinds: Mapping[str, int]
    """The number of files by suffix."""
    folders: Mapping[str, int]
    """The number of notes in each top folder; an empty name for notes outside any."""
    examples: tuple[str, ...]
    """The names of the notes that were changed last."""
    left_out: int = 0
    """Files that the patterns leave out."""
    left_out_examples: tuple[str, ...] = ()
    is_whole: bool = True
    """Whether the whole folder was counted."""


def find_note_folders(home: Path, platform: str = sys.platform) -> list[NoteFolder]:
    """Return the folders of notes that are known on this machine, each once: vaults, graphs, then the usual places."""
    folders: dict[Path, NoteFolder] = {}
    for folder in (*_vaults(home, platform), *_graphs(home), *_usual(home)):
        try:
            resolved = folder.path.resolve()
            is_there = resolved.is_dir()
        except OSError:  # a disk that does not respond
            continue
        if is_there and not any(resolved.is_relative_to(other) for other in folders):
            folders[resolved] = NoteFolder(resolved, _kind(resolved, folder.kind))
    return list(folders.values())


def preview_folder(root: Path, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> FolderPreview:
    """Return what a folder or file holds that would be read, and what the patterns leave out.

    Raises:
        SourceError: a pattern is not valid.

    """
    everything, is_whole = _looked_at(find_files(root))
    if not (include or exclude):
        return _preview(everything, (), is_whole=is_whole)
    chosen, is_kept_whole = _looked_at(find_files(root, include=include, exclude=exclude))
    names = {file.name for file in chosen}
    left_out = [file.name for file in everything if file.name not in names]
    return _preview(chosen, left_out, is_whole=is_whole and is_kept_whole)


def patterns_of(text: str) -> tuple[str, ...]:
    """Return the patterns that somebody typed, one a line or with commas between.

    >>> patterns_of("drafts/, *.tmp.md"), patterns_of(" ")
    (('drafts/', '*.tmp.md'), ())
    """
    return tuple(filter(None, (pattern.strip() for line in text.splitlines() for pattern in line.split(","))))


def _looked_at(files: Iterator[FoundFile]) -> tuple[list[FoundFile], bool]:
    """Return the files that are found within the limits, and whether these are all."""
    deadline = time.monotonic() + FOLDER_LOOK_SECONDS
    looked_at: list[FoundFile] = []
    for file in islice(files, MAX_FILES_LOOKED_AT):
        looked_at.append(file)
        if time.monotonic() > deadline:
            return looked_at, False
    return looked_at, next(files, None) is None


def _preview(files: Sequence[FoundFile], left_out: Sequence[str], *, is_whole: bool) -> FolderPreview:
    latest = sorted(files, key=lambda file: -file.modified_ns)
    return FolderPreview(
        len(files),
        sum(file.size for file in files),
        dict(Counter(file.path.suffix.lower() for file in files).most_common()),
        dict(Counter(file.name.rpartition("/")[0].partition("/")[0] for file in files).most_common(MAX_NAMED)),
        tuple(file.name for file in latest[:MAX_NAMED]),
        len(left_out),
        tuple(left_out[:MAX_NAMED]),
        is_whole,
    )


def _vaults(home: Path, platform: str) -> Iterator[NoteFolder]:
    """Yield the vaults that Obsidian lists."""
    for name in OBSIDIAN.get(platform, OBSIDIAN["linux"]):
        try:
            configuration = json.loads((home / name).read_text(encoding="utf-8"))
            vaults = configuration["vaults"].values()
            paths = [Path(vault["path"]) for vault in vaults if isinstance(vault.get("path"), str)]
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            continue
        yield from (NoteFolder(path, "Obsidian vault") for path in paths if path.is_absolute())


def _graphs(home: Path) -> Iterator[NoteFolder]:
    """Yield the graphs that Logseq lists: `logseq_local_++home++ann++graph.transit`."""
    for file in _listed(home / LOGSEQ_GRAPHS):
        if file.name.startswith("logseq_local_") and file.suffix == ".transit":
            yield NoteFolder(Path(file.stem.removeprefix("logseq_local_").replace("++", "/")), "Logseq graph")


def _usual(home: Path) -> Iterator[NoteFolder]:
    for name in HOLDERS:
        yield from (NoteFolder(folder, "Obsidian vault") for folder in _listed(home / name))
    yield from (NoteFolder(home / name, "folder of notes") for name in USUAL)


def _listed(folder: Path) -> Iterable[Path]:
    try:
        return [Path(entry.path) for entry in sorted(os.scandir(folder), key=lambda entry: entry.name)]
    except OSError:
        return ()


def _kind(folder: Path, kind: str) -> str:
    if (folder / ".obsidian").is_dir():
        return "Obsidian vault"
    return "Logseq graph" if (folder / "logseq" / "config.edn").is_file() else kind
