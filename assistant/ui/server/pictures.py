"""a picture that a note embeds -> the browser: of sources only, pictures only"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from assistant.discovery import read_topic
from assistant.service import service
from index.errors import TopicsError
from index.sources import PICTURES, file_inside, source_root

CACHE: Final = {"Cache-Control": "private, max-age=60"}
"""Long enough to go back and forth; a picture that is changed is seen a minute later."""


def _send_picture(request: Request) -> Response:
    """Send a picture of the source that a topic comes from, wherever that lies; the topic is what the reader may see.

    Whatever else is asked for, or not there, is answered alike, so that nobody learns which files there are.
    """
    try:
        file = _picture_response(request.query_params.get("in", ""), request.query_params.get("file", ""))
    except TopicsError:
        file = None
    return file or Response(status_code=404)


def _picture_response(topic_id: str, name: str) -> FileResponse | None:
    listed = service.contents().get(topic_id) if service.is_ready else None
    stored = read_topic(service.library(), listed) if listed else None
    path = file_inside(source_root(stored.source), name) if stored else None
    media_type = PICTURES.get(path.suffix.lower()) if path else None
    return FileResponse(path, media_type=media_type, headers=CACHE) if path and media_type else None


def picture_route(prefix: str = "") -> Route:
    """Return where the pictures of notes are; Starlette runs it beside the pages, in a thread."""
    return Route(f"{prefix}/picture", _send_picture)
