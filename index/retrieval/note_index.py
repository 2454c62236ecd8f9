"""which topics are in the notes that a filter lets through? folder, tag, source, kind of document, day -> row ids"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath, PurePosixPath

import numpy as np
import numpy.typing as npt

from index.errors import QuestionError
from index.formats import KIND_OF
from index.records import Ids, NoteFacts, NoteFilter
from index.storage import Reader
from index.text import compared, dates, day_of_path, offered, stem

Notes = set[int]
"""Numbers of notes."""


@dataclass(frozen=True)
class NoteIndex:
    """The notes of one revision by what they can be filtered by; immutable, so that threads share it."""

    row_ids: Ids
    """Ascending."""
    note_of_topic: npt.NDArray[np.int64]
    """The number of the note that each topic stands in."""
    folders: Mapping[str, Notes]
    """The notes in and below each folder, by the folder's path and by every suffix of that path."""
    tags: Mapping[str, Notes]
    """The notes of each tag and of the tags nested below it."""
    sources: Mapping[str, Notes]
    kinds: Mapping[str, Notes]
    dated: npt.NDArray[np.int64]
    """The number of the note that each of `days` belongs to."""
    days: npt.NDArray[np.int64]
    """The days of all notes as ordinals, grouped by note."""
    named: Mapping[str, Mapping[str, str]]
    """How folders, tags and sources are written: by facet, then by the compared form."""

    @classmethod
    def of(cls, facts: Iterable[NoteFacts]) -> NoteIndex:
        """Return an index of topics, given in the order of their ids."""
        numbers: dict[tuple[str, str], int] = {}
        topics: list[tuple[int, int]] = []
        by_facet = {name: defaultdict[str, Notes](set) for name in ("folder", "tag", "source", "kind")}
        named: dict[str, dict[str, str]] = {name: {} for name in by_facet}
        dated: list[tuple[int, int]] = []
        for fact in facts:
            key = fact.source, fact.path
            is_new = key not in numbers
            note = numbers.setdefault(key, len(numbers))
            topics.append((fact.row_id, note))
            values = _tags_and_parents(fact) if not is_new else [*_tags_and_parents(fact), *_places(fact)]
            for facet, value in values:
                named[facet].setdefault(compared(value), value)
                by_facet[facet][compared(value)].add(note)
            if is_new:
                dated += [(note, day) for day in _days(fact)]
        ids, notes = _columns(topics)
        of_days, days = _columns(dated)
        return cls(
            ids, notes, by_facet["folder"], by_facet["tag"], by_facet["source"], by_facet["kind"], of_days, days, named
        )

    def topics(self, wanted: NoteFilter) -> Ids:
        """Return the topics of the notes that a filter lets through, ascending; `without` is not applied here.

        Raises:
            QuestionError: the library has no such folder, tag, source or kind of document.

        """
        allowed = self._dated_between(wanted.after, wanted.before)
        for facet, values in (("folder", wanted.folders), ("source", wanted.sources), ("kind", wanted.kinds)):
            if values:
                allowed &= self._mask(set[int]().union(*(self._notes(facet, value) for value in values)))
        for tag in wanted.tags:
            allowed &= self._mask(self._notes("tag", tag))
        return self.row_ids[allowed[self.note_of_topic]]

    def newest_first(self, row_ids: Ids) -> Ids:
        """Return topics ordered by the last day of their notes, newest first."""
        last = np.zeros(self._size, dtype=np.int64)
        np.maximum.at(last, self.dated, self.days)
        notes = self.note_of_topic[np.searchsorted(self.row_ids, row_ids)]
        return row_ids[np.argsort(-last[notes], kind="stable")]

    def counts(self, facet: str) -> dict[str, int]:
        """Return the number of topics of each value of a facet, largest first."""
        per_note = np.bincount(self.note_of_topic, minlength=self._size)
        counted = Counter(
            {self.named[facet][key]: int(per_note[list(notes)].sum()) for key, notes in self._facet(facet).items()}
        )
        return dict(counted.most_common())

    def values_of(self, facet: str, row_ids: Iterable[int]) -> set[str]:
        """Return the values of a facet that the notes of these topics have."""
        places = np.searchsorted(self.row_ids, np.fromiter(row_ids, dtype=np.int64))
        notes = set(self.note_of_topic[places[places < len(self.row_ids)]].tolist())
        return {self.named[facet][key] for key, of_key in self._facet(facet).items() if notes & of_key}

    @property
    def _size(self) -> int:
        return int(self.note_of_topic.max(initial=-1)) + 1

    def _facet(self, facet: str) -> Mapping[str, Notes]:
        return {"folder": self.folders, "tag": self.tags, "source": self.sources, "kind": self.kinds}[facet]

    def _notes(self, facet: str, value: str) -> Notes:
        known = self._facet(facet)
        if notes := known.get(compared(value.strip("/#"))) or known.get(compared(value)):
            return notes
        what = {"kind": "kind of document", "tag": "tag"}.get(facet, facet)
        names = offered(value, self.named[facet].values())
        raise QuestionError(f"There is no {what} {value!r} in this library. What there is: {names}.")

    def _mask(self, notes: Notes) -> npt.NDArray[np.bool_]:
        mask = np.zeros(self._size, dtype=np.bool_)
        mask[list(notes)] = True
        return mask

    def _dated_between(self, after: date | None, before: date | None) -> npt.NDArray[np.bool_]:
        if not (after or before):
            return np.ones(self._size, dtype=np.bool_)
        first = after.toordinal() if after else 0
        end = before.toordinal() if before else date.max.toordinal() + 1
        mask = np.zeros(self._size, dtype=np.bool_)
        mask[self.dated[(self.days >= first) & (self.days < end)]] = True
        return mask


