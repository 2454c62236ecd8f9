"""the ways in which topics are browsed: by subject, by folder, what was changed last, favourites"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

from assistant.discovery import GroupedBy, Listed
from assistant.ui.views.dates_and_numbers import month

View: TypeAlias = Literal["subject", "folder", "recent", "favourites"]

VIEWS: Final[tuple[View, ...]] = get_args(View)

LABELS: Final[Mapping[View, str]] = {"folder": "By folder", "recent": "Changed last", "favourites": "Favourites"}

TOP: Final = "At the top"
"""What the folder is called that holds all others."""


class Group(NamedTuple):
    """Topics below a heading."""

    heading: str
    topics: tuple[Listed, ...]


def view_of(name: str, by: GroupedBy = "subject") -> View:
    """Return the view that an address names; where it names none, what the topics of the library are sorted by."""
    return next((view for view in VIEWS if view == name), "folder" if by == "folder" else "subject")


def unit_of(view: View, by: GroupedBy) -> str:
    """Return what a heading of a view stands for; nothing where headings are days or there is but one.

    >>> unit_of("subject", "subject"), unit_of("subject", "folder"), unit_of("recent", "subject")
    ('subject', 'note', '')
    """
    names: Mapping[View, str] = {"subject": "subject" if by == "subject" else "note", "folder": "folder"}
    return names.get(view, "")


def label_of(view: View, by: GroupedBy) -> str:
    """Return what the button of a view says, given what the topics of the library are sorted by.

    >>> label_of("subject", "folder"), label_of("recent", "folder")
    ('By note', 'Changed last')
    """
    return LABELS.get(view) or f"By {unit_of(view, by)}"


def arranged(
    topics: Sequence[Listed], view: View, changed: Mapping[str, int], favourites: Sequence[str], today: date
) -> list[Group]:
    """Return topics under the headings of a view, given when each file was changed, in nanoseconds, by its path.

    Folders stand in the order in which something in them was changed last.
    """
    if view == "favourites":
        by_id = {topic.id: topic for topic in topics}
        return _browse_groups([("Favourites", [by_id[id_] for id_ in favourites if id_ in by_id])])
    if view == "subject":
        return _browse_groups(
            (subject, list(some)) for subject, some in groupby(topics, key=lambda topic: topic.subject)
        )
    latest = sorted(topics, key=lambda topic: (-changed.get(topic.path, 0), topic.path, topic.line))
    if view == "recent":
        days = ((when_words(changed.get(topic.path, 0), today), topic) for topic in latest)
        return _browse_groups(
            (day, [topic for _, topic in some]) for day, some in groupby(days, key=lambda pair: pair[0])
        )
    folders: dict[str, list[Listed]] = {}
    for topic in latest:
        folders.setdefault(posixpath.dirname(topic.path) or TOP, []).append(topic)
    return _browse_groups(folders.items())


def when_words(changed_ns: int, today: date) -> str:
    """Return when a file was changed, as a person says it.

    >>> when_words(0, date(2026, 5, 3)), when_words(int(datetime(2026, 5, 2, 9).timestamp() * 1e9), date(2026, 5, 3))
    ('Before anybody knows', 'Yesterday')
    """
    if not changed_ns:
        return "Before anybody knows"
    day = datetime.fromtimestamp(changed_ns / 1e9).astimezone().date()
    if day >= today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    return "In the last seven days" if day > today - timedelta(days=7) else month(day)


def _browse_groups(groups: Iterable[tuple[str, Sequence[Listed]]]) -> list[Group]:
    return [Group(heading, tuple(topics)) for heading, topics in groups if topics]
