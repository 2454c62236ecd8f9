"""what distinguishes topics of the same title? the subject, a heading, the file or the line"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from assistant.location import location
from index.records import Anchor
from index.text import PLAIN_WORD, title_key, unaccented


class Named(Protocol):
    """A topic with its headings and its place."""

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
        """The line in the file, counted from 1."""

    @property
    def anchor(self) -> Anchor | Mapping[str, str | int] | None:
        """The place in a document that is no note."""

    @property
    def parents(self) -> tuple[str, ...]:
        """The headings between the subject and the title."""


def disambiguated(topics: Sequence[Named], beside: Sequence[Named] = ()) -> list[str]:
    """Return what to show beside the title of each topic; empty if no other topic, here or `beside`, has the title.

    It is the first of these that is unique: the subject, the headings below the subject, the file, the line.
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


def headings_above(subject: str, parents: Iterable[str], title: str) -> str:
    """Return the headings above a topic as a path; empty if they only repeat its title, as the name of its note may.

    >>> headings_above("Sourdough", ["Rye"], "Baking"), headings_above("20-20-20 rule", [], "20-20-20 Rule")
    ('Sourdough › Rye', '')
    """
    above = under((subject, *parents))
    return "" if _words(above) == _words(title) else above


def _words(text: str) -> list[str]:
    return PLAIN_WORD.findall(unaccented(title_key(text)))


def under(headings: Iterable[str]) -> str:
    """Return headings as a path.

    >>> under(["Setup", "Linux"])
    'Setup › Linux'
    """
    return " › ".join(headings)
