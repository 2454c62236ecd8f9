"""which files of each source look new, changed or deleted since they were last read?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from index.formats import NEEDS_EXTRA
from index.records import StoredDocument
from index.sources import ELSEWHERE, FoundFile, find_files, mode_of, source_root
from index.storage import CatalogReader
from index.text import storable

LEFT: Final = "now in the cloud only: found as it was last read; download it to have it read again"
"""The remark on a file that was read before its content left this machine."""


class Comparison(NamedTuple):
    """The files of a source, each with its record in the catalog."""

    source: str
    is_there: bool
    files: list[tuple[FoundFile, StoredDocument | None]]
    """Each file on the disk, with its record in the catalog if it has one."""
    gone: list[str]
    """The paths of recorded files that are not on the disk."""
    inner: tuple[str, ...] = ()
    """The paths within the source that are sources of their own."""
    unread_kinds: Mapping[str, int] = MappingProxyType({})
    """The number of files of each kind that nothing reads, by suffix."""

    @property
    def is_emptied(self) -> bool:
        """Return whether it had files and has none, as with an unmounted disk, and no other source took them over."""
        lost = (path for path in self.gone if not any(f"{path}/".startswith(f"{inner}/") for inner in self.inner))
        return self.is_there and not self.files and any(lost)

    def stale(self) -> Iterator[str]:
        """Yield the path of every file that is new, changed or deleted; none of a source that is missing or emptied."""
        if not self.is_there or self.is_emptied:
            return
        yield from (file.name for file, before in self.files if not looks_unchanged(before, file))
        yield from self.gone


def compare(catalog: CatalogReader) -> Iterator[Comparison]:
    """Compare each source with the catalog; files of a source within another belong to the inner one only."""
    roots = {source: source_root(source) for source in catalog.sources()}
    for source, root in roots.items():
        known = {document.path: document for document in catalog.documents(source)}
        include, exclude = catalog.patterns(source)
        others = {*roots.values()} - {root}
        kinds = Counter[str]()
        files = find_files(root, others, include=include, exclude=exclude, unread_kinds=kinds)
        compared = [(file, known.pop(file.name, None)) for file in files]
        inner = sorted(storable(other.relative_to(root).as_posix()) for other in others if other.is_relative_to(root))
        yield Comparison(source, mode_of(root) != 0, compared, list(known), tuple(inner), kinds)


def looks_unchanged(before: StoredDocument | None, file: FoundFile) -> bool:
    """Return whether a file is as it was last read, by size, times and inode; its content is not read."""
    if before is None:
        return False
    if file.unread:
        told = ("indexed", LEFT) if file.is_elsewhere and before.status == "indexed" else file.unread
        return (before.status, before.reason) == told
    if before.reason in (LEFT, ELSEWHERE[1]) or before.reason.startswith(NEEDS_EXTRA):
        return False
    is_same = not before.changed_ns or (before.inode, before.changed_ns) == (file.inode, file.changed_ns)
    return is_same and (before.size, before.modified_ns) == (file.size, file.modified_ns)
