"""which notes does a question want searched? its filters, and the question without them

`folder:recipes tag:bread after:2026-09 -sourdough`, and "last week's notes on rye". What cannot be a filter stays text:
`kind:Deployment` is a term of Kubernetes, and `-name` an option where notes write it so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final, NamedTuple

from index.errors import QuestionError
from index.formats import KIND_OF
from index.records import ALL_NOTES, SLOT_NAMED, NoteFilter, Slot, Span
from index.text import SAID, Period, period

_VALUE: Final = r'(?:"(?P<quoted>[^"]+)"|(?P<plain>[^\s"]*[^\s"?!,;]))[?!,;]*(?!\S)'
_FILTER: Final = re.compile(
    rf"(?<!\S)(?P<name>subject|slot|folder|tag|source|kind|after|since|before|date):{_VALUE}", re.IGNORECASE
)
_WITHOUT: Final = re.compile(r"(?<!\S)-(?P<word>[^\W\d_]{3,})(?!\S)")
_QUOTED_TOKEN: Final = re.compile(r'"[^"]*"|`[^`]*`')
_NOTES: Final = r"(?:notes?|entries|entry|pages?|files?|documents?)"
_ABOUT: Final = r"(?:\s+(?:on|about|for|of|regarding))?"
_PERIODS: Final = (
    re.compile(rf"(?:\b(?:my|the|in)\s+)?\b(?P<said>{SAID})(?:'s|’s)\s+{_NOTES}\b{_ABOUT}", re.IGNORECASE),
    re.compile(
        rf"(?P<kept>\b{_NOTES})\s+(?:(?:that\s+)?(?:i|we)\s+(?:wrote|made|took|edited|changed|added)\s+|from\s+|of\s+|since\s+"
        rf"|(?:written|made|taken|edited|changed|added)\s+(?:in\s+|since\s+)?)(?P<said>{SAID})\b{_ABOUT}",
        re.IGNORECASE,
    ),
    re.compile(
        r"^\W*what(?:\s+(?:did|have)\s+(?:i|we)\s+(?:do|done|writ(?:e|ten)|noted?(?:\s+down)?|log(?:ged)?|work(?:ed)?\s+on)"
        rf"|\s+happened|(?:'s|’s|\s+is|\s+was)\s+(?:new|going\s+on))\s+(?:in\s+|during\s+)?(?P<said>{SAID})\W*$",
        re.IGNORECASE,
    ),
)
"""Phrases that restrict notes to a period; any other mention of a time may be what the question asks for."""

IsWritten = Callable[[str], bool]


class SaidFilter(NamedTuple):
    """A filter of notes that is written in a question."""

    notes: NoteFilter
    rest: str
    """The question without it."""


class Narrowed(NamedTuple):
    """A question without its filters, and the filters."""

    text: str
    """The question without filters; empty if there is nothing else."""
    subject: str | None = None
    slot: Slot | None = None
    notes: NoteFilter = ALL_NOTES
    from_question: tuple[SaidFilter, ...] = ()
    """Each filter of notes by itself."""


class _Token(NamedTuple):
    span: Span
    name: str
    value: str


def narrowed(question: str, today: date, is_written: IsWritten) -> Narrowed:
    """Return a question without its filters; `is_written` says whether the notes hold a text literally.

    >>> bread = narrowed("tag:bread how do I knead? -rye", date(2026, 11, 29), lambda text: False)
    >>> bread.text, bread.notes.tags, bread.notes.without
    ('how do I knead?', ('bread',), ('rye',))
    >>> narrowed("last week's notes on rye", date(2026, 11, 29), lambda text: False).notes.after.isoformat()
    '2026-11-16'

    Raises:
        QuestionError: there is no such slot, or nothing but a subject or slot.

    """
    tokens = [*_named_tokens(question, today), *_words_left_out(question, is_written), *_periods(question)]
    if not tokens:
        return Narrowed(question.strip())
    text = _without(question, tokens)
    last = {token.name: token.value for token in tokens}
    if not text and {"subject", "slot"} & set(last):
        raise QuestionError(f"There is a filter and no question: add one, as in  {question.strip()} what is it?")
    slot = _slot(last["slot"]) if "slot" in last else None
    of_notes = (token for token in tokens if token.name not in {"subject", "slot"})
    from_question = tuple(SaidFilter(_note_filter([token], today), _without(question, [token])) for token in of_notes)
    return Narrowed(text, last.get("subject"), slot, _note_filter(tokens, today), from_question)


def parse_filters(text: str, today: date) -> NoteFilter:
    """Return the filter of a text that holds nothing but filters, as in an address or an option.

    >>> parse_filters('folder:recipes tag:"sour dough"', date(2026, 11, 29)).tags
    ('sour dough',)

    Raises:
        QuestionError: the text holds anything but filters.

    """
    tokens = [*_named_tokens(text, today), *_words_left_out(text, lambda _: False)]
    tokens = [token for token in tokens if token.name not in {"subject", "slot"}]
    if rest := _without(text, tokens):
        raise QuestionError(
            f"{rest!r} is no filter. Filters are folder:, tag:, source:, kind:, after:, before: and date: with a "
            'value, in quotes where it has spaces, and -word, as in: folder:recipes tag:bread after:"last week"'
        )
    return _note_filter(tokens, today)


def filter_text(name: str, value: str) -> str:
    """Return a filter as it is typed.

    >>> filter_text("tag", "sour dough"), filter_text("folder", "recipes")
    ('tag:"sour dough"', 'folder:recipes')
    """
    return f'{name}:"{value}"' if " " in value else f"{name}:{value}"


def notes_text(notes: NoteFilter) -> str:
    """Return what a filter asks for, as it is typed.

    >>> notes_text(NoteFilter(tags=("rye",), after=date(2026, 9, 1), without=("wheat",)))
    'tag:rye after:2026-09-01 -wheat'
    """
    values = {"folder": notes.folders, "tag": notes.tags, "source": notes.sources, "kind": notes.kinds}
    days = {"after": notes.after, "before": notes.before}
    named = [filter_text(name, value) for name in values for value in values[name]]
    dated = [filter_text(name, day.isoformat()) for name, day in days.items() if day]
    return " ".join((*named, *dated, *(f"-{word}" for word in notes.without)))


def filter_tokens(text: str) -> list[str]:
    """Return the filters in a text, each as it is typed."""
    return [text[slice(*token.span)].strip() for token in (*_all_named(text), *_words_left_out(text, lambda _: False))]


def _all_named(text: str) -> Iterator[_Token]:
    for match in _FILTER.finditer(text):
        yield _Token(match.span(), match["name"].casefold(), match["quoted"] or match["plain"])


def _named_tokens(text: str, today: date) -> Iterator[_Token]:
    """Yield the named filters with a possible value."""
    return (token for token in _all_named(text) if _means_something(token, today))


def _means_something(token: _Token, today: date) -> bool:
    if token.name == "kind":
        return token.value.casefold().lstrip(".") in {*KIND_OF, *KIND_OF.values()}
    return token.name not in {"after", "since", "before", "date"} or period(token.value, today) is not None


def _words_left_out(text: str, is_written: IsWritten) -> Iterator[_Token]:
    literals = [match.span() for match in _QUOTED_TOKEN.finditer(text)]
    for match in _WITHOUT.finditer(text):
        is_literal = any(start <= match.start() < end for start, end in literals)
        if not is_literal and not is_written(match[0]):
            yield _Token(match.span(), "without", match["word"])


def _periods(text: str) -> Iterator[_Token]:
    """Yield the periods that a sentence restricts notes to."""
    for pattern in _PERIODS:
        if match := pattern.search(text):
            yield _Token(match.span(), "date", match["said"])
            return


def _without(text: str, tokens: list[_Token]) -> str:
    for token in sorted(tokens, reverse=True):
        start, end = token.span
        text = f"{text[:start]} {text[end:]}"
    return " ".join(text.split())


def _note_filter(tokens: list[_Token], today: date) -> NoteFilter:
    def values(*names: str) -> tuple[str, ...]:
        return tuple(token.value for token in tokens if token.name in names)

    def periods(*names: str) -> list[Period]:
        return [within for value in values(*names) if (within := period(value, today))]

    of_days = periods("date")
    first = [period_.first for period_ in (*periods("after", "since"), *of_days)]
    end = [period_.first for period_ in periods("before")] + [period_.end for period_ in of_days]
    kinds = (value.casefold().lstrip(".") for value in values("kind"))
    return NoteFilter(
        values("folder"),
        values("tag"),
        values("source"),
        tuple(KIND_OF.get(kind, kind) if kind not in KIND_OF.values() else kind for kind in kinds),
        max(first, default=None),
        min(end, default=None),
        values("without"),
    )


def _slot(name: str) -> Slot:
    if slot := SLOT_NAMED.get(name.lower()):
        return slot
    raise QuestionError(f"There is no slot {name!r}. Ask with slot:what, slot:how or slot:example.")
