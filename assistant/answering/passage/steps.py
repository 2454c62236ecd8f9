"""which list of an entry is shown as a whole to somebody who asks how something is done?"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import Final

import numpy as np

from assistant.answering.passage.asked_number import number_asked
from index.markdown import Units, Whole
from index.records import Vectors
from index.retrieval import QueryTerms

_ASKS_STEPS: Final = re.compile(
    r"\b(?:steps|procedure|instructions|directions|checklist|walkthrough)\b|\bwalk me through\b|\bstep[- ]by[- ]step\b",
    re.IGNORECASE,
)
LIKELY: Final = 0.6
"""How probable it must be that a way to do something is asked for: what has no form reaches .5."""
NAMED_SHARE: Final = 0.5
"""The part of what is asked that the headings must say: then the steps below them answer it, not one of them."""
SAYS_MORE: Final = 0.2
"""How much more of what is asked a sentence beside the steps must say than any of them to be shown in their place."""
LONGEST_STEPS: Final = 2_000
"""Characters of steps that are shown as a whole: those of a recipe, two screens of a phone."""
ONLY_LIST: Final = 0.6
"""The part of an entry's units that a list without numbers must hold to be read as steps."""
LEAST_PARTS: Final = 2
"""Parts from which on a list is one: a single item is shown as a sentence is."""


def asked_steps(query_terms: QueryTerms, headings: Set[str], units: Units, worth: Vectors, way: float) -> Whole | None:
    """Return the steps of an entry that answer a question for a way to do something; None where a part of it does.

    `worth` says how much of what is asked each unit says, and `way` how probable it is that a way is asked for.
    """
    is_named = bool(_ASKS_STEPS.search(query_terms.question))
    is_about_all = float(query_terms.weights[query_terms.are_in(headings)].sum()) >= NAMED_SHARE
    if number_asked(query_terms.question) or not (is_named or (way > LIKELY and is_about_all)):
        return None
    best = int(worth.argmax())
    steps = _steps(units, best)
    if not steps:
        return None
    first, last = units.units[best].span
    around = next((whole for whole in steps if whole.span[0] <= first and last <= whole.span[1]), None)
    most = [float(worth[_units_inside(units, whole)].max(initial=-np.inf)) for whole in steps]
    if not (around or is_named or worth[best] - max(most) <= SAYS_MORE):
        return None
    return (around or steps[int(np.argmax(most))]).within(LONGEST_STEPS)


def _steps(units: Units, best: int) -> list[Whole]:
    """Return the procedures and numbered lists; without any, a list that is nearly all there is."""
    lists = [whole for whole in (*units.procedures, *units.wholes) if len(whole.ends) >= LEAST_PARTS]
    numbered = [whole for whole in lists if whole.are_steps]
    if numbered or units.units[best].shown != units.units[best].span:
        return numbered
    return [whole for whole in lists if _is_nearly_all(units, _units_inside(units, whole))]


def _is_nearly_all(units: Units, inside: Sequence[int]) -> bool:
    return len(inside) >= ONLY_LIST * len(units.units) and all(units.units[place].kind != "row" for place in inside)


def _units_inside(units: Units, whole: Whole) -> list[int]:
    start, end = whole.span
    return [place for place, unit in enumerate(units.units) if start <= unit.span[0] < end]
