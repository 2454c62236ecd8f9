"""topics that have the same title -> what is said beside each to tell them apart"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from assistant.location import location
from index.records import Anchor
from index.text import title_key


class Named(Protocol):
    """A topic by its headings and its place."""

    @property
    def subject(self) -> str:
        """The outermost heading."""

    @property
    def topic(self) -> str:
        """The title."""

    @property
    def path(self) -> str:
        """The file."""

    @property
    def line(self) -> int:
        """Where it stands in the file, counted from 1."""

    @property
    def anchor(self) -> Anchor | Mapping[str, str | int] | None:
        """Where it stands in a document that is no note."""

    @property
    def parents(self) -> tuple[str, ...]:
        """The headings between the subject and the title."""


def disambiguated(topics: Sequence[Named], beside: Sequence[Named] = ()) -> list[str]:
    """Return what is said with the title of each topic: nothing where no other, here or `beside`, has that title.

    It is the first of these that no other has: the subject, the headings below that, the file, the line in it.
    """
    told = [(title_key(named.topic), _ways(named)) for named in (*topics, *beside)]
    shared = Counter((title, way) for title, ways in told for way in ways)
    return [next((way for way in ways if shared[title, way] == 1), ways[-1]) for title, ways in told[: len(topics)]]


def _ways(topic: Named) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            ("", topic.subject, under(topic.parents), topic.path, location(topic.path, topic.line, topic.anchor))
        )
    )


def under(headings: Iterable[str]) -> str:
    """Return headings one below the other.

    >>> under(["Setup", "Linux"])
    'Setup › Linux'
    """
    return " › ".join(headings)
