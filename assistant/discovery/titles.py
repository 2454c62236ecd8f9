"""which topic does a title mean, however it is typed? (home of rapidfuzz)"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

from assistant.discovery.overview import Contents, Listed
from assistant.location import location
from index.catalog import Heading, StoredTopic
from index.errors import QuestionError
from index.library import Library
from index.text import PLAIN_WORD, storable, title_key

SAME: Final = 80.0
"""The similarity, of 100, from which a text is a misspelt title: one wrong letter in each word of a short title."""
LIKE: Final = 60.0
"""The similarity, of 100, from which an unknown id may mean a known one: a few wrong characters."""
CLEARLY: Final = 5.0
"""The lead in similarity that the nearest title of a misspelling must have over the next."""
MAX_TITLES_OFFERED: Final = 8
"""Titles that are offered when several may be meant."""
MAX_NEAREST: Final = 3
"""Topics that are named where what was typed names none."""

_SECTION_NUMBER: Final = re.compile(r"^\d+(?:\.\d+)*[.)]\s+")


class Meant(NamedTuple):
    """The topic that was meant."""

    row_id: int
    stored: StoredTopic
    by_title: bool
    """False if the text was taken as a question, whose best answer this is."""


class _Title(NamedTuple):
    row_id: int
    key: str
    path_key: str
    """With all headings above it, as `subject > title`."""
    names: frozenset[str]
    """The texts that name exactly this topic: its title, alone or below its subject or all headings, and its place."""
    shown: str


def find_topic(library: Library, typed: str) -> Meant:
    """Return the topic of a title, a partial or misspelt title, or a place; or else that of the best answer.

    Raises:
        QuestionError: several topics may be meant, or the library has none.

    """
    typed = storable(typed)
    key = title_key(_SECTION_NUMBER.sub("", typed.strip()))
    if not key:
        raise QuestionError("Name a topic by its title, as in: GitOps Fundamentals")
    titles = [_title(id_, heading) for id_, heading in library.reader.headings().items()]
    for find in (_exact, _part, _misspelt):
        if matching := list(find(key, titles)):
            id_ = _only(typed, matching)
            return Meant(id_, library.topics([id_])[id_], by_title=True)
    hits = library.search(typed, 1)
    if not hits:
        raise QuestionError("There are no topics in this library yet. Add notes with: topics add FOLDER")
    return Meant(hits[0].row_id, library.topics([hits[0].row_id])[hits[0].row_id], by_title=False)


def nearest_topics(contents: Contents, typed: str) -> list[Listed]:
    """Return the topics whose places, or else ids, or else titles, are most similar to what names no topic, if any."""
    if at_place := _near_place(contents, storable(typed)):
        return at_place[:MAX_NEAREST]
    key = title_key(storable(typed))
    for choices in ([topic.id for topic in contents.topics], [title_key(topic.topic) for topic in contents.topics]):
        if nearest := process.extract(key, choices, scorer=fuzz.ratio, score_cutoff=LIKE, limit=MAX_NEAREST):
            return [contents.topics[position] for _, _, position in nearest]
    return []


def _near_place(contents: Contents, typed: str) -> list[Listed]:
    """Return the topic at a place in each file whose path is a part of its path or the other way, or else similar."""
    path, line = split_place(typed)
    alike = [known for known in contents.paths if _ends_alike(f"/{known}", f"/{path}")]
    if not alike:
        alike = [known for known, *_ in process.extract(path, contents.paths, scorer=fuzz.ratio, score_cutoff=SAME)]
    return [topic for known in alike for topic in contents.at(known, line) or contents.first_of(known)]


def _ends_alike(path: str, other: str) -> bool:
    return path.endswith(other) or other.endswith(path)


def split_place(typed: str) -> tuple[str, int]:
    """Return the path and the line of a place; line 0 where it names none.

    >>> split_place("notes.md:12"), split_place("notes.md")
    (('notes.md', 12), ('notes.md', 0))
    """
    path, _, line = typed.rpartition(":")
    is_line = path and line.isascii() and line.isdigit() and len(line) < 10
    return (path, int(line)) if is_line else (typed, 0)


def _title(row_id: int, heading: Heading) -> _Title:
    shown = " > ".join((heading.subject, *heading.parents, heading.title))
    place = location(heading.path, heading.line, heading.anchor)
    names = heading.title, f"{heading.subject} > {heading.title}", shown, place
    return _Title(
        row_id, title_key(heading.title), title_key(shown), frozenset(map(title_key, names)), f"{shown}   {place}"
    )


def _exact(key: str, titles: Sequence[_Title]) -> Iterator[_Title]:
    return (title for title in titles if key in title.names)


def _part(key: str, titles: Sequence[_Title]) -> Iterator[_Title]:
    """Yield the titles with words that begin as those typed do."""
    typed = PLAIN_WORD.findall(key)
    for title in titles if typed else ():
        words = PLAIN_WORD.findall(title.path_key if ">" in key else title.key)
        if all(any(word.startswith(part) for word in words) for part in typed):
            yield title


def _misspelt(key: str, titles: Sequence[_Title]) -> list[_Title]:
    keys = [title.path_key if ">" in key else title.key for title in titles]
    nearest = process.extract(key, keys, scorer=fuzz.ratio, score_cutoff=SAME, limit=MAX_TITLES_OFFERED + 1)
    return [titles[place] for _, score, place in nearest if score > nearest[0][1] - CLEARLY]


def _only(typed: str, titles: Sequence[_Title]) -> int:
    if len(titles) > 1:
        names = "\n".join(f"  {title.shown}" for title in titles[:MAX_TITLES_OFFERED])
        more = f"\n  and {len(titles) - MAX_TITLES_OFFERED} more" if len(titles) > MAX_TITLES_OFFERED else ""
        raise QuestionError(
            f"{typed!r} may mean any of {len(titles)} topics; give more of the title, or a place:\n{names}{more}"
        )
    return titles[0].row_id
