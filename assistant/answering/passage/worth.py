"""how much of what is asked does each sentence, item or row of an entry say?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.answering.passage.alignment import TokenAlignment
from assistant.answering.passage.asked_field import AskedField, asked_field
from assistant.answering.passage.asked_number import counted_stems, number_asked, says_count, states_number
from assistant.answering.passage.lacking import asks_duration, asks_negation, lacks_negation, lacks_number
from assistant.answering.passage.permissions import PERMISSION_WORDS, tells_permission
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


_NAME_WORD: Final = r"-{0,2}\w(?:[\w’'./:\[\]-]*[\w\]])?"
"""A word or a name of code: `max_depth`, `name[case]`, `--quiet`."""
_ASKS_DEFINITION: Final = re.compile(
    r"\W*(?:(?:who|what)(?:['’]s| is| are| was| were)"
    r"(?: the (?:default(?: value| setting)?|meaning|purpose) (?:of|for))?"
    r"|what do(?:es)?(?=.* (?:mean|do|stand for)\b)) (?:an? |the )?(?!(?:I|you|we|they)\b)"
    rf"[`'\"“]?(?P<thing>{_NAME_WORD}(?: {_NAME_WORD}){{0,2}}?)[`'\"”]?"
    r"(?: (?:option|flag|setting|parameter|argument|rule|command))?(?: (?:mean|do|stand for))?\W*\Z",
    re.IGNORECASE,
)
"""A question who somebody or what something is, means or does that has up to three words, or what its default is."""
_ASKS_MEMBER: Final = re.compile(
    r"\W*(?:which|welche[rsn]?) (?:of )?\w+(?: \w+)?(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
"""A question which of several things is or does something: the name of the things has a word or two."""
_PLACEHOLDER: Final = r"(?:todo|tbd|tba|fixme|wip|coming soon|placeholder\S*|lorem ipsum.*)"
_SAYS_NOTHING: Final = re.compile(rf"[\W_]*(?:{_PLACEHOLDER}|none|n/?a|nothing|\w+:)?[\W_]*", re.IGNORECASE | re.DOTALL)
"""A placeholder for text that is still to be written, or a field without a value."""
_UNWRITTEN: Final = re.compile(
    rf"(?:[^\n]*:[*_]*[ \t]*\n+)?(?:[\W_]*{_PLACEHOLDER}[\W_]*"
    r"|[ \t]*(?:```|~~~)[^\n]*\s+(?:#|//|--|;|%|/\*|<!--)\s*(?:todo|tbd|fixme)\b[^\n]*\s+(?:```|~~~)\s*)",
    re.IGNORECASE,
)
"""A placeholder, or code of which only a comment says what is to be done, perhaps below a label."""

_STRUCK_OUT: Final = re.compile(r"[\s>*+-]*(?:\d+[.)]\s)?~~(?=\S)(?:(?!~~).)+~~[\s.]*", re.DOTALL)
"""Text that its author took back; in the item of a task that is done, it was done."""

_ASIDE: Final = re.compile(
    r"^[ \t]*>[ \t]*\[!(?:note|warning|important|caution|attention|tip|hint|info)\][^\n]*(?:\n[ \t]*>[^\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)
"""A callout that says something beside the matter."""

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
    need = _need(alignment, in_place, units, headings)
    question, text = alignment.query_terms.question, alignment.text
    own = np.array([_worth(need, place, unit, near, doing) for place, unit in enumerate(units)], dtype=np.float32)
    if asks_duration(question):
        own -= ANSWER.lacking_loss * _lack(lacks_number, question, text, units)
    if need.is_beyond and asks_negation(question):  # else the heading denies
        own -= ANSWER.undenied_loss * _lack(lacks_negation, question, text, units)
    return own + key_bonuses(question, text, units)


class _Need(NamedTuple):
    """What a question needs an entry to say."""

    alignment: TokenAlignment
    in_place: TokenAlignment | None
    """The same by contextual token vectors; None where there are none, or nothing is asked beyond the headings."""
    weights: Vectors
    """The weight of each query token."""
    in_place_weights: Vectors
    is_beyond: bool
    """Whether anything is asked beyond the headings."""
    number: re.Pattern[str] | None
    is_counted: npt.NDArray[np.bool_]
    """Which query tokens name what is counted, and no heading does."""
    field: AskedField
    definition: re.Pattern[str] | None
    known: Set[str]
    """The stems of the question and of the headings."""
    numbers: frozenset[str]
    """The stems of the question's numbers, codes and days that the entry holds."""
    beyond: Set[str]
    """The stems of the question that stand in no heading."""
    lists_permission: bool
    """Whether a heading says of what stands below it that it may be done, or that it may not."""
    member: frozenset[str]
    """The stems of what the one of several things is or does that is asked for; empty where none is asked for."""
    callouts: Sequence[Span]
    """What stands beside the matter, where nothing is asked beyond the headings."""


