"""which words of a question say what is wanted of a thing, so that an answer need not hold them?"""

from __future__ import annotations

import re
from typing import Final

from assistant.answering.asked_action import asked_permission
from assistant.answering.passage import ASKS_ORDER, PERMISSION_WORDS, asked_field
from index.records import Hit, Topic
from index.retrieval import SearchResults, is_remedy, words_for_section
from index.text import NumberMatch, joined_parts, number_matches, said_stems, stems

ASKING_WORDS: Final = stems(
    """
    example instance snippet sample story anecdote illustration case practical concrete actual practice wild action
    step tip trick advice checklist tutorial procedure instruction guide rule thumb walk recipe look start begin rid
    definition define meaning term concept overview summary basics introduction explain explanation describe nutshell
    plain simple words purpose point reason idea difference differ exactly happen left tried ever reach contact
    downside drawback upside disadvantage advantage benefit pro con caveat weakness strength tradeoff nachteil vorteil
    line sentence paragraph brief briefly short shortly please quick quickly deal worth everyone everybody anyone
    anybody someone somebody people really actually honestly basically simply complain turn
    """
)
"""Words that an answer need not hold: they say what is wanted of a thing, or nothing to look for. On notes that nothing
was fitted on, those above "line" raise the AUROC of answers against near misses by .01; the others are everyday words
that a small library lacks and takes for rare ones."""

_NEWS_ASKED: Final = re.compile(r"\bwhat(?:['’]s| is| has| was)? (?:new|changed)\b(?=.*\d)", re.IGNORECASE)
"""A question for what a version brought, which its notes list without these words."""
_NEWS_WORDS: Final = stems("new changed")
_DEFAULT_ASKED: Final = re.compile(r"\bdefault (?:value|setting)\b", re.IGNORECASE)
_DEFAULT_WORDS: Final = stems("value setting")
"""What "default" says alone."""
_ORDER_WORDS: Final = stems("order")
_EVENT_ASKED: Final = re.compile(r"\bwhat (?:all )?(?:happened|has happened|went on)\b", re.IGNORECASE)
_EVENT_WORDS: Final = stems("happened happen went")
"""What every sentence of a note on some time tells."""


def asking_words(results: SearchResults, hit: Hit) -> frozenset[str]:
    """Return the stems that a topic need not hold to answer a question."""
    question = results.query.text
    return ASKING_WORDS.union(
        _permission_asked(question, hit.topic),
        words_for_section(question, hit.topic.title),
        _told_of_case(results, hit),
        _NEWS_WORDS if _NEWS_ASKED.search(question) else (),
        _DEFAULT_WORDS if _DEFAULT_ASKED.search(question) else (),
        _ORDER_WORDS if ASKS_ORDER.search(question) else (),
    )


def said_above(results: SearchResults, hit: Hit) -> frozenset[str]:
    """Return the stems that a topic says above its sentences, which then need not say them.

    Its headings do; "Supplier" says who supplies, "Solution" how to fix it and in which case, and "Session 05" says
    "session 5".
    """
    question, topic = results.query.text, hit.topic
    field, headings = asked_field(question), stems(topic.heading_path)
    numbers = (word for word, how in number_matches(question, topic.heading_path).items() if how is NumberMatch.SAME)
    return headings.union(
        joined_parts(question, headings),
        field.words if field.is_named(topic.title) else (),
        words_for_section(question, topic.title),
        numbers,
        _EVENT_WORDS if _EVENT_ASKED.search(question) else (),
        _told_of_case(results, hit),
    )


def _told_of_case(results: SearchResults, hit: Hit) -> frozenset[str]:
    """Return the stems that the other sections of a note say where a remedy is asked for: the case in which it helps.

    None where the hit is not the section that has the remedy.
    """
    if not is_remedy(results.query.text, hit.topic.title):
        return frozenset()
    others = (section.topic.full_text for section in results.sections if section.row_id != hit.row_id)
    return frozenset[str]().union(*map(said_stems, others))


def _permission_asked(question: str, topic: Topic) -> frozenset[str]:
    """Return the stems of what somebody asks to be allowed to do, where a heading lists what is allowed or what is not.

    What is listed there need not repeat it: leather, below "Prohibited materials", may not be cut.
    """
    return asked_permission(question) if stems(topic.heading_path) & PERMISSION_WORDS else frozenset()
