"""the address of a page -> what is asked of the service"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

from assistant.answering import leans
from assistant.place import Place
from assistant.service import AskRequest, service
from index.records import ALL_NOTES, NoteFilter
from index.retrieval import parse_filters

LIMIT: Final = 6
"""Topics on a page: what is further down is hardly ever the answer."""


def request_of(place: Place) -> AskRequest:
    """Return the question of an address with its filters.

    >>> request_of(Place("what is GitOps?", subject="DevOps"))
    AskRequest(question='what is GitOps?', limit=6, subject='DevOps', slot=None, as_typed=False, notes=NoteFilter(folders=(), tags=(), sources=(), kinds=(), after=None, before=None, without=(), without_topics=()), after='')

    Raises:
        QuestionError: the filter of the address is none.

    """  # noqa: E501 (the example is one object)
    after = place.after if leans(place.question, place.after) else ""
    notes = parse_filters(place.filter, date.today()) if place.filter else ALL_NOTES
    return AskRequest(place.question, LIMIT, place.subject or None, place.slot, place.as_typed, notes, after)


def next_best(request: AskRequest, wrong_topics: Iterable[str]) -> AskRequest:
    """Return the same question asked of all topics but those that somebody said do not answer it."""
    return replace(request, notes=request.notes & NoteFilter(without_topics=tuple(sorted(wrong_topics))))


def asked_in_full(place: Place) -> str:
    """Return the question of a place in full: one that leans on another would mean something else the next time."""
    return service.answer(request_of(place)).full_question if place.question and place.after else place.question


def next_place(place: Place, question: str, before: str) -> Place:
    """Return the place of a question that is asked at another place, where `before` is what is asked there in full.

    >>> next_place(Place("what is a rebase?"), "how do I undo it?", "what is a rebase?").after
    'what is a rebase?'
    >>> next_place(Place("what is a rebase?"), "what is GitOps?", "what is a rebase?").after
    ''
    """
    after = before if leans(question, before) else ""
    return replace(place.closed, question=question, as_typed=False, after=after) if question else Place()
