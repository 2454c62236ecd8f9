"""which questions can this library answer well? some to begin with, and for whoever only says hello"""

from __future__ import annotations

import re
from typing import Final

from assistant.answer import Answer
from index.library import Library
from index.records import Topic
from index.text import title_key

_WORD: Final = re.compile(r"\w+")

GREETINGS: Final = frozenset(
    "hi hello hey hiya howdy greetings hallo hola bonjour ciao bye goodbye thank thanks cheers".split()
)
SAID_ALONE: Final = frozenset("morning afternoon evening".split())
"""Times of day that greet without a "good" where nothing else is said."""
TIMES_OF_DAY: Final = SAID_ALONE | {"day", "night"}
BESIDE_GREETINGS: Final = frozenset(
    "there you all everyone everybody assistant my friend again and good how are a lot so very much".split()
)
"""Words that ask for nothing where a greeting, or "good" and a time of day, stands with them alone."""

OFFERED: Final = 2
"""Examples of a question that answer a greeting: one could be taken for all there is."""


def example_questions(library: Library, count: int) -> list[str]:
    """Return up to `count` questions, each of another topic."""
    return [_question(found.topic) for found in library.sample_topics(count)]


def is_greeting(question: str) -> bool:
    """Say whether somebody only says hello, thanks or goodbye.

    >>> is_greeting("Hello there!"), is_greeting("good morning"), is_greeting("hello world in Python")
    (True, True, False)
    """
    words = frozenset(_WORD.findall(question.casefold()))
    greets = (
        words & GREETINGS or ("good" in words and words & TIMES_OF_DAY) or (len(words) == 1 and words <= SAID_ALONE)
    )
    return bool(greets) and words <= GREETINGS | TIMES_OF_DAY | BESIDE_GREETINGS


def only_greets(answer: Answer) -> bool:
    """Say whether a question is a greeting, whatever notes hold its words; not where one is called so."""
    return is_greeting(answer.question) and not _has_its_own_topic(answer)


def _has_its_own_topic(answer: Answer) -> bool:
    return bool(answer.answered and answer.hits and title_key(answer.hits[0].topic) == title_key(answer.question))


def _question(topic: Topic) -> str:
    """Return the most question-like way in which a topic is asked for, or else its title."""
    questions = [phrase for phrase in topic.asked_as if phrase.endswith("?")]
    return next(iter(questions or topic.asked_as), topic.title)
