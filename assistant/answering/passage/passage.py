"""the passage that answers: the unit of an entry that is worth most, with what belongs to it"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from textwrap import dedent, indent
from typing import Final, NamedTuple

import numpy as np

from assistant.answering.passage.alignment import TokenAlignment
from assistant.answering.passage.asked_field import asked_field
from assistant.answering.passage.asked_number import LINK_TARGET, number_asked, states_number
from assistant.answering.passage.permissions import forbids
from assistant.answering.passage.row_keys import row_cells
from assistant.answering.passage.steps import announced_list, asked_steps
from assistant.answering.passage.worth import emptiness, is_code, is_field, says_something, unit_worth
from assistant.answering.settings import ANSWER
from index.markdown import (
    CODE,
    ENOUGH,
    MAX_SENTENCES,
    TABLE_PADDING,
    Unit,
    Units,
    Whole,
    find_units,
    is_name,
    visible_text,
)
from index.records import Span, Vectors
from index.text import days, stems

LONGEST_WHOLE: Final = 1_000
"""Characters of a list or a table that is shown as a whole: about a screen of a phone."""

NOTHING: Final = 0.0
"""The worth of a unit that says nothing of the question: it is shown only because it comes first."""

LONGEST_SHOWN: Final = 400
"""Characters of sentences that are shown together."""

_DIRECTIONS: Final = stems("directions")
"""A name of the field that says how to get somewhere."""
LONGEST_NAME: Final = 40
"""Characters of a label that is shown with what it names, as an error code with what it means."""

_POINTS_BACK: Final = re.compile(
    r"[\W_]*(?:it|its|they|their|them|this|that|these|those|he|his|she|her|such|here|there|both|however|then|thus|also|"
    r"another|instead|therefore|the (?:latter|former|other))\b",
    re.IGNORECASE,
)
_ASKS_CONTENTS: Final = re.compile(
    r"\bwhat(?:['’]s| is| are| goes| belongs| comes) (?:all )?(?:in|into|inside|on|to) (?:my|our|the|your)\b"
    r"|\bwhat (?:do|does) .+ (?:contain|include|consist of)\b",
    re.IGNORECASE,
)
"""A question for what a thing holds, as a list tells it: a kit, a box, a mix."""
_ASKS_LIST: Final = re.compile(
    r"\b(?:steps|checklist|list|ingredients|types|kinds|options|ways|all|tips|rules|requirements|prerequisites)\b"
    r"|\bare there\b|\b(?:which|what) (?:\w+ )?\w+[^\Ws]s (?:are|were|have|has|do|did|can)\b"
    r"|\bwhat (?:are|do i need)\b"
    r"|\bwhat (?:do|should|must|shall) (?:i|we|you) (?:bring|pack|take|carry|wear|check|buy|get|prepare)\b",
    re.IGNORECASE,
)
_QUOTE_SIGN: Final = re.compile(r"^[ \t]*>[ \t]?", re.MULTILINE)
_NOT_SHOWN: Final = re.compile(
    rf"""
      (?P<code>{CODE})
    | (?<!\S)%%(?:(?!%%).)+%%(?!\S) | <!--(?:(?!-->).)*-->
    | \n?[^\S\n]*</?d[ltd]>
    | (?:\A|(?<=\n\n))[ ]{{0,3}}(?P<rule>[-*_])(?:[ \t]*(?P=rule)){{2,}}[ \t]*(?:\n+|\Z)
    | {TABLE_PADDING}
    """,
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
"""Comments, the tags of a definition list, horizontal rules below a blank line and the padding of tables, which are
shown where they are code."""
_LEAD: Final = re.compile(
    r"(?P<bold>\*\*|__)(?=\S)(?:(?!(?P=bold))[^\n]){1,60}(?:[:.](?P=bold)|(?P=bold)(?=[ \t]*(?:[:–—]|-[ \t])))"
)
"""The bold beginning of an item or a paragraph, the name of what all its sentences are about."""
_HOLDS_FENCE: Final = re.compile(r"^[ \t>]*(?:```|~~~)", re.MULTILINE)
_ASKS_DRAWING: Final = re.compile(
    r"\b(?:diagrams?|charts?|graphs?|flow ?charts?|mermaid|plantuml|graphviz|dot|d2|vega|dataview|query|queries)\b",
    re.IGNORECASE,
)
"""A question about drawings themselves, which their code may answer."""
_QUOTED_LINES: Final = re.compile(r"(?:[ \t]*>.*(?:\n|\Z))+")


class Shown(NamedTuple):
    """The passage that answers: the shortest stretch of an entry that does so by itself."""

    span: Span
    """Where it stands in the entry's text."""
    text: str
    """The passage as Markdown, with what it needs around it: the head of a table, the label above an item."""
    more: int = 0
    """How many items, rows or lines are left out at the end of a list, a table or code."""
    beside: Span | None = None
    """The span of the second-best passage, where it is shown as well."""
    is_note_field: bool = False
    """Whether it is a field of the note's front matter, which stands in no entry."""
    is_drawing: bool = False
    """Whether the entry has nothing but the code of a diagram or a query, which no reader sees."""

    @property
    def spans(self) -> tuple[Span, ...]:
        """Return where what is shown stands, in the entry's order; nothing for a field of the front matter."""
        if self.is_note_field:
            return ()
        return tuple(sorted((self.span, self.beside))) if self.beside else (self.span,)


