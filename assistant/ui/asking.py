"""the address of a page -> what is asked of the service"""

from __future__ import annotations

from typing import Final

from assistant.place import Place
from assistant.service import AskRequest

LIMIT: Final = 6
"""Topics on a page: what is further down is hardly ever the answer."""


def request_of(place: Place) -> AskRequest:
    """Return the question of an address with its filters.

    >>> request_of(Place("what is GitOps?", subject="DevOps"))
    AskRequest(question='what is GitOps?', limit=6, subject='DevOps', slot=None, as_typed=False)
    """
    return AskRequest(place.question, LIMIT, place.subject or None, place.slot, place.as_typed)