def _need(
    alignment: TokenAlignment, in_place: TokenAlignment | None, units: Sequence[Unit], headings: Set[str]
) -> _Need:
    query_terms, text = alignment.query_terms, alignment.text
    question = query_terms.question
    number, counted = number_asked(question), counted_stems(question)
    if number and counted & headings and any(says_count(question, text[slice(*unit.span)]) for unit in units):
        headings = headings - counted  # a line that says how many there are names them anew
    weights = _weights(query_terms, headings)
    is_beyond = bool(weights.any())
    in_place = in_place if is_beyond else None
    return _Need(
        alignment,
        in_place,
        weights,
        _in_place_weights(in_place.query_terms, headings) if in_place else weights,
        is_beyond,
        number,
        query_terms.are_in(counted - headings)[query_terms.words],
        asked_field(question),
        _definition(question) if is_beyond else None,
        headings | query_terms.all_stems,
        _numbers_matched(question, text, NumberMatch.SAME),
        query_terms.all_stems - headings,
        not PERMISSION_WORDS.isdisjoint(headings),
        _member_stems(question) - headings,
        [] if is_beyond else [match.span() for match in _ASIDE.finditer(text)],
    )


def _worth(need: _Need, place: int, unit: Unit, near: Span, doing: float) -> float:
    """Return the worth of the unit at a place in its entry."""
    is_named = need.field.is_in(need.alignment.text[slice(*unit.span)])
    is_sorted_out = _is_sorted_out(need, unit)
    others = _other_numbers(need, unit)
    similarity = _zeroed(others, _unit_similarity(need, unit, is_named=is_named), need.alignment.query_terms)
    says = float(need.weights @ similarity + _says_in_place(need, unit, others))
    is_outside = need.is_beyond and (unit.span[1] <= near[0] or unit.span[0] >= near[1])
    return (
        says
        + _bonus(need, unit, similarity, doing, is_named=is_named, is_sorted_out=is_sorted_out)
        - ANSWER.outside_loss * is_outside
        - _empty_loss(need, unit, doing, is_sorted_out=is_sorted_out)
        - ANSWER.order_loss * _lateness(need, place, unit)
    )


def _unit_similarity(need: _Need, unit: Unit, *, is_named: bool) -> Vectors:
    """Return the similarity of each query token to a unit or the labels above it; 1 for what asks for its field."""
    alignment = need.alignment
    similarity = alignment.nearest(unit.span)
    if is_named:
        query_terms = alignment.query_terms
        similarity = np.where(query_terms.are_in(need.field.words)[query_terms.words], 1, similarity)
    if unit.labels:
        by_label = np.max([alignment.nearest(label) for label in unit.labels], axis=0)
        similarity = np.maximum(similarity, ANSWER.label_share * by_label)
    return similarity


def _says_in_place(need: _Need, unit: Unit, others: Set[str]) -> np.float32:
    """Return how much of the question a unit says by contextual token vectors; 0 without any."""
    if not need.in_place:
        return np.float32(0)
    similarity = _zeroed(others, need.in_place.nearest(unit.span), need.in_place.query_terms)
    return np.float32(need.in_place_weights @ similarity)


def _bonus(need: _Need, unit: Unit, similarity: Vectors, doing: float, *, is_named: bool, is_sorted_out: bool) -> float:
    """Return what is added to the worth of a unit for the number, field, definition or command that is asked for."""
    text = need.alignment.text
    shown = text[slice(*unit.shown)]
    bonus = 0.0
    if need.number and states_number(need.number, shown):
        bonus = ANSWER.number_bonus * (float(similarity[need.is_counted].mean()) if need.is_counted.any() else 1.0)
    is_sorted_out = is_sorted_out and not need.beyond.isdisjoint(stems(shown))
    bonus += ANSWER.named_field_bonus * (is_named or is_sorted_out or _is_member(need, unit, shown))
    bonus += ANSWER.definition_bonus * bool(need.definition and need.definition.match(text, *unit.span))
    return bonus + (_code_bonus(text, unit, doing) if need.is_beyond and _HOLDS_CODE.search(shown) else 0.0)


def _is_member(need: _Need, unit: Unit, shown: str) -> bool:
    """Return whether a unit is the item or the row of the very one of several things that is asked for."""
    return bool(need.member) and unit.kind in {"item", "row"} and need.member <= stems(shown)


def _member_stems(question: str) -> frozenset[str]:
    """Return the stems of what the one of several things is or does that a question asks for."""
    match = _ASKS_MEMBER.match(question)
    return stems(match["rest"]) if match else frozenset()


