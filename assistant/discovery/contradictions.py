"""which notes contradict an answer? those with the same sentence but another number or code"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from assistant.answer import Answer, Evidence, passage_of
from index.library import Library
from index.markdown import find_units, visible_text
from index.records import Span
from index.text import dates, stems

MIN_SHARED: Final = 0.5
"""The share of the words of two sentences, numbers left out, that both must hold to speak of the same thing."""
MIN_SHARED_WORDS: Final = 2
"""Words beside their numbers that both sentences must hold at least."""
ENOUGH_WORDS: Final = 3
"""Shared words from which on either sentence may have others; with fewer, one of them must have no other words."""
MAX_WORDS: Final = 40
"""Words of a sentence, at most: a longer one says several things, and a number may differ for any reason."""

EDITED_APART: Final = 60 * 1_000_000_000
"""Nanoseconds between the last changes of two files from which on one is the newer; copied files are closer."""

OTHERWISE: Final = "Another note says otherwise."

_VALUE: Final = re.compile(r"(?<![\w.])[\w.:/-]*\d[\w:/-]*(?:[.,]\d+)*")
_FIGURES: Final = re.compile(r"\d+(?:[.,]\d+)*")
_FOLLOWING: Final = re.compile(r"\s?([^\W\d_]+|[%€$£°])")
_COMMAND: Final = re.compile(
    r"`|^\s*(?:[$>#]\s|\S+=)|(?:^|\s)--?[a-z][\w-]*|\s\|\s|[;{}]\s*$", re.IGNORECASE | re.MULTILINE
)
"""Code and lines of commands: the same command with another number is no contradiction."""
_NEW: Final = re.compile(
    r"\b(?:since|new|newly|now|from now on|as of|changed|no longer|updated?|current|currently|latest|seit|neu)\b",
    re.IGNORECASE,
)
_OLD: Final = re.compile(
    r"\b(?:old|former|formerly|previous|previously|until|was|were|used to|outdated|obsolete|deprecated|alt|bis)\b",
    re.IGNORECASE,
)


def with_others(library: Library, answer: Answer) -> Answer:
    """Return an answer with a contradicting sentence of another note; the newer note answers.

    Several notes with such sentences are a record, such as a diary, and none of them is returned.
    """
    evidence = answer.answer
    if not evidence or not _VALUE.search(evidence.text):
        return answer
    candidates = [(card, span) for card in answer.hits[1:] if (span := other_sentence(evidence.text, card.text))]
    if len(candidates) != 1:
        return answer
    [(card, span)] = candidates
    other = passage_of(card, span, card.text[slice(*span)])
    if not _is_newer(library, other, evidence):
        return replace(answer, others=(other,), note=OTHERWISE)
    rest = tuple(replace(hit, highlights=()) for hit in answer.hits if hit is not card)
    hits = (replace(card, highlights=(span,)), *rest)
    return replace(answer, answer=other, hits=hits, others=(evidence,), note=OTHERWISE)


def _is_newer(library: Library, evidence: Evidence, other: Evidence) -> bool:
    told = is_newer(f"{evidence.topic}. {evidence.text}", f"{other.topic}. {other.text}")
    if told is not None:
        return told
    times = {document.path: document.modified_ns for document in library.documents()}
    return times.get(evidence.path, 0) - times.get(other.path, 0) > EDITED_APART


def says_otherwise(text: str, other: str) -> bool:
    """Return whether two sentences differ in nothing but a number or a code.

    >>> says_otherwise("The gate opens with 1122.", "Since June the gate opens with 3344.")
    True
    >>> says_otherwise("The gate opens with 1122.", "The gate opens with 1122, the shed with 5.")
    False
    """
    if max(len(text.split()), len(other.split())) > MAX_WORDS:
        return False
    if _COMMAND.search(text) or _COMMAND.search(other) or not _are_of_a_kind(text, other):
        return False
    words, same = words_but_values(text), words_but_values(other)
    shared = len(words & same)
    if shared < MIN_SHARED_WORDS or shared / len(words | same) < MIN_SHARED:
        return False
    return shared >= ENOUGH_WORDS or words <= same or same <= words


def other_sentence(sentence: str, text: str) -> Span | None:
    """Return the span of a sentence in another text that contradicts a sentence; None if there is none."""
    if not _VALUE.search(text) or len(words_but_values(sentence) & stems(text)) < MIN_SHARED_WORDS:
        return None
    spans = (unit.shown for unit in find_units(text).units if unit.kind != "row")
    return next((span for span in spans if says_otherwise(sentence, text[slice(*span)])), None)


def is_newer(text: str, other: str) -> bool | None:
    """Return whether a text is newer than another by a later date or words such as "since"; None if unknown.

    >>> is_newer("Since June it is 3344.", "It is 1122."), is_newer("It is 5.", "It is 4.")
    (True, None)
    """
    day, other_day = _latest(text), _latest(other)
    if day and other_day and day != other_day:
        return day > other_day
    wording = _newness(text) - _newness(other)
    return wording > 0 if wording else None


def _latest(text: str) -> str:
    return max((dated.key for dated in dates(text) if dated.has_year), default="")


def _newness(text: str) -> int:
    return bool(_NEW.search(text)) - bool(_OLD.search(text))


def _are_of_a_kind(text: str, other: str) -> bool:
    """Return whether each of two texts has a value that the other lacks, both of one notation and unit.

    >>> _are_of_a_kind("a queue keeps 4 days", "a queue keeps 256 kB"), _are_of_a_kind("room B204", "room B304")
    (False, True)
    """
    values, others = _values(text), _values(other)
    own = {kind for value, kind in values.items() if value not in others}
    theirs = {kind for value, kind in others.items() if value not in values}
    alike = ((shape, unit, unit_) for shape, unit in own for shape_, unit_ in theirs if shape == shape_)
    return any(unit == unit_ or not (unit and unit_) for _, unit, unit_ in alike)


def _values(text: str) -> dict[str, tuple[str, str]]:
    """Return the values of a text, each with its notation without figures and the unit behind it."""
    text = visible_text(text)
    return {
        match[0].casefold(): (_FIGURES.sub("0", match[0].casefold()), _following_unit(text, match.end()))
        for match in _VALUE.finditer(text)
    }


def _following_unit(text: str, end: int) -> str:
    """Return the stem of the word or the symbol right behind a value; empty for a function word."""
    behind = _FOLLOWING.match(text, end)
    return next(iter(stems(behind[1])), "" if behind[1].isalpha() else behind[1]) if behind else ""


def words_but_values(text: str) -> frozenset[str]:
    """Return the stems of the words of a text, without those that hold a digit."""
    return frozenset(stem for stem in stems(visible_text(text)) if not any(map(str.isdigit, stem)))
