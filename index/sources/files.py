"""a folder or a file -> the files in it that are notes or documents; what is passed over, and why"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections import Counter, deque
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from index.errors import SourceError
from index.formats import SUFFIXES, kinds_read, needs_extra
from index.records import DocumentStatus
from index.sources.ignore import Ignored
from index.text import storable

ELSEWHERE: Final[tuple[DocumentStatus, str]] = ("skipped", "in the cloud only: download it to have it read")
"""What is said of a file whose content has left this machine: reading it would fetch it over the network."""

_ICLOUD_PLACEHOLDER: Final = re.compile(r"\.(?P<name>.+)\.icloud")
"""What iCloud Drive leaves of a file that it has evicted: `.note.md.icloud`, which holds no text."""
_DATALESS: Final = (("st_flags", 0x40000000), ("st_file_attributes", 0x00400000))
"""What tells on macOS (SF_DATALESS) and Windows (FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS) that only the name is here."""

_LARGEST: Final = 2**63 - 1
"""SQLite keeps no larger number; inodes of some file systems are."""

BUILTIN: Final = "builtin"
"""What the source of the bundled topics is called; its folder moves with the installation."""
BUILTIN_FOLDER: Final = Path(__file__).parents[1] / "builtin"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of a source before it is read."""

    path: Path
    name: str
    """Relative to the source, with forward slashes."""
    size: int = 0
    modified_ns: int = 0
    unread: tuple[DocumentStatus, str] | None = None
    """Why there is nothing to read: the status and the reason of its document."""
    inode: int = 0
    changed_ns: int = 0
    """As those of a `Document`."""

    @property
    def is_elsewhere(self) -> bool:
        """Return whether its content is in a cloud only."""
        return self.unread == ELSEWHERE


def resolve_source(path: str | Path) -> str:
    """Return what a source is remembered as: its absolute path, or `builtin` for the bundled topics.

    Raises:
        SourceError: nothing is there, it is a file of a kind that is not read, or its name cannot be stored.

    """
    source = source_name(path)
    if source == BUILTIN:
        return source
    if source != storable(source):
        raise SourceError(f"The name of {storable(source)} is not in UTF-8. Rename it, and add it again.")
    try:
        mode = Path(source).stat().st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        raise SourceError(f"There is no folder or file at {source}. Check the path and add it again.") from error
    except OSError as error:
        raise SourceError(f"{source} cannot be read ({error.strerror}). Check the path and add it again.") from error
    if not stat.S_ISDIR(mode) and not (stat.S_ISREG(mode) and Path(source).suffix.lower() in SUFFIXES):
        raise SourceError(f"{source} is not a kind of file that can be read: add a folder, or one of {kinds_read()}.")
    return source


def source_name(path: str | Path) -> str:
    """Return what a path is called as a source, whether anything is there or not."""
    # pathlib fails where there is no such user, and where a link leads to itself
    return BUILTIN if str(path) == BUILTIN else os.path.realpath(os.path.expanduser(path))  # noqa: PTH111


def source_root(source: str) -> Path:
    """Return the folder or file that a remembered source stands for."""
    return BUILTIN_FOLDER if source == BUILTIN else Path(source)


def is_inside(source: str, other: str) -> bool:
    """Return whether a source stands inside another one, which it takes its files from."""
    return source != other and source_root(source).is_relative_to(source_root(other))


def mode_of(path: Path) -> int:
    """Return what a path is, as `stat` tells it; 0 where it is not there, may not be looked at, or gives no answer."""
    try:
        return path.stat().st_mode
    except OSError:
        return 0


def find_files(
    root: Path,
    inner_sources: Container[Path] = (),
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    unread_kinds: Counter[str] | None = None,
) -> Iterator[FoundFile]:
    """Yield the notes of a folder, or the one file, in a fixed order.

    Passed over are hidden files and folders, what a `.gitignore` or `exclude` names, and where `include` is given, what
    it does not name. Nothing is found twice: not `inner_sources`, the folders and files that are sources of their
    own, and not through a link what is there anyway. A link that leads out of the folder is not followed. The files of
    kinds that nothing reads are counted in `unread_kinds`, by the ends of their names.

    Raises:
        SourceError: a pattern of `include` or `exclude` means nothing.

    """
    if stat.S_ISREG(mode_of(root)):
        yield _found_file(root, storable(root.name))
        return
    kinds = Counter[str]() if unread_kinds is None else unread_kinds
    yield from _Search(root.resolve(), inner_sources, kinds).run(Ignored.by(include, exclude))