class LatestNoteIndex:
    """The note index of the present revision: built when a filter first needs it, reused until the next revision."""

    def __init__(self) -> None:
        """Begin without an index."""
        self._lock = threading.Lock()
        self._made: tuple[int, NoteIndex] | None = None

    def get(self, reader: Reader) -> NoteIndex:
        """Return the index of the reader's revision."""
        with self._lock:
            revision = reader.revision()
            if self._made is None or self._made[0] != revision:
                self._made = revision, NoteIndex.of(reader.note_facts())
            return self._made[1]

    def allowed(self, reader: Reader, wanted: NoteFilter) -> Ids | None:
        """Return the topics that a filter lets through, ascending; None if it lets all through.

        Raises:
            QuestionError: the library has no such folder, tag, source or kind of document.

        """
        if not wanted:
            return None
        allowed, lexical = self.get(reader).topics(wanted), reader.lexical()
        for word in wanted.without:
            allowed = np.setdiff1d(allowed, lexical.topics_containing([stem(compared(word))], max(len(lexical), 1)))
        for row_id in wanted.without_topics:
            allowed = np.setdiff1d(allowed, reader.row_ids(row_id))
        return allowed


def _columns(pairs: list[tuple[int, int]]) -> tuple[Ids, Ids]:
    both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _tags_and_parents(fact: NoteFacts) -> list[tuple[str, str]]:
    """Return the tags of a note and the tags that these are nested in.

    >>> [tag for _, tag in _tags_and_parents(NoteFacts(1, "", "a.md", 0, ("bread/rye",), ()))]
    ['bread', 'bread/rye']
    """
    parts = (tag.split("/") for tag in fact.tags)
    return [("tag", "/".join(tag[:end])) for tag in parts for end in range(1, len(tag) + 1)]


def _places(fact: NoteFacts) -> list[tuple[str, str]]:
    """Return the folders of a note, its source and its kind.

    >>> _places(NoteFacts(1, "/home/notes", "food/bread/rye.md", 0, (), ()))
    [('source', '/home/notes'), ('source', 'notes'), ('kind', 'note'), ('folder', 'food'), ('folder', 'food/bread'), ('folder', 'bread')]
    """  # noqa: E501 (the example is one list)
    path = PurePosixPath(fact.path)
    folders = path.parent.parts
    ends = [(first, end) for first in range(len(folders)) for end in range(first + 1, len(folders) + 1)]
    suffix = path.suffix.lower().lstrip(".")
    source = PurePath(fact.source)
    return [
        ("source", fact.source),
        *([("source", source.name)] if source.name != fact.source else []),
        ("kind", KIND_OF.get(suffix, suffix or "note")),
        *(("folder", "/".join(folders[first:end])) for first, end in ends),
    ]


def _days(fact: NoteFacts) -> set[int]:
    """Return the days of a note as ordinals: those of its front matter and name, or else of its last change."""
    stated = {*fact.days, *(day.key for day in dates(PurePosixPath(fact.path).stem) if day.has_year)}
    stated |= {day_of_path(fact.path)} - {""}
    ordinals = set[int]()
    for day in stated:
        with suppress(ValueError):  # a damaged row
            ordinals.add(date.fromisoformat(day).toordinal())
    return ordinals or {_day_of(fact.modified_ns)}


def _day_of(modified_ns: int) -> int:
    try:
        return datetime.fromtimestamp(modified_ns / 1e9).astimezone().toordinal()
    except (OverflowError, OSError, ValueError):
        return date.min.toordinal()
