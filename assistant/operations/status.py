"""what does a library hold, and which files have changed since? the facts of `topics status`"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from index.storage import ServerState

if TYPE_CHECKING:
    from index.library import Library


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that was left out, or read only in part."""

    source: str
    path: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class Status:
    """What a library holds."""

    library: str
    model: str | None
    sources: dict[str, int]
    """Each source with the number of its files."""
    patterns: dict[str, dict[str, list[str]]]
    """What is included and excluded of each source that has patterns."""
    subjects: dict[str, int]
    """Each subject with the number of its topics."""
    topics: int
    documents: dict[str, int]
    """The number of files that are indexed, skipped, failed, read in part (also counted as indexed) and stale."""
    problems: tuple[Problem, ...]
    stale: tuple[str, ...]
    """Files that are new, changed or deleted since the last sync."""
    missing_sources: tuple[str, ...]
    emptied_sources: tuple[str, ...]
    """Sources that had files and have none at present, as with an unmounted disk."""
    sources_elsewhere: tuple[str, ...]
    """Sources of a library on a server whose files another machine reads."""
    server: ServerState | None
    """The state of that server; None for a library in a folder."""
    unread_kinds: dict[str, int]
    """The number of files of each kind that nothing reads, by suffix, largest first."""

    @property
    def is_sound(self) -> bool:
        """Return whether every file was read and every source exists."""
        return not (self.documents["failed"] or self.missing_sources or self.emptied_sources)

    @property
    def reasons(self) -> dict[tuple[str, str], list[str]]:
        """Return the paths of files by status and reason, largest group first."""
        return by_reason((problem.status, problem.reason, problem.path) for problem in self.problems)

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


def by_reason(problems: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str], list[str]]:
    """Group paths by status and reason, largest group first."""
    paths: dict[tuple[str, str], list[str]] = {}
    for status, reason, path in problems:
        paths.setdefault((status, reason), []).append(path)
    return dict(sorted(paths.items(), key=lambda item: -len(item[1])))


def away_words(missing: Iterable[str], emptied: Iterable[str]) -> list[str]:
    """Return what there is to say of sources that have no note to read at present, a sentence each.

    >>> away_words(["/disk/notes"], [])
    ['/disk/notes is not there at present; what was read of it is kept. `topics remove` forgets it.']
    """
    return [
        *(
            f"{source} is not there at present; what was read of it is kept. `topics remove` forgets it."
            for source in missing
        ),
        *(
            f"{source} has no note to read at present, as if its disk were not mounted; what was read of it is kept. "
            "If its notes were deleted, `topics sync --prune` forgets them."
            for source in emptied
        ),
    ]


def library_status(library: Library) -> Status:
    """Return what a library holds, compared with its files as they are on the disk."""
    documents = library.documents()
    compared = library.compared()
    by_source = Counter(document.source for document in documents)
    by_status = Counter(document.status for document in documents)
    in_part = sum(document.status == "indexed" and bool(document.reason) for document in documents)
    away = tuple(comparison.source for comparison in compared if not comparison.is_there)
    stale = [path for comparison in compared for path in comparison.stale()]
    subjects = library.subjects()
    kinds = sum((Counter(comparison.unread_kinds) for comparison in compared), Counter[str]())
    return Status(
        library=library.name,
        model=library.model,
        sources={comparison.source: by_source[comparison.source] for comparison in compared},
        patterns={
            comparison.source: _pattern_lists(library, comparison.source)
            for comparison in compared
            if any(library.reader.patterns(comparison.source))
        },
        subjects=subjects,
        topics=sum(subjects.values()),
        documents={name: by_status[name] for name in ("indexed", "skipped", "failed")}
        | {"in_part": in_part, "stale": len(stale)},
        problems=tuple(Problem(d.source, d.path, d.status, d.reason) for d in documents if d.reason),
        stale=tuple(stale),
        missing_sources=() if library.is_on_server else away,
        sources_elsewhere=away if library.is_on_server else (),
        server=library.storage.server_state(),
        emptied_sources=tuple(comparison.source for comparison in compared if comparison.is_emptied),
        unread_kinds=dict(kinds.most_common()),
    )


def _pattern_lists(library: Library, source: str) -> dict[str, list[str]]:
    return {name: list(globs) for name, globs in library.reader.patterns(source)._asdict().items()}