def fingerprint_of(file: FoundFile) -> str:
    """Return what tells the content of a file from any other; nothing where it cannot be read."""
    try:
        with file.path.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return ""


class _Place(NamedTuple):
    """A folder, a file or a link in a source."""

    path: Path
    name: str
    """Relative to the source, with forward slashes; empty for the source itself."""
    ignored: Ignored
    """What is passed over beside it."""


@dataclass(frozen=True, slots=True)
class _Search:
    """A walk through a source: without links first, then behind those that lead to what is not found yet."""

    root: Path
    inner_sources: Container[Path]
    unread_kinds: Counter[str]
    seen: set[Path] = field(default_factory=set)
    links: deque[_Place] = field(default_factory=deque)
    names: set[str] = field(default_factory=set)
    """Of the files that were found."""

    def run(self, ignored: Ignored) -> Iterator[FoundFile]:
        yield from self._below(_Place(self.root, "", ignored))
        while self.links:
            yield from self._behind(self.links.popleft())

    def _below(self, top: _Place) -> Iterator[FoundFile]:
        pending = [top]
        while pending:
            place = pending.pop()
            self.seen.add(place.path)
            try:
                entries = sorted(os.scandir(place.path), key=lambda entry: entry.name)
                ignored = place.ignored.within(place.path, place.name)
            except OSError as error:
                if place.name:  # of the source itself nothing is known then, not even that its notes are gone
                    reason = f"cannot be listed ({error.strerror or error})"
                    yield FoundFile(place.path, self._name(place.name), unread=("failed", reason))
                continue
            folders = []
            for entry in entries:
                child = _Place(Path(entry.path), f"{place.name}/{entry.name}".lstrip("/"), ignored)
                if entry.is_symlink():
                    self.links.append(child)
                elif child.path in self.inner_sources or child.path in self.seen:
                    continue
                elif entry.is_dir():
                    folders += [] if ignored.folder(child.name) else [child]
                elif _is_note(child):
                    yield self._note(child)
                elif (evicted := _evicted(child)) and _is_note(evicted) and not evicted.path.exists():
                    yield FoundFile(evicted.path, self._name(evicted.name), unread=ELSEWHERE)
                elif not evicted and not ignored.file(child.name):
                    self.unread_kinds[Path(child.name).suffix.lower()] += 1
            pending += reversed(folders)

    def _behind(self, link: _Place) -> Iterator[FoundFile]:
        target = Path(os.path.realpath(link.path))
        is_folder = stat.S_ISDIR(mode_of(target))
        if link.ignored.folder(link.name) if is_folder else not _is_note(link):
            return
        if not target.is_relative_to(self.root):
            reason = "a link that leads out of the source"
            yield FoundFile(link.path, self._name(link.name), unread=("skipped", reason))
        elif target in self.seen or any(place in self.inner_sources for place in (target, *target.parents)):
            return
        elif is_folder:
            yield from self._below(link._replace(path=target))
        else:
            yield self._note(link._replace(path=target))

    def _note(self, place: _Place) -> FoundFile:
        self.seen.add(place.path)
        return _found_file(place.path, self._name(place.name))

    def _name(self, name: str) -> str:
        """Return a name as UTF-8 can hold it, which no other file of the source has got."""
        plain = storable(name)
        if plain in self.names:
            plain = os.fsencode(name).decode("utf-8", "backslashreplace")
        self.names.add(plain)
        return plain


def _evicted(place: _Place) -> _Place | None:
    """Return the place of the file that a placeholder stands for; None where it is none."""
    folder, slash, last = place.name.rpartition("/")
    match = _ICLOUD_PLACEHOLDER.fullmatch(last)
    return _Place(place.path.with_name(match["name"]), folder + slash + match["name"], place.ignored) if match else None


def _is_note(place: _Place) -> bool:
    return Path(place.name).suffix.lower() in SUFFIXES and not place.ignored.file(place.name)


def _found_file(path: Path, name: str) -> FoundFile:
    try:
        status = path.stat()
    except OSError:  # a dangling link, or gone since it was listed: reading it will say so
        return FoundFile(path, name)
    is_elsewhere = any(getattr(status, field, 0) & flag for field, flag in _DATALESS)
    lacking = needs_extra(name)
    return FoundFile(
        path,
        name,
        status.st_size,
        status.st_mtime_ns,
        ELSEWHERE if is_elsewhere else ("skipped", lacking) if lacking else None,
        status.st_ino & _LARGEST,
        status.st_ctime_ns,
    )
