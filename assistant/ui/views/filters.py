"""the filters of an answer -> HTML: subjects and slots, each with how many topics it leaves to be searched"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, NamedTuple

from markupsafe import Markup

from assistant.answer import TopicResult
from assistant.discovery import Contents, Facet
from assistant.place import Place
from assistant.ui.views.dates_and_numbers import day
from assistant.ui.views.rendering import render
from index.errors import QuestionError
from index.records import NoteFilter
from index.retrieval import SaidFilter, filter_tokens, parse_filters

MAX_SUBJECTS: Final = 6
"""Subjects that fit side by side; of more, those of the topics found are offered."""


class Choice(NamedTuple):
    """What an answer can be narrowed to, or is."""

    label: str
    topics: int | None
    """How many topics it leaves; None where that is not counted."""
    link: str
    is_chosen: bool
    is_title: bool = False
    """Its label is written as titles are: with code and emphasis."""


def filters_html(
    contents: Contents,
    cards: Sequence[TopicResult],
    place: Place,
    narrower: Iterable[Facet] = (),
    from_question: Sequence[SaidFilter] = (),
) -> Markup:
    """Return links to what an answer can be narrowed to, given the topics found.

    What is chosen leads back out, as does what the question itself says of where to look.
    """
    place = replace(place, subject=contents.called(place.subject))
    open_subject, open_slot = replace(place, subject=""), replace(place, slot=None)
    by_subject = contents.grouping.by == "subject" or place.subject
    items = [
        _choice(subject, contents.subjects[subject], place, replace(place, subject=subject), open_subject)
        for subject in offered_subjects(
            contents.subjects, (contents.called(card.subject) for card in cards), place.subject
        )
        if by_subject
    ]
    # in a library of other notes, the few that have slots would offer them beside every answer
    slots = {place.slot, *_common_slots(cards)}
    items += [
        _choice(slot, count, place, replace(place, slot=slot), open_slot)
        for slot, count in contents.slots.items()
        if slot in slots
    ]
    out = [
        Choice(filter_words(way.notes), None, replace(place, question=way.rest, as_typed=False).link, is_chosen=True)
        for way in from_question
    ]
    return render("filters", choices=[*out, *items, *_narrower(place, narrower)])


def _narrower(place: Place, facets: Iterable[Facet]) -> Iterator[Choice]:
    """Yield what narrows; what is chosen and not among it comes last, so that each can go. Days replace other days."""
    chosen = filter_tokens(place.filter)
    offered = {facet.filter: facet for facet in facets}
    for typed, facet in offered.items():
        is_day = typed.startswith("date:")
        others = [token for token in chosen if token != typed and not (is_day and _is_day(token))]
        wanted = others if typed in chosen else [*others, typed]
        yield Choice(facet.label, facet.topics, replace(place, filter=" ".join(wanted)).link, typed in chosen)
    for typed in chosen:
        if typed not in offered:
            rest = [token for token in chosen if token != typed]
            yield Choice(filter_text_words(typed), None, replace(place, filter=" ".join(rest)).link, is_chosen=True)


def _is_day(token: str) -> bool:
    return token.partition(":")[0].casefold() in {"date", "after", "since", "before"}


def filter_text_words(typed: str) -> str:
    """Return which notes a filter lets through, given as it is typed; of what is none, the text itself."""
    try:
        return filter_words(parse_filters(typed, date.today()))
    except QuestionError:  # it says itself, where the answer would stand, what is wrong
        return typed


def filter_words(notes: NoteFilter) -> str:
    """Return which notes a filter lets through, as it goes on after "only notes".

    >>> filter_words(NoteFilter(folders=("Kitchen", "Cellar"), tags=("bread",), without=("yeast",)))
    'in Kitchen or Cellar, tagged #bread, without “yeast”'
    >>> filter_words(NoteFilter(after=date(2026, 11, 2), before=date(2026, 11, 9)))
    'from 2 November 2026 to 8 November 2026'
    """
    parts = (
        ("in ", " or ".join(notes.folders)),
        ("tagged ", " and ".join(f"#{tag}" for tag in notes.tags)),
        ("of the source ", " or ".join(notes.sources)),
        ("of the kind ", " or ".join(notes.kinds)),
        ("", _days_words(notes.after, notes.before)),
        ("without ", " and ".join(f"“{word}”" for word in notes.without)),
    )
    return ", ".join(words + names for words, names in parts if names)


def _days_words(after: date | None, before: date | None) -> str:
    last = before - timedelta(days=1) if before else None
    if after and last:
        return f"of {day(after)}" if after == last else f"from {day(after)} to {day(last)}"
    return f"from {day(after)} on" if after else f"before {day(before)}" if before else ""


def offered_subjects(known: Mapping[str, int], matching: Iterable[str], chosen: str) -> list[str]:
    """Return all subjects of a small library, those found in a large one; none where there is nothing to choose."""
    offered = known if len(known) <= MAX_SUBJECTS else dict.fromkeys([chosen, *matching])
    return [subject for subject in offered if subject in known] if len(known) > 1 else []


def _common_slots(cards: Sequence[TopicResult]) -> set[str]:
    """Return the slots that half of the topics found have: a single sample among somebody's notes offers none."""
    counts = Counter(slot for card in cards for slot in card.entries)
    return {slot for slot, number in counts.items() if 2 * number >= len(cards)}


def _choice(label: str, count: int, place: Place, chosen: Place, without: Place) -> Choice:
    is_chosen = place == chosen
    return Choice(label, count, (without if is_chosen else chosen).link, is_chosen, is_title=True)