def best_passage(
    alignment: TokenAlignment,
    near: Span,
    headings: Set[str],
    in_place: TokenAlignment | None = None,
    doing: float = 0.0,
    way: float = 0.0,
) -> Shown:
    """Return the passage of an entry that answers a question best.

    `alignment` compares entry and question by static token vectors, `in_place` by contextual ones; `near` is the span
    of the entry's passage that matched best as a whole. `doing` is the probability that a way to do something or an
    example is asked for, `way` that it is a way to do something. Words of the question that stand in the `headings`,
    given as stems, name the topic and not a sentence in it: where there are no others, the entry's first sentences of
    substance answer.
    """
    with_drawings = bool(_ASKS_DRAWING.search(alignment.query_terms.question))
    units = find_units(alignment.text, with_drawings=with_drawings)
    if not units.units:
        is_drawing = not with_drawings and bool(_HOLDS_FENCE.search(alignment.text))
        return Shown(near, visible_text(alignment.text[slice(*near)]).strip(), is_drawing=is_drawing)
    alignment = alignment.without(match.span("address") for match in LINK_TARGET.finditer(alignment.text))
    worth = unit_worth(alignment, in_place, units.units, near, headings, doing)
    if whole := _asked_whole(alignment, headings, units, worth, way):
        return _shown_whole(alignment, whole)
    if directions := _told_directions(alignment.query_terms.question, units):
        return Shown(directions, _as_shown(alignment.text[slice(*directions)]))
    passage = _passage(alignment, units, worth)
    others = np.where([_is_beside(unit, passage.span) for unit in units.units], worth, -np.inf)
    if worth.max() <= NOTHING or others.max() < (1 - ANSWER.runner_up_slack) * worth.max():
        return passage
    return _both(passage, _passage(alignment, units, others))


def _told_directions(question: str, units: Units) -> Span | None:
    """Return the span of an entry that is one short paragraph, where a question asks how to get somewhere."""
    if not asked_field(question).names & _DIRECTIONS:
        return None
    first, last = units.units[0], units.units[-1]
    is_paragraph = all(unit.kind == "sentence" and unit.block == first.block for unit in units.units)
    is_short = last.span[1] - first.span[0] <= LONGEST_SHOWN
    return (first.span[0], last.span[1]) if is_paragraph and is_short else None


def _asked_whole(
    alignment: TokenAlignment, headings: Set[str], units: Units, worth: Vectors, way: float
) -> Whole | None:
    """Return the list of an entry that a question asks for as a whole; None where a single unit answers."""
    terms, text = alignment.query_terms, alignment.text
    if steps := asked_steps(terms, text, headings, units, worth, way):
        return steps
    whole = _asked_contents(alignment, units, worth) or announced_list(
        terms, text, headings, units, int(worth.argmax())
    )
    return whole.within(LONGEST_WHOLE) if whole else None


def _asked_contents(alignment: TokenAlignment, units: Units, worth: Vectors) -> Whole | None:
    """Return the first list of an entry whose headings name the thing of which a question asks what it holds."""
    if worth.max() > NOTHING or not _ASKS_CONTENTS.search(alignment.query_terms.question):
        return None
    lists = (whole for whole in units.wholes if says_something(alignment.text[slice(*whole.span)]))
    return next(lists, None)


def _is_beside(unit: Unit, span: Span) -> bool:
    """Return whether a unit is shown outside a span; False for rows, of which the one with the right key answers."""
    return unit.kind != "row" and (unit.shown[1] <= span[0] or span[1] <= unit.shown[0])


