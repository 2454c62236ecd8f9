"""the table of contents -> HTML"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from assistant.discovery import Contents, Listed, Point, disambiguated
from assistant.ui.views.browse import Group
from assistant.ui.views.dates_and_numbers import counted, number
from assistant.ui.views.messages import NO_TOPICS
from assistant.ui.views.rendering import render
from index.text import compared


class TopicList(NamedTuple):
    """A heading with topics below it."""

    heading: str
    size: str
    topics: Sequence[tuple[Listed | Point, str]]
    """Each with what tells it from others of its title."""


def contents_html(groups: Sequence[Group], matching: int, known: int, limit: int, unit: str = "subject") -> Markup:
    """Return headings with their topics as links, so many topics at most, and how many of all topics these are.

    `unit` is what a heading stands for; where it is empty, headings are not counted.
    """
    lists, listed = [], 0
    for group in groups:
        topics = group.topics[: limit - listed]
        lists += [_list(group.heading, topics)] if topics else []
        listed += len(topics)
    count = _count(listed, matching, known, counted(len(groups), unit) if unit else "")
    return render("contents", count=count) + render("topic_lists", lists=lists)


def _count(listed: int, matching: int, known: int, groups: str) -> str | Markup:
    if not known:
        return NO_TOPICS
    if not matching:
        return f"None of {counted(known, 'topic')} has these words in its title or subject."
    shown = counted(known, "topic") if matching == known else f"{number(matching)} of {counted(known, 'topic')}"
    inside = f" in {groups}" if groups else ""
    cut = f", the first {number(listed)} are listed: filter for fewer" if listed < matching else inside
    return f"{shown}{cut}."


def _list(heading: str, topics: Sequence[Listed]) -> TopicList:
    return TopicList(heading, number(len(topics)), list(zip(topics, notes_beside(topics, heading), strict=True)))


def notes_beside(topics: Sequence[Listed | Point], heading: str = "") -> list[str]:
    """Return what is said with the title of each topic: what tells it from others of its title, or else its subject.

    A subject that the title or the heading above repeats is not said: "Method" is nothing without "Sourdough rye".
    """
    known = [{compared(topic.topic), compared(heading)} for topic in topics]
    subjects = [
        "" if compared(topic.subject) in names else topic.subject for topic, names in zip(topics, known, strict=True)
    ]
    return [distinction or subject for distinction, subject in zip(disambiguated(topics), subjects, strict=True)]


def size_of(contents: Contents) -> str:
    """Return how many topics there are in how many subjects, or files where each is a subject of its own, in words."""
    files = counted(len({topic.path for topic in contents.topics}), "file")
    inside = counted(len(contents.subjects), "subject") if contents.grouping.by == "subject" else files
    return f"{counted(len(contents.topics), 'topic')} in {inside}"
