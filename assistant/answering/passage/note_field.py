"""which field of a note's front matter answers a question about the note?"""

from __future__ import annotations

import re
from typing import Final

from assistant.answering.passage.asked_field import asked_field
from assistant.answering.passage.asked_number import OPENING, number_asked
from assistant.answering.passage.day_above import tells_when
from assistant.answering.passage.lacking import lacks_name
from index.records import Topic
from index.text import stems

_ASKS_WHEN: Final = re.compile(rf"{OPENING}(?:when|(?:on )?(?:what|which) (?:day|date))\b", re.IGNORECASE)
_DATE_NAMES: Final = stems("date day due deadline")
WHOLE_NOTE: Final = frozenset(
    "date created modified updated lastmod created_at updated_at date_created date_modified datum erstellt tags".split()
)
"""Fields of when the note itself was written, which say nothing of what it is about, and tags."""


def note_field(question: str, topic: Topic, shown: str, note: str = "") -> str:
    """Return the field that answers a question which names the note of a topic and asks for nothing but the field.

    The note has the names of the topic, and that of its file, `note`.
    Who has a part ("who is the cook?") is told by a field of that name, whether or not the note is named. Empty where
    none does, or where the passage that is `shown` says what is asked.
    """
    if not topic.fields:
        return ""
    wanted, names = stems(question), stems("\n".join((topic.subject, *topic.aliases, note)))
    if lacks_name(question, shown):
        return next((_stated(name, value) for name, value in topic.fields if stems(name) == wanted - names), "")
    if not wanted & names:
        return ""
    beyond = wanted - names - stems(topic.heading_path)
    number, field, asks_when = number_asked(question), asked_field(question), bool(_ASKS_WHEN.search(question))
    if field.is_in(shown) or (asks_when and tells_when(shown)) or (beyond and not number and beyond <= stems(shown)):
        return ""
    for name, value in topic.fields:
        if name.replace(" ", "_") in WHOLE_NOTE or (number and not number.search(value)):
            continue
        is_when = asks_when and not stems(name).isdisjoint(_DATE_NAMES)
        is_named = is_when or field.is_named(name) or not beyond.isdisjoint(stems(name))
        if is_named and beyond - field.words <= stems(f"{name} {value}"):
            return _stated(name, value)
    return ""


def _stated(name: str, value: str) -> str:
    return f"{name.capitalize()}: {value}"