def _both(best: Shown, other: Shown) -> Shown:
    """Return two passages of an entry joined in the entry's order, where that is short; else the better one."""
    if best.more or other.more or len(best.text) + len(other.text) > LONGEST_SHOWN:
        return best
    return best._replace(text="\n\n".join(each.text for each in sorted((best, other))), beside=other.span)


def _passage(alignment: TokenAlignment, units: Units, worth: Vectors) -> Shown:
    """Return the passage around the unit of an entry that has the highest worth."""
    best = _best_unit(alignment, units.units, worth)
    if whole := _whole(alignment, units, worth, best):
        return _shown_whole(alignment, whole)
    unit = units.units[best]
    if unit.shown != unit.span:
        return _composed(alignment, unit, unit.shown)
    if worth[best] <= NOTHING and unit.kind == "sentence":
        return _composed(alignment, unit, _opening_span(units.units, best))
    return _composed(alignment, unit, _with_neighbours(alignment, units.units, worth, best))


def _best_unit(alignment: TokenAlignment, units: Sequence[Unit], worth: Vectors) -> int:
    """Return the position of the unit of highest worth; where none says anything, of the label of the list asked for.

    "What are the house rules?" below "House rules" is answered by what stands below "The house rules are:".
    """
    best, query_terms = int(worth.argmax()), alignment.query_terms
    if worth[best] > NOTHING or not _ASKS_LIST.search(query_terms.question):
        return best
    labels = (place for place, unit in enumerate(units) if unit.kind == "label")
    return next(
        (place for place in labels if query_terms.all_stems <= stems(alignment.text[slice(*units[place].span)])), best
    )


def first_words(text: str) -> str:
    r"""Return the first sentence of substance of an entry, on one line; nothing where it has none.

    >>> first_words("TODO\n\nThe oven bakes\nthe bread.")
    'The oven bakes the bread.'
    """
    return next((line for line in _unit_lines(text) if not emptiness(line)), "")


def words_of_days(text: str, wanted: Iterable[str]) -> str:
    """Return the first item, row or sentence of an entry that names one of some days, on one line; nothing if none."""
    return next((line for line in _unit_lines(text, rows=True) if not set(wanted).isdisjoint(days(line))), "")


def _unit_lines(text: str, *, rows: bool = False) -> Iterator[str]:
    """Yield the sentences and items of an entry, and the `rows` of its tables if wanted, each on one line."""
    for unit in find_units(text).units:
        if unit.kind in {"sentence", "item"}:
            yield " ".join(visible_text(text[slice(*unit.span)]).split())
        elif rows and unit.kind == "row":
            yield ", ".join(filter(None, (visible_text(cell).strip() for cell in row_cells(text, unit.span))))


def _shown_whole(alignment: TokenAlignment, whole: Whole) -> Shown:
    return Shown(whole.shown, _as_shown(alignment.text[slice(*whole.shown)]), whole.more)


def _whole(alignment: TokenAlignment, units: Units, worth: Vectors, best: int) -> Whole | None:
    """Return the whole list or table of the best unit, if many of its units are worth as much; None otherwise."""
    first, last = units.units[best].span
    whole = next((candidate for candidate in reversed(units.wholes) if candidate.holds((first, last))), None)
    if not whole or whole.shown[1] - whole.shown[0] > LONGEST_WHOLE:
        return None
    inside = units.inside(whole)
    alike = int((worth[inside] >= worth[best] - ANSWER.list_slack).sum())
    asks_for_all = len(inside) > 1 and bool(_ASKS_LIST.search(alignment.query_terms.question))
    asks_for_all |= not says_something(alignment.text[first:last])  # one link of many is no answer, all of them are
    return whole if asks_for_all or 1 < alike > len(inside) / 2 else None


def _with_neighbours(alignment: TokenAlignment, units: Sequence[Unit], worth: Vectors, best: int) -> Span:
    """Return the span of a sentence with the neighbours in its paragraph that say almost as much.

    The sentence before belongs to one that begins with a pronoun, which is not understood without it; so does the one
    with the number that is asked for, where the sentence itself states none.
    """
    text, number = alignment.text, number_asked(alignment.query_terms.question)
    if number and states_number(number, text[slice(*units[best].span)]):
        number = None
    first = last = best
    if _POINTS_BACK.match(text, units[best].span[0]) and _may_join(units, best - 1, best):
        first = best - 1
    near = sorted((place for place in (best - 1, best + 1) if 0 <= place < len(units)), key=lambda place: -worth[place])
    for place in near:
        says_enough = worth[place] >= (1 - ANSWER.neighbour_slack) * worth[best] or (
            number and states_number(number, text[slice(*units[place].span)])
        )
        low, high = min(first, place), max(last, place)
        if says_enough and _is_sentence(text, units[place]) and _may_join(units, low, high):
            first, last = low, high
    return units[first].span[0], units[last].span[1]


