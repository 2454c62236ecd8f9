"""a question still being typed -> its answer, ready when Enter is pressed, and the titles that may be meant"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assistant.discovery import Suggestion
from assistant.place import Place
from assistant.service import service
from assistant.ui.asking import request_of
from index.errors import QuestionError

HEADER: Final = "X-Topics"
"""What only a page of the app can send along: another would have to be allowed to, which none is. So no page learns
from the time that this takes whether a question was asked before."""

ASKED_BEFORE: Final = "asked before"
"""What is said beside a past question, as the headings above it are beside a title."""


def _think_ahead(request: Request) -> Response:
    """Answer the question of an address for the one who will ask it; nothing of it is kept, or sent back."""
    if HEADER not in request.headers:
        return Response(status_code=403)
    with suppress(QuestionError):  # whoever asks it is told what is wrong
        service.prefetch(request_of(Place.of(request.query_params)))
    return Response(status_code=204)


def _suggest(request: Request) -> Response:
    """Say which titles and past questions a half-typed text may mean, each with the link that leads there."""
    if HEADER not in request.headers:
        return Response(status_code=403)
    suggestions = service.suggestions(request.query_params.get("typed", ""))
    return JSONResponse([_as_record(suggestion) for suggestion in suggestions], headers={"Cache-Control": "no-store"})


def _as_record(suggestion: Suggestion) -> dict[str, str]:
    is_title = bool(suggestion.topic_id)
    place = Place(topic=suggestion.topic_id) if is_title else Place(suggestion.text)
    return {
        "text": suggestion.text,
        "beside": suggestion.above if is_title else ASKED_BEFORE,
        "link": place.link,
    }


def typing_routes(prefix: str = "") -> list[Route]:
    """Return what the page calls while somebody types, or rests; Starlette runs it beside the pages, in a thread."""
    return [Route(f"{prefix}/ahead", _think_ahead), Route(f"{prefix}/suggestions", _suggest)]
