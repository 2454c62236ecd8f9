"""what are topics sorted by? their subjects, or folders where each note is a subject of its own, or nothing"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final, Literal, Protocol, TypeAlias

from index.text import compared

GroupedBy: TypeAlias = Literal["subject", "folder", "nothing"]

MAX_NOTES_AS_SUBJECTS: Final = 12
"""Notes up to which each may be a group of its own: as many fit a legend or a row of buttons."""

OWN_SHARE: Final = 0.5
"""The share of the notes that are alone with their subject, above which subjects are only names of notes."""


class Placed(Protocol):
    """A topic by its subject and its place."""

    @property
    def subject(self) -> str:
        """The outermost heading."""

    @property
    def path(self) -> str:
        """The file, relative to its source, with forward slashes."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """What the topics of a library are sorted by."""

    by: GroupedBy
    shared: int = 0
    """The number of top folders that all notes have in common."""

    def group_of(self, topic: Placed) -> str:
        """Return the name of the group that a topic belongs to; empty if it belongs to none."""
        if self.by == "subject":
            return topic.subject
        return _folder(topic.path, self.shared) if self.by == "folder" else ""

    def counts(self, topics: Iterable[Placed]) -> dict[str, int]:
        """Return every group with the number of its topics, the largest first; topics of no group are left out."""
        counted = Counter(map(self.group_of, topics))
        return {name: number for name, number in counted.most_common() if name}


def grouping_of(topics: Sequence[Placed]) -> Grouping:
    """Return how topics are best grouped: by subject, by folder, or not at all.

    A note without a top heading has its file name as subject, so that each note is a subject of its own. Thousands of
    subjects tell a reader nothing, but folders do, unless all notes are in one.
    """
    if not _notes_are_subjects(topics):
        return Grouping("subject")
    folders = [PurePosixPath(path).parts[:-1] for path in dict.fromkeys(topic.path for topic in topics)]
    shared = _shared_depth(folders)
    return Grouping("folder", shared) if any(len(folder) > shared for folder in folders) else Grouping("nothing")


def _notes_are_subjects(topics: Iterable[Placed]) -> bool:
    """Return whether most of many notes are the only ones of their subject."""
    notes_of: defaultdict[str, set[str]] = defaultdict(set)
    for topic in topics:
        notes_of[compared(topic.subject)].add(topic.path)
    notes = set[str]().union(*notes_of.values())
    alone = sum(len(paths) == 1 for paths in notes_of.values())
    return len(notes) > MAX_NOTES_AS_SUBJECTS and alone > OWN_SHARE * len(notes)


def _shared_depth(folders: Sequence[tuple[str, ...]]) -> int:
    """Return the number of top folders that all paths have in common.

    >>> _shared_depth([("notes", "food"), ("notes", "work", "git")]), _shared_depth([("food",), ()])
    (1, 0)
    """
    first, last = min(folders), max(folders)
    pairs = zip(first, last, strict=False)
    return next(
        (depth for depth, (first_part, other) in enumerate(pairs) if first_part != other), min(len(first), len(last))
    )


def _folder(path: str, shared: int) -> str:
    """Return the first folder of a note below the shared ones; empty for a note outside any.

    >>> _folder("notes/food/bread/rye.md", 1), _folder("notes/index.md", 1)
    ('food', '')
    """
    return next(iter(PurePosixPath(path).parts[shared:-1]), "")
