"""how alike are this library's topics? what is taken off the confidence where a neighbour looks like an answer

Nobody's labels are needed: a topic's title, asked while that topic itself is left out, is a question that the notes do
not answer. What the nearest other topic then reaches tells how far confidence is to be believed here.
"""

from __future__ import annotations

from statistics import median
from typing import Final, NamedTuple

from assistant.confidence import BIAS, WEIGHTS, log_odds
from assistant.coverage import cover
from index.errors import QuestionError
from index.library import Library

TITLES: Final = 80
"""Titles that are asked: a second's work, and the median is settled."""

USUAL: Final = 0.0
"""The median log-odds of the bundled topics, within a fifth: the weights of confidence were fitted on them."""

BELIEVED: Final = 0.5
"""The share of what is above the usual that is taken off: a title is an easier question than most, and in a library of
abstracts by one field (SciFact), the whole would refuse every third question that is answered."""

PRIOR_TITLES: Final = 20
"""How many titles it takes until half of that is taken off: a few topics say little."""

CHANGED: Final = 0.1
"""The share of topics that may come or go before it is measured anew."""

KEY: Final = "calibration"
"""What a library remembers it under."""


class _Kept(NamedTuple):
    shift: float = 0.0
    topics: int = 0
    by: str = ""
    """The model and the weights that it was measured by."""


def shift(library: Library) -> float:
    """Return what is added to the log-odds of every answer of a library; 0 before it was measured."""
    return _kept(library).shift


def calibrate(library: Library) -> None:
    """Measure a library anew if its model, the weights or many of its topics are not those that it was measured with.

    Nothing is measured by another model than the library's own: a question tells the person what is wrong.
    """
    if library.model != library.encoder.name:
        return
    topics, before = sum(library.subjects().values()), _kept(library)
    by = f"{library.model} {(*WEIGHTS, BIAS)}"
    if by != before.by or abs(topics - before.topics) > CHANGED * before.topics:
        library.remember(KEY, f"{measured(library):.3f} {topics} {by}")


def measured(library: Library) -> float:
    """Return what is to be added, at most 0, so that neighbours are told from answers here."""
    sample = library.sample_topics(TITLES)
    reached = [odds for topic in sample if (odds := _without(library, topic.topic.title, topic.stable_id)) is not None]
    above = median(reached) - USUAL if reached else 0.0
    if above <= 0:
        return 0.0
    return -BELIEVED * above * len(reached) / (len(reached) + PRIOR_TITLES)


def _without(library: Library, title: str, stable_id: str) -> float | None:
    """Return the log-odds that a title is answered by a topic other than its own; None where it says nothing."""
    try:
        found = library.find(title, 2)
    except QuestionError:  # longer than the model reads
        return None
    other = next((hit for hit in found.hits if hit.id != stable_id), None)
    if not other:
        return None
    covered = cover(library, found, other)
    return log_odds(other, covered) if covered.is_beyond.any() else None  # else the other has this title, too


def _kept(library: Library) -> _Kept:
    found = library.recall(KEY)
    if not found:
        return _Kept()
    taken_off, topics, *by = found.split(" ", 2)
    return _Kept(float(taken_off), int(topics), *by)
