"""which section of the note that is asked about says most of what is asked?

A question names the note ("what pH do blueberries need?") and what it wants of it, which one line of one section says:
an item, a field, a row. By meaning, the section that introduces the thing is nearest, whatever is asked of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.answering.passage import (
    LIKELY,
    AskedField,
    asked_field,
    asks_money,
    counted_stems,
    field_name,
    number_asked,
    says_count,
    states_number,
)
from index.records import Hit
from index.retrieval import QueryTerms, is_other_section
from index.text import joined_parts, stems

KIND_SHARE: Final = 0.15
"""What a line counts more for that holds a number of the kind asked for, whose name is asked for, or whose section has
the steps that are asked for: a sixth of all words that are asked for."""
MIN_LEAD: Final = 0.1
"""How much more of what is asked a section must say than the one that ranks before it."""

MIN_WEIGHT: Final = 1e-6
"""Weights below which there are none, so that nothing is divided by 0."""

_LINE_END: Final = re.compile(r"\n|(?<=[.!?;])\s+(?=[A-Z])")
_ITEM_OR_ROW: Final = re.compile(r"[ \t]*(?:[-*+][ \t]|\d+[.)][ \t]|\|)")
_AMOUNT_FIRST: Final = re.compile(r"\W*[\d½¼¾⅓⅔]+(?![.)]\s|[.)]\Z)")
"""A line that begins with an amount, as an ingredient does, and with no number of a step."""
_STEP: Final = re.compile(r"^[ \t]*\d+[.)][ \t]", re.MULTILINE)
_MIN_STEPS: Final = 2
_STEPS_HEADING: Final = re.compile(
    r"\b(?:steps?|how(?: to)?|instructions|procedure|method|process|directions|schritte|anleitung|vorgehen)\b",
    re.IGNORECASE,
)
_NAMES_COUNT: Final = stems("number total count amount")
"""What the name of a field says beside what it counts: "Number of captains"."""
_NEGATION: Final = re.compile(r"\b(?:not|never|cannot|\w+n['’]t|nicht|nie)\b", re.IGNORECASE)
"""What denies the whole of a heading: "no" denies a noun only, as in "No power", which names a thing like any other."""
_PRICE_WORDS: Final = stems("cost price fee charge pay")


class _Wanted(NamedTuple):
    """What is asked of a note."""

    terms: QueryTerms
    weights: npt.NDArray[np.float32]
    """The weight of each term beyond the note's name, together 1."""
    number: re.Pattern[str] | None
    counted: frozenset[str]
    """The stems of what is counted, where a line of the note says it beside a number: no other number answers then."""
    is_price: npt.NDArray[np.bool_]
    """Which terms ask for an amount of money rather than stand beside it."""
    wants_steps: bool
    field: AskedField
    is_field: npt.NDArray[np.bool_]
    """Which terms ask for the field rather than stand in it."""


def asked_section(terms: QueryTerms, first: Hit, sections: Sequence[Hit], way: float) -> Hit | None:
    """Return the section of a note that says clearly more of what is asked than the one that is `first`.

    None where no section does. `way` says how probable it is that a way to do something is asked for.
    """
    if negated := _negated_section(terms, sections):
        return negated
    sections = [hit for hit in sections if not is_other_section(terms.question, hit.topic.title)]
    wanted = _wanted(terms, sections, way) if len(sections) > 1 else None
    if not wanted:
        return None
    says = [_says(wanted, hit) for hit in sections]
    best = int(np.argmax(says))
    says_first = next((says[row] for row, hit in enumerate(sections) if hit.row_id == first.row_id), says[0])
    return sections[best] if says[best] > says_first + MIN_LEAD else None


def steps_below(question: str, hits: Sequence[Hit], way: float) -> Hit | None:
    """Return the section below the first topic that is called its steps, where a way to do something is asked for.

    None where the first topic has steps of its own.
    """
    first = hits[0] if hits else None
    if not first or way <= LIKELY or number_asked(question) or _has_steps(first):
        return None
    above = f"{first.topic.heading_path} > "
    below = (hit for hit in hits if hit.path == first.path and hit.topic.heading_path.startswith(above))
    return next((hit for hit in below if _STEPS_HEADING.search(hit.topic.title) and _has_steps(hit)), None)


