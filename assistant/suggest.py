"""which questions can this library answer well? some to begin with"""

from __future__ import annotations

from index.library import Library
from index.records import Topic


def example_questions(library: Library, count: int) -> list[str]:
    """Return up to `count` questions, each of another topic."""
    return [_question(found.topic) for found in library.sample_topics(count)]


def _question(topic: Topic) -> str:
    """Return the most question-like way in which a topic is asked for, or else its title."""
    questions = [phrase for phrase in topic.asked_as if phrase.endswith("?")]
    return next(iter(questions or topic.asked_as), topic.title)
