"""which questions can this library answer well? examples for the first page and for a greeting"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath
from typing import Final

from assistant.answer import Answer
from index.catalog import StoredTopic
from index.library import Library
from index.markdown import visible_text
from index.records import Topic
from index.sources import BUILTIN
from index.text import PLAIN_WORD, stems, title_key

_WEB_ADDRESS: Final = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)

GREETINGS: Final = frozenset(
    "hi hello hey hiya howdy greetings hallo hola bonjour ciao bye goodbye thank thanks cheers".split()
)
SAID_ALONE: Final = frozenset("morning afternoon evening".split())
"""Times of day that are a greeting on their own, without "good"."""
TIMES_OF_DAY: Final = SAID_ALONE | {"day", "night"}
BESIDE_GREETINGS: Final = frozenset(
    "there you all everyone everybody assistant my friend again and good how are a lot so very much".split()
)
"""Words that may accompany a greeting, or "good" and a time of day, without asking anything."""

LOOKED_AT: Final = 100
"""Topics that examples are chosen from, of different subjects if there are enough."""
SUBSTANCE: Final = 5
"""Meaningful words of a topic, at least, for an example question about it."""

OFFERED: Final = 2
"""Example questions in the answer to a greeting: one alone could be taken for all there is."""


def example_questions(library: Library, count: int) -> list[str]:
    """Return up to `count` questions, each of another topic; about the bundled topics if there are no others."""
    sample = library.reader.sample_topics(max(count, LOOKED_AT))
    sample = [stored for stored in sample if stored.source != BUILTIN] or sample
    telling = [stored for stored in sample if _tells(stored.topic)] or sample
    return [_question(stored.topic) for stored in _spread(telling)[:count]]


def _tells(topic: Topic) -> bool:
    """Return whether a topic says something: more than a title, a link or a placeholder."""
    texts = (_WEB_ADDRESS.sub(" ", visible_text(entry.text)) for entry in topic.entries)
    return len(frozenset[str]().union(*map(stems, texts))) >= SUBSTANCE


def _spread(sample: Sequence[StoredTopic]) -> list[StoredTopic]:
    """Return topics with the folders of their notes in turn, those with questions as ways to ask first.

    A title of one word, such as "Requirements", comes last: it means another thing in each note.
    """
    met: Counter[tuple[int, str, str]] = Counter()
    turns: dict[str, tuple[int, int]] = {}
    for stored in sample:
        question = _question(stored.topic)
        is_question = bool(stored.topic.asked_as) or question.endswith("?")
        rank = 0 if is_question else 1 if len(question.split()) > 1 else 2
        kind = (rank, stored.source, str(PurePath(stored.path).parent))
        turns[stored.topic_id] = kind[0], met[kind]
        met[kind] += 1
    return sorted(sample, key=lambda stored: turns[stored.topic_id])


def is_greeting(question: str) -> bool:
    """Return whether somebody only says hello, thanks or goodbye.

    >>> is_greeting("Hello there!"), is_greeting("good morning"), is_greeting("hello world in Python")
    (True, True, False)
    """
    words = frozenset(PLAIN_WORD.findall(question.casefold()))
    greets = (
        words & GREETINGS or ("good" in words and words & TIMES_OF_DAY) or (len(words) == 1 and words <= SAID_ALONE)
    )
    return bool(greets) and words <= GREETINGS | TIMES_OF_DAY | BESIDE_GREETINGS


def only_greets(answer: Answer) -> bool:
    """Return whether a question is only a greeting, even if notes hold its words, and no topic has it as its name."""
    return is_greeting(answer.question) and not _has_its_own_topic(answer)


def _has_its_own_topic(answer: Answer) -> bool:
    return bool(answer.answered and answer.hits and title_key(answer.hits[0].topic) == title_key(answer.question))


def _question(topic: Topic) -> str:
    """Return the way to ask for a topic that is most like a question, or else its title."""
    questions = [phrase for phrase in topic.asked_as if phrase.endswith("?")]
    return next(iter(questions or topic.asked_as), topic.title)