def _has_steps(hit: Hit) -> bool:
    return len(_STEP.findall(hit.topic.entries_text)) >= _MIN_STEPS


def _negated_section(terms: QueryTerms, sections: Sequence[Hit]) -> Hit | None:
    """Return the section whose heading says what is not, of the very words of a question for that; None without one.

    Of "What a goat eats" and "What a goat doesn't eat", the words that carry meaning are the same.
    """
    if not _NEGATION.search(terms.question):
        return None
    question = frozenset(terms.stems)
    return next(
        (
            hit
            for hit in sections
            if _NEGATION.search(hit.topic.title)
            and question - stems(hit.topic.subject) <= stems(hit.topic.title) <= question
        ),
        None,
    )


def _wanted(terms: QueryTerms, sections: Sequence[Hit], way: float) -> _Wanted | None:
    """Return what is asked of the note of some sections beyond its name; None where nothing is."""
    number, counted = number_asked(terms.question), counted_stems(terms.question)
    is_counted = counted and any(
        says_count(terms.question, line) for hit in sections for line in _LINE_END.split(hit.topic.entries_text)
    )
    counted = counted if is_counted else frozenset()
    name = stems(sections[0].topic.subject) - counted
    weights = np.where(terms.are_in(name), 0, terms.weights).astype(np.float32)
    wants_steps = way > LIKELY and not number
    field = asked_field(terms.question)
    if not (weights.any() or number or wants_steps or field.names):
        return None
    is_price = terms.are_in(_PRICE_WORDS) & asks_money(terms.question)
    return _Wanted(
        terms,
        weights / max(float(weights.sum()), MIN_WEIGHT),
        number,
        counted,
        is_price,
        wants_steps,
        field,
        terms.are_in(field.words),
    )


def _says(wanted: _Wanted, hit: Hit) -> float:
    """Return how much of what is asked the best line of a section says, with its headings; an echo says less."""
    text = hit.topic.entries_text
    above = stems("\n".join((*hit.topic.parents, hit.topic.title)))
    title = stems(hit.topic.title)
    is_asked_for = bool(title) and title <= wanted.terms.all_stems and not title <= stems(hit.topic.subject)
    is_named = is_asked_for or wanted.field.is_named(hit.topic.title)
    headings = wanted.terms.are_in(above | joined_parts(wanted.terms.question, above)) | (is_named & wanted.is_field)
    has_steps = wanted.wants_steps and _has_steps(hit)
    best_line = max(_line_says(wanted, line, headings) for line in _LINE_END.split(text))
    return best_line + KIND_SHARE * max(has_steps, is_named)


def _line_says(wanted: _Wanted, line: str, headings: npt.NDArray[np.bool_]) -> float:
    line_stems = stems(line)
    is_number = bool(wanted.number and states_number(wanted.number, line)) and wanted.counted <= line_stems
    name = field_name(line)
    is_asked_field = bool(name) and wanted.field.is_named(name)
    is_said = np.where(wanted.is_price, is_number, wanted.terms.are_in(line_stems) | headings)
    is_said |= is_asked_field & wanted.is_field
    is_field = is_asked_field or (bool(name) and bool((wanted.weights * wanted.terms.are_in(stems(name))).any()))
    is_echo = bool(_ITEM_OR_ROW.match(line)) and bool(line_stems) and line_stems <= wanted.terms.all_stems
    is_count = bool(name) and stems(name) - _NAMES_COUNT == wanted.counted
    is_amount = is_number and bool(wanted.counted) and (is_count or bool(_AMOUNT_FIRST.match(line)))
    return float(wanted.weights @ is_said) + KIND_SHARE * (is_number + is_amount + is_field - is_echo)