def _is_sentence(text: str, unit: Unit) -> bool:
    """Return whether a unit is a whole sentence: no fragment, and no name with a value."""
    sentence = text[slice(*unit.span)].rstrip(" .")
    is_fragment = len(sentence.split()) <= ANSWER.fragment_words
    return unit.kind == "sentence" and not is_fragment and not is_field(sentence)


def _opening_span(units: Sequence[Unit], first: int) -> Span:
    """Return the span of a sentence and those after it in its paragraph, as many as are enough."""
    after = units[first : first + MAX_SENTENCES]
    ends = [unit.span[1] for unit in after if unit.block == units[first].block and unit.kind == "sentence"]
    start, end = units[first].span
    return start, max([end, *(last for last in ends if last - start <= ENOUGH)])


def _may_join(units: Sequence[Unit], first: int, last: int) -> bool:
    """Return whether two units and what stands between them are of one paragraph, and together short."""
    same = first >= 0 and units[first].block == units[last].block
    return same and units[last].span[1] - units[first].span[0] <= LONGEST_SHOWN


def _composed(alignment: TokenAlignment, unit: Unit, span: Span) -> Shown:
    """Return a stretch as it is shown: with the item it stands below, or with what stands above it."""
    if unit.parent and unit.parent[1] <= span[0]:
        item = f"- {_as_shown(alignment.text[slice(*span)])}".replace("\n", "\n  ")
        return Shown(span, f"- {_as_shown(alignment.text[slice(*unit.parent)])}\n{indent(item, '  ')}", unit.more)
    return _with_label(alignment, unit, span)


def _with_label(alignment: TokenAlignment, unit: Unit, span: Span) -> Shown:
    """Return a stretch with the head of its table, or with the label that introduces it."""
    text = alignment.text
    start, end = span
    if unit.kind == "row" and start == unit.span[0]:
        head = unit.labels[-1]
        rule = text[head[1] :].lstrip("\n").partition("\n")[0]
        row = f"{text[slice(*head)].strip()}\n{rule.strip()}\n{text[start:end].strip()}"
        return Shown(span, _as_shown(row), unit.more)
    label = unit.labels[-1] if unit.is_introduced else None
    if label and start >= label[1] and _needs(alignment, unit, label):
        if not text[label[1] : start].strip(" \t\n*_`>:-"):
            return Shown((label[0], end), _as_shown(text[label[0] : end]), unit.more)
        mark = "- " if unit.kind == "item" else ""
        return Shown(span, f"{_as_shown(text[slice(*label)])}\n\n{mark}{_as_shown(text[start:end])}", unit.more)
    lead = _LEAD.match(text, unit.block) if unit.kind == "sentence" else None
    name = f"{lead[0]} … " if lead and lead.end() <= start else ""
    return Shown(span, f"{name}{_as_shown(text[start:end])}", unit.more)


def _needs(alignment: TokenAlignment, unit: Unit, label: Span) -> bool:
    """Return whether a unit is shown with its label: it is code, or the label names or forbids it or says more."""
    text = alignment.text
    is_named = label[1] - label[0] <= LONGEST_NAME and is_name(text, label)
    if is_code(text, unit) or is_named or forbids(text[slice(*label)]):
        return True
    more = alignment.query_terms.token_weights @ np.maximum(alignment.nearest(label) - alignment.nearest(unit.span), 0)
    return float(more) >= ANSWER.label_lead


def _as_shown(text: str) -> str:
    """Return a stretch without comments and rules, and without the indentation or the `>` of a quote of lines below."""
    first, line_end, rest = _NOT_SHOWN.sub(lambda match: match["code"] or "", text).rstrip().partition("\n")
    if _QUOTED_LINES.fullmatch(rest) and not first.startswith(">"):
        rest = _QUOTE_SIGN.sub("", rest)
    return f"{first}{line_end}{dedent(rest)}"
