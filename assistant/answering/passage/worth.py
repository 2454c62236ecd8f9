"""how much of what is asked does each sentence, item or row of an entry say?"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import Final

import numpy as np

from assistant.answering.passage.alignment import TokenAlignment
from assistant.answering.passage.asked_field import asked_field
from assistant.answering.passage.asked_number import counted_stems, number_asked, says_count, states_number
from assistant.answering.passage.row_keys import key_bonuses
from assistant.answering.settings import ANSWER
from index.markdown import Unit
from index.records import Span, Vectors
from index.retrieval import QueryTerms
from index.text import PLAIN_WORD, STOP_WORDS, NumberMatch, number_matches, stems

_HOLDS_CODE: Final = re.compile(r"^[ \t>]*(?:```|~~~|`[^`\n]+`[ \t]*$| {4}\S)", re.MULTILINE)

_FIELD_LINE: Final = re.compile(
    r"[*_]{0,2}(?P<name>\w[\w ./-]{0,30})::?[*_]{0,2}[ \t]+(?P<value>[^\n]{1,400})(?<![.!?])"
)
_PAGE_LINK: Final = re.compile(r"!?\[\[[^\[\]]*\]\]")
_LINK_OR_PICTURE: Final = re.compile(
    r"!?\[(?:[^\[\]]|\[[^\[\]]*\])*\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:[ \t][^()\n]*)?\)(?:\{[^{}\n]*\})?|<?\b[a-z]+://[^\s<>]+>?|</?[a-z][^<>]*>",
    re.IGNORECASE,
)


_ASKS_DEFINITION: Final = re.compile(
    r"\W*(?:who|what)(?:['’]s| is| are| was| were) (?:an? |the )?(?P<thing>\w[\w’'-]*(?: \w[\w’'-]*){0,2})\W*\Z",
    re.IGNORECASE,
)
"""A question who somebody or what something is that has up to three words."""
_PLACEHOLDER: Final = r"(?:todo|tbd|tba|fixme|wip|coming soon|placeholder\S*|lorem ipsum.*)"
_SAYS_NOTHING: Final = re.compile(rf"[\W_]*(?:{_PLACEHOLDER}|none|n/?a|nothing|\w+:)?[\W_]*", re.IGNORECASE | re.DOTALL)
"""A placeholder for text that is still to be written, or a field without a value."""
_UNWRITTEN: Final = re.compile(
    rf"(?:[^\n]*:[*_]*[ \t]*\n+)?(?:[\W_]*{_PLACEHOLDER}[\W_]*"
    r"|[ \t]*(?:```|~~~)[^\n]*\s+(?:#|//|--|;|%|/\*|<!--)\s*(?:todo|tbd|fixme)\b[^\n]*\s+(?:```|~~~)\s*)",
    re.IGNORECASE,
)
"""A placeholder, or code of which only a comment says what is to be done, perhaps below a label."""

_PICTURED_ROW: Final = re.compile(r"\A\|[^|\n]*\|(?=[^\n]*!\[[^\n]*\Z)")
"""The first cell of a row that has pictures, as a badge: it names them."""

_SENTENCE_END: Final = re.compile(r"[.!…。！][\s\"'”’)*_]*\Z")

_ALL_CODE: Final = re.compile(r"(`+)(?:(?!\1).)+\1", re.DOTALL)


def unit_worth(
    alignment: TokenAlignment,
    in_place: TokenAlignment | None,
    units: Sequence[Unit],
    near: Span,
    headings: Set[str],
    doing: float,
) -> Vectors:
    """Return how much of the question each unit says beyond the headings, its worth: shape (units,).

    A unit that says all of it is worth about 1. Each token of the question counts by the most similar token in the
    unit, or in a label above it; what `ANSWER` adds and takes off follows. `near` and `doing` are those of
    `best_passage`.
    """
    query_terms, text = alignment.query_terms, alignment.text
    number, counted = number_asked(query_terms.question), counted_stems(query_terms.question)
    if (
        number
        and counted & headings
        and any(says_count(query_terms.question, text[slice(*unit.span)]) for unit in units)
    ):
        headings = headings - counted  # a line that says how many there are names them anew
    weights = _weights(query_terms, headings)
    is_asked = bool(weights.any())
    in_place_weights = (
        ANSWER.in_place_weight * (_weights(in_place.query_terms, headings) + in_place.query_terms.token_weights)
        if in_place
        else 0
    )
    in_place = in_place if is_asked else None
    thing = query_terms.are_in(counted - headings)[query_terms.words]
    field, definition = asked_field(query_terms.question), _definition(query_terms.question) if is_asked else None
    asks_field = query_terms.are_in(field.words)[query_terms.words]
    known = headings | query_terms.all_stems
    held_numbers = _numbers_matched(query_terms.question, text, NumberMatch.SAME)

    def other_numbers(unit: Unit) -> frozenset[str]:
        if not held_numbers:
            return held_numbers
        parts = (*unit.labels, *([unit.parent] if unit.parent else []), unit.shown)
        stated = "\n".join(text[slice(*part)] for part in parts)
        return held_numbers & _numbers_matched(query_terms.question, stated, NumberMatch.OTHER)

    def named(similarity: Vectors) -> float:
        return float(similarity[thing].mean()) if thing.any() else 1.0

    def worth(place: int, unit: Unit) -> float:
        shown = text[slice(*unit.shown)]
        parent = text[slice(*unit.parent)] if unit.parent else ""
        is_named, others = field.is_in(text[slice(*unit.span)]), other_numbers(unit)
        similarity = np.where(is_named & asks_field, 1, alignment.nearest(unit.span))
        if unit.labels:
            similarity = np.maximum(
                similarity, ANSWER.label_share * np.max([alignment.nearest(label) for label in unit.labels], axis=0)
            )
        similarity = _zeroed(others, similarity, query_terms)
        bonus = ANSWER.number_bonus * named(similarity) if number and states_number(number, shown) else 0.0
        bonus += ANSWER.named_field_bonus * is_named
        bonus += ANSWER.definition_bonus * bool(definition and definition.match(text, *unit.span))
        bonus += _code_bonus(text, unit, doing) if is_asked and _HOLDS_CODE.search(shown) else 0.0
        outside = ANSWER.outside_loss if is_asked and (unit.span[1] <= near[0] or unit.span[0] >= near[1]) else 0.0
        meant = (
            in_place_weights @ _zeroed(others, in_place.nearest(unit.span), in_place.query_terms) if in_place else 0.0
        )
        is_bare = unit.shown == unit.span if unit.kind == "label" else _SAYS_NOTHING.fullmatch(text, *unit.span)
        empty = ANSWER.links_loss if is_bare else 0.0
        empty = max(empty, emptiness(shown, parent), _echo(f"{parent} {shown}", known, doing))
        late = ANSWER.order_loss * min(place, ANSWER.order_units)
        return float(weights @ similarity + meant) + bonus - outside - empty - late

    own = np.array([worth(*numbered) for numbered in enumerate(units)], dtype=np.float32)
    return own + key_bonuses(query_terms.question, text, units)


def _numbers_matched(question: str, text: str, how: NumberMatch) -> frozenset[str]:
    """Return the stems of numbers, codes and days in a question that a text matches in one way."""
    return frozenset(word for word, match in number_matches(question, text).items() if match is how)


def _zeroed(others: Set[str], similarity: Vectors, query_terms: QueryTerms) -> Vectors:
    """Return the similarity of each query token, 0 for those of some numbers, given by their stems."""
    return np.where(query_terms.are_in(others)[query_terms.words], 0, similarity) if others else similarity


def _definition(question: str) -> re.Pattern[str] | None:
    """Return a pattern of what says who somebody or what something is; None where a question asks something else."""
    match = _ASKS_DEFINITION.match(question)
    if not match:
        return None
    named = rf"\W*(?:\w{{1,2}}\W+)?(?:an? |the )?{re.escape(match['thing'])}\b[*_`]*(?:\s*\([^()\n]*\))?[*_`]*"
    return re.compile(rf"{named}(?:\s*[:–—]|\s+-\s|\s+(?:is|are|was|were|means|stands for)\s)", re.IGNORECASE)


def _weights(query_terms: QueryTerms, headings: Set[str]) -> Vectors:
    """Return the weight of each query token: those outside the headings sum to 1, those in a heading count a little."""
    in_headings = query_terms.are_in(headings)[query_terms.words]
    beyond = float(query_terms.token_weights[~in_headings].sum())
    if not beyond:
        return np.zeros_like(query_terms.token_weights)
    within = ANSWER.heading_share / max(1 - beyond, ANSWER.heading_share)
    return query_terms.token_weights * np.where(in_headings, within, 1 / beyond).astype(np.float32)


def _code_bonus(text: str, unit: Unit, doing: float) -> float:
    """Return what code adds to the worth of a unit: less than 0 where a meaning is asked for and it is code alone."""
    return -ANSWER.code_loss if is_code(text, unit) and doing <= ANSWER.max_doing else doing * ANSWER.code_bonus


def emptiness(shown: str, parent: str = "") -> float:
    """Return what is taken off the worth of a text that says little: a link, a placeholder, a fragment."""
    if _SAYS_NOTHING.fullmatch(shown) or not says_something(_PICTURED_ROW.sub("", shown)):
        return ANSWER.links_loss
    if field := _FIELD_LINE.fullmatch(shown.rstrip(" .")):
        return ANSWER.field_loss if _says(field["value"]) else ANSWER.link_field_loss
    if "\n" in shown and all(map(is_field, shown.split("\n"))):
        return ANSWER.field_loss
    return ANSWER.fragment_loss if not parent and len(shown.split()) <= ANSWER.fragment_words else 0.0


def is_unwritten(shown: str) -> bool:
    r"""Return whether a passage only says that something is still to be written.

    >>> is_unwritten("TODO"), is_unwritten("Empty the bin:\n\n```\n# TODO: which command?\n```")
    (True, True)
    >>> is_unwritten("TODO: empty the bin"), is_unwritten("Date: TBD")
    (False, False)
    """
    return _UNWRITTEN.fullmatch(shown) is not None


def _echo(shown: str, known: Set[str], doing: float) -> float:
    """Return what is taken off the worth of a short text whose words all stand in the question or the headings."""
    if len(shown.split()) > ANSWER.echo_words or not stems(shown) <= known:
        return 0.0
    is_command = doing > ANSWER.max_doing and bool(_HOLDS_CODE.search(shown))
    return 0.0 if is_command or _SENTENCE_END.search(shown) else ANSWER.echo_loss


def is_code(text: str, unit: Unit) -> bool:
    """Return whether a unit of a text is code and nothing else."""
    return unit.kind == "code" or _ALL_CODE.fullmatch(text, *unit.span) is not None


def is_field(text: str) -> bool:
    """Return whether a text is a name and its value ("Licence: MIT") rather than a sentence."""
    return _FIELD_LINE.fullmatch(text) is not None


def says_something(text: str) -> bool:
    """Return whether a text says more than links do, whether to pages or to other notes."""
    return _says(_PAGE_LINK.sub("", text))


def _says(text: str) -> bool:
    """Return whether a text contains a word outside of links that carries meaning."""
    return any(word.casefold() not in STOP_WORDS for word in PLAIN_WORD.findall(_LINK_OR_PICTURE.sub(" ", text)))
