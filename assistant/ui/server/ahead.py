"""a question still being typed -> its answer, ready when Enter is pressed"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assistant.place import Place
from assistant.service import service
from assistant.ui.asking import request_of

HEADER: Final = "X-Topics"
"""What only a page of the app can send along: another would have to be allowed to, which none is. So no page learns
from the time that this takes whether a question was asked before."""


def _think_ahead(request: Request) -> Response:
    """Answer the question of an address for the one who will ask it; nothing of it is kept, or sent back."""
    if HEADER not in request.headers:
        return Response(status_code=403)
    service.prefetch(request_of(Place.of(request.query_params)))
    return Response(status_code=204)


def ahead_route(prefix: str = "") -> Route:
    """Return what `keys.js` calls whenever the typing rests; Starlette runs it beside the pages, in a thread."""
    return Route(f"{prefix}/ahead", _think_ahead)
