"""each source as it is now, beside what was last read of it: which of its files look new, changed or gone"""

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
"""What is said of a file that was read before its content left this machine."""


class Comparison(NamedTuple):
    """A source as it is beside what the catalog remembers of it."""

    source: str
    is_there: bool
    files: list[tuple[FoundFile, StoredDocument | None]]
    """Each file that is there, with what is remembered of it."""
    gone: list[str]
    """The paths of the files that are remembered and not there."""
    inner: tuple[str, ...] = ()
    """The paths of the folders and files in it that are sources of their own."""
    unread_kinds: Mapping[str, int] = MappingProxyType({})
    """How many files it has of each kind that nothing reads, by the end of their names."""

    @property
    def is_emptied(self) -> bool:
        """Say whether it had files and has none, as where a disk is not mounted; another source may have got them."""
        lost = (path for path in self.gone if not any(f"{path}/".startswith(f"{inner}/") for inner in self.inner))
        return self.is_there and not self.files and any(lost)

    def stale(self) -> Iterator[str]:
        """Yield the path of every file that is new, changed or gone; none of a source that is away as a whole."""
        if not self.is_there or self.is_emptied:
            return
        yield from (file.name for file, before in self.files if not looks_unchanged(before, file))
        yield from self.gone


def compare(catalog: CatalogReader) -> Iterator[Comparison]:
    """Compare each source with what is remembered of it; the files of a source inside it are only that one's."""
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
    """Return whether a file is, by all that is known without reading it, as it was last read."""
    if before is None:
        return False
    if file.unread:
        told = ("indexed", LEFT) if file.is_elsewhere and before.status == "indexed" else file.unread
        return (before.status, before.reason) == told
    if before.reason in (LEFT, ELSEWHERE[1]) or before.reason.startswith(NEEDS_EXTRA):
        return False
    is_same = not before.changed_ns or (before.inode, before.changed_ns) == (file.inode, file.changed_ns)
    return is_same and (before.size, before.modified_ns) == (file.size, file.modified_ns)
