"""does a passage say nothing of what is asked, though it holds the words of the question?"""

from __future__ import annotations

import re
from typing import Final

from assistant.answering.passage import is_unwritten
from index.markdown import visible_text
from index.records import Topic
from index.retrieval import asks_link, is_other_section
from index.text import stems, title_key

_PATH_OR_HOST: Final = re.compile(r"\S*\w[./]\w\S*")
_ASKS_NAME: Final = re.compile(r"\b(?:which|what|who|whose|where)\b", re.IGNORECASE)

_ASKS_OPENLY: Final = re.compile(r"^\W*(?:what|how|why|when|where|who)\b(?!.*\bor\b)", re.IGNORECASE)
"""A question that none of its own words answers."""

MAX_NAMING_WORDS: Final = 2
"""Words up to which a heading only names something; a longer one may state something: "Passport is in the drawer"."""


def says_nothing(question: str, topic: Topic, shown: str) -> bool:
    """Say whether a passage of a topic is no answer, whatever it is similar to.

    It is a placeholder, repeats words of the question, is a heading that only names something, or stands in a section
    that tells something else ("Impact", of a question for a remedy).
    """
    return (
        is_unwritten(shown)
        or is_other_section(question, topic.title)
        or _is_echo(question, shown)
        or _is_bare_heading(question, topic, visible_text(shown))
    )


def _is_echo(question: str, shown: str) -> bool:
    """Say whether a passage only repeats words of a question: a word or two of an open one, or links not asked for.

    >>> _is_echo("what is there to see of the mill?", "Mill"), _is_echo("is the mill open?", "Mill")
    (True, False)
    >>> _is_echo("is the mill open?", "[Mill](mill.md)"), _is_echo("where is the page on the mill?", "[Mill](mill.md)")
    (True, False)
    """
    seen = visible_text(shown)
    if not stems(seen) or not stems(seen) <= stems(question):
        return False
    if "](" in shown:
        return not asks_link(question)
    return len(seen.split()) <= MAX_NAMING_WORDS and _ASKS_OPENLY.search(question) is not None


def _is_bare_heading(question: str, topic: Topic, shown: str) -> bool:
    """Say whether the passage is the title of its topic and only a name, or says no more than the question."""
    if title_key(shown) != title_key(topic.title):
        return False
    is_name = shown.isascii() and len(shown.split()) <= MAX_NAMING_WORDS and not any(map(str.isdigit, shown))
    return is_name or stems(shown) <= stems(question)


def says_no_more(question: str, shown: str) -> bool:
    """Say whether a row of a table without code has no word beyond those of the question, addresses aside.

    False for a question that asks for a name ("Which tool makes copies?"): the topic's title is one.

    >>> says_no_more("how do I pack a box?", "| box | where boxes are packed | box.example |")
    True
    >>> says_no_more("how do I pack a box?", "| box | packed by hand |")
    False
    """
    if "|" not in shown or "`" in shown or _ASKS_NAME.search(question):
        return False
    return stems(_PATH_OR_HOST.sub(" ", visible_text(shown))) <= stems(question)
