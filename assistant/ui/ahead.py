"""a question still being typed -> its answer, ready when Enter is pressed"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assistant.ui.engine import engine
from assistant.ui.state import Place


def _think_ahead(request: Request) -> Response:
    """Answer the question of an address for the one who will ask it; nothing of it is kept, or sent back."""
    engine.think_ahead(Place.of(request.query_params))
    return Response(status_code=204)


AHEAD: Final = Route("/ahead", _think_ahead)
"""What `keys.js` calls whenever the typing rests; Starlette runs it beside the pages, in a thread."""
