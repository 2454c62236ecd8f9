"""the filters of an answer -> HTML: subjects and slots, each with how many topics it leaves to be searched"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from markupsafe import Markup

from assistant.answer import Card
from assistant.discovery import Contents, Facet
from assistant.place import Place
from assistant.ui.rendering import render
from index.retrieval import filter_tokens

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


def filters_html(contents: Contents, cards: Sequence[Card], place: Place, narrower: Iterable[Facet] = ()) -> Markup:
    """Return links to what an answer can be narrowed to, given the topics found; a chosen one leads back out."""
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
    return render("filters", choices=[*items, *_narrower(place, narrower)])


def _narrower(place: Place, facets: Iterable[Facet]) -> Iterator[Choice]:
    """Yield folders, tags, kinds and days; those chosen that are not among them come last, so that each can go."""
    chosen = filter_tokens(place.filter)
    offered = {facet.filter: facet for facet in facets}
    for typed, facet in offered.items():
        others = [token for token in chosen if token != typed]
        wanted = others if typed in chosen else [*chosen, typed]
        yield Choice(facet.label, facet.topics, replace(place, filter=" ".join(wanted)).link, typed in chosen)
    for typed in chosen:
        if typed not in offered:
            rest = [token for token in chosen if token != typed]
            yield Choice(typed, None, replace(place, filter=" ".join(rest)).link, is_chosen=True)


def offered_subjects(known: Mapping[str, int], matching: Iterable[str], chosen: str) -> list[str]:
    """Return all subjects of a small library, those found in a large one; none where there is nothing to choose."""
    offered = known if len(known) <= MAX_SUBJECTS else dict.fromkeys([chosen, *matching])
    return [subject for subject in offered if subject in known] if len(known) > 1 else []


def _common_slots(cards: Sequence[Card]) -> set[str]:
    """Return the slots that half of the topics found have: a single sample among somebody's notes offers none."""
    counts = Counter(slot for card in cards for slot in card.entries)
    return {slot for slot, number in counts.items() if 2 * number >= len(cards)}


def _choice(label: str, count: int, place: Place, chosen: Place, without: Place) -> Choice:
    is_chosen = place == chosen
    return Choice(label, count, (without if is_chosen else chosen).link, is_chosen, is_title=True)
