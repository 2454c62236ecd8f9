"""which list of an entry is shown as a whole: the steps of what is to be done, or all that its headings announce?"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import Final

import numpy as np

from assistant.answering.passage.asked_field import field_name
from assistant.answering.passage.asked_number import number_asked
from index.markdown import Units, Whole
from index.records import Vectors
from index.retrieval import QueryTerms
from index.text import stems

_ORDER: Final = r"\bin (?:(?:what|which|the (?:right|correct)) )?order\b(?! to\b)"
ASKS_ORDER: Final = re.compile(_ORDER, re.IGNORECASE)
"""A question for an order, which a list has without saying so."""
_ASKS_STEPS: Final = re.compile(
    r"\b(?:steps|procedure|instructions|directions|checklist|walkthrough)\b|\bwalk me through\b|\bstep[- ]by[- ]step\b"
    rf"|{_ORDER}",
    re.IGNORECASE,
)
LIKELY: Final = 0.6
"""The probability above which a question asks for a way to do something: one of no known form reaches .5."""
NAMED_SHARE: Final = 0.5
"""The share of the question's words, by weight, that the headings must contain for all steps below to be the answer."""
SAYS_MORE: Final = 0.2
"""How much more a unit outside the steps must be worth than each of them, to be shown in their place."""
LONGEST_STEPS: Final = 2_000
"""Characters of steps that are shown as a whole: those of a recipe, two screens of a phone."""
ONLY_LIST: Final = 0.6
"""The share of an entry's units that a list without numbers must contain to be read as steps."""
MIN_ITEMS: Final = 2
"""Items of a list at least that is shown as steps: a single one is shown as a sentence is."""


def asked_steps(
    query_terms: QueryTerms, text: str, headings: Set[str], units: Units, worth: Vectors, way: float
) -> Whole | None:
    """Return the steps of an entry that answer a question for a way to do something; None where a smaller unit does.

    `worth` is that of each unit as `unit_worth` gives it, and `way` the probability that a way to do something is asked
    for.
    """
    if way > LIKELY and (labelled := _labelled_steps(query_terms, text, headings, units)):
        return labelled.within(LONGEST_STEPS)
    is_named = bool(_ASKS_STEPS.search(query_terms.question))
    is_about_all = float(query_terms.weights[query_terms.are_in(headings)].sum()) >= NAMED_SHARE
    if number_asked(query_terms.question) or not (is_named or (way > LIKELY and is_about_all)):
        return None
    best = int(worth.argmax())
    steps = _steps(units, best)
    if not steps:
        return None
    first, last = units.units[best].span
    if not any(whole.are_steps for whole in steps) and _is_alternative(query_terms, headings, text[first:last]):
        return None
    around = next((whole for whole in steps if whole.holds((first, last))), None)
    best_inside = [float(worth[units.inside(whole)].max(initial=-np.inf)) for whole in steps]
    if not (around or is_named or worth[best] - max(best_inside) <= SAYS_MORE):
        return None
    return (around or steps[int(np.argmax(best_inside))]).within(LONGEST_STEPS)


def announced_list(query_terms: QueryTerms, text: str, headings: Set[str], units: Units, best: int) -> Whole | None:
    """Return the list that the headings announce and a question asks for; None where an item says more of it.

    The list is nearly all of its entry. It has none of the words of the question that stand in no heading, so no item
    answers more than the others do.
    """
    beyond = frozenset(query_terms.stems) - headings
    is_announced = float(query_terms.weights[query_terms.are_in(headings)].sum()) >= NAMED_SHARE
    asks_part = number_asked(query_terms.question) or _ASKS_STEPS.search(query_terms.question)
    if asks_part or not (beyond and is_announced) or beyond & stems(text):
        return None
    around = (whole for whole in units.wholes if whole.holds(units.units[best].span))
    return next((whole for whole in around if _is_nearly_all(units, units.inside(whole))), None)


def _labelled_steps(query_terms: QueryTerms, text: str, headings: Set[str], units: Units) -> Whole | None:
    """Return the steps whose label alone, of several, says what is asked for beyond the headings; None without any."""
    beyond = frozenset(query_terms.stems) - headings
    steps = [whole for whole in units.wholes if whole.are_steps]
    labelled = [whole for whole in steps if beyond & stems(text[whole.shown[0] : whole.span[0]])]
    return labelled[0] if len(labelled) == 1 < len(steps) else None


def _is_alternative(query_terms: QueryTerms, headings: Set[str], item: str) -> bool:
    """Return whether an item is for a case that the question names: "Wooden door: ..." of ways to paint a door."""
    return not stems(field_name(item)).isdisjoint(frozenset(query_terms.stems) - headings)


def _steps(units: Units, best: int) -> list[Whole]:
    """Return the procedures and numbered lists of an entry; without any, the lists that are nearly all of it."""
    lists = [whole for whole in (*units.procedures, *units.wholes) if len(whole.ends) >= MIN_ITEMS]
    numbered = [whole for whole in lists if whole.are_steps]
    if numbered or units.units[best].shown != units.units[best].span:
        return numbered
    return [whole for whole in lists if _is_nearly_all(units, units.inside(whole))]


def _is_nearly_all(units: Units, inside: Sequence[int]) -> bool:
    return len(inside) >= ONLY_LIST * len(units.units) and all(units.units[place].kind != "row" for place in inside)
