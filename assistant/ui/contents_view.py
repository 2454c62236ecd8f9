"""the table of contents -> HTML"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assistant.amounts import counted
from assistant.discovery import Listed, by_subject, told_apart
from assistant.place import Place
from assistant.ui.cards import NO_TOPICS, name_html


def contents_html(listed: Sequence[Listed], found: int, known: int) -> str:
    """Return subjects with their topics as links, and how many of all topics these are."""
    subjects = by_subject(listed)
    parts = "".join(_subject(subject, topics) for subject, topics in subjects.items())
    return f'<p class="ta-note" role="status">{_count(len(listed), found, known, len(subjects))}</p>{parts}'


def _count(listed: int, found: int, known: int, subjects: int) -> str:
    if not known:
        return NO_TOPICS
    if not found:
        return f"None of {counted(known, 'topic')} has these words in its title or subject."
    shown = counted(known, "topic") if found == known else f"{found:,} of {counted(known, 'topic')}"
    cut = (
        f", the first {listed:,} are listed: filter for fewer"
        if listed < found
        else f" in {counted(subjects, 'subject')}"
    )
    return f"{shown}{cut}."


def _subject(subject: str, topics: Sequence[Listed]) -> str:
    items = "".join(
        f'<li><a class="ta-step" data-topic="{escape(topic.id)}" href="{escape(Place(topic=topic.id).link)}">'
        f"{name_html(topic.topic, apart)}</a></li>"
        for topic, apart in zip(topics, told_apart(topics), strict=True)
    )
    return (
        f'<section><h2 class="ta-subject">{escape(subject)} <span class="ta-number">{len(topics):,}</span></h2>'
        f'<ul class="ta-list ta-columns">{items}</ul></section>'
    )