def _empty_loss(need: _Need, unit: Unit, doing: float, *, is_sorted_out: bool) -> float:
    """Return what is taken off the worth of a unit that says little, or nothing but what the question says."""
    text = need.alignment.text
    shown, parent = text[slice(*unit.shown)], text[slice(*unit.parent)] if unit.parent else ""
    is_bare = unit.shown == unit.span if unit.kind == "label" else _SAYS_NOTHING.fullmatch(text, *unit.span)
    bare_loss = ANSWER.links_loss if is_bare else 0.0
    echo_loss = 0.0 if is_sorted_out else _echo(f"{parent} {shown}", need.known, doing)
    return max(bare_loss, emptiness(shown, parent), echo_loss)


def _is_sorted_out(need: _Need, unit: Unit) -> bool:
    """Return whether a unit is an item of what may be done or may not, which answers by its place in that list."""
    if unit.kind != "item":
        return False
    text = need.alignment.text
    return need.lists_permission or any(tells_permission(text[slice(*label)]) for label in unit.labels)


def _other_numbers(need: _Need, unit: Unit) -> frozenset[str]:
    """Return the numbers of the question that the entry holds, and of which a unit with its labels states another."""
    if not need.numbers:
        return need.numbers
    parts = (*unit.labels, *([unit.parent] if unit.parent else []), unit.shown)
    stated = "\n".join(need.alignment.text[slice(*part)] for part in parts)
    return need.numbers & _numbers_matched(need.alignment.query_terms.question, stated, NumberMatch.OTHER)


def _in_place_weights(query_terms: QueryTerms, headings: Set[str]) -> Vectors:
    return np.asarray(ANSWER.in_place_weight * (_weights(query_terms, headings) + query_terms.token_weights))


def _lateness(need: _Need, place: int, unit: Unit) -> int:
    """Return how many units stand before one, up to as many as count; more than that for one in a callout."""
    if any(start <= unit.span[0] < end for start, end in need.callouts):
        return ANSWER.order_units + 1
    return min(place, ANSWER.order_units)


def _numbers_matched(question: str, text: str, how: NumberMatch) -> frozenset[str]:
    """Return the stems of numbers, codes and days in a question that a text matches in one way."""
    return frozenset(word for word, match in number_matches(question, text).items() if match is how)


def _zeroed(others: Set[str], similarity: Vectors, query_terms: QueryTerms) -> Vectors:
    """Return the similarity of each query token, 0 for those of some numbers, given by their stems."""
    return np.where(query_terms.are_in(others)[query_terms.words], 0, similarity) if others else similarity


def _lack(lacks: Callable[[str, str], bool], question: str, text: str, units: Sequence[Unit]) -> Vectors:
    """Return 1 for each unit that lacks what is asked for and another unit of the entry has; 0 for all if none has."""
    lack = np.array([lacks(question, text[slice(*unit.shown)]) for unit in units], dtype=np.float32)
    return lack if not lack.all() else np.zeros_like(lack)


def _definition(question: str) -> re.Pattern[str] | None:
    """Return a pattern of what says who somebody or what something is; None where a question asks something else."""
    match = _ASKS_DEFINITION.match(question)
    if not match:
        return None
    named = rf"\W*(?:\w{{1,2}}\W+)?(?:an? |the )?{re.escape(match['thing'])}(?!\w)[*_`]*(?:\s*\([^()\n]*\))?[*_`]*"
    return re.compile(
        rf"{named}(?:\s*[:–—]|,[^.:\n]{{1,60}}:|\s+-\s|,\s+(?:an?|the)\s|\s+(?:is|are|was|were|means|stands for)\s)",
        re.IGNORECASE,
    )


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
    if (
        _SAYS_NOTHING.fullmatch(shown)
        or _STRUCK_OUT.fullmatch(shown)
        or not says_something(_PICTURED_ROW.sub("", shown))
    ):
        return ANSWER.links_loss
    if field := _FIELD_LINE.fullmatch(shown.rstrip(" .")):
        return ANSWER.field_loss if _says(field["value"]) else ANSWER.link_field_loss
    if "\n" in shown and all(map(is_field, shown.split("\n"))):
        return ANSWER.field_loss
    return ANSWER.fragment_loss if not parent and len(shown.split()) <= ANSWER.fragment_words else 0.0


def is_unwritten(shown: str) -> bool:
    r"""Return whether a passage only says that something is still to be written, or is struck out.

    >>> is_unwritten("TODO"), is_unwritten("Empty the bin:\n\n```\n# TODO: which command?\n```")
    (True, True)
    >>> is_unwritten("~~Empty the bin.~~"), is_unwritten("~~Monday~~ Tuesday")
    (True, False)
    >>> is_unwritten("TODO: empty the bin"), is_unwritten("Date: TBD")
    (False, False)
    """
    return (_UNWRITTEN.fullmatch(shown) or _STRUCK_OUT.fullmatch(shown)) is not None


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
