"""a PDF of a source -> the browser's own viewer, which opens it at the page of an answer"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from assistant.discovery import read_topic
from assistant.location import VIEWED
from assistant.service import service
from index.errors import TopicsError
from index.sources import file_inside, source_root

PDF: Final = b"%PDF-"
"""What a file must begin with, near its head, to be sent as one: whatever its name, nothing else is."""
HEAD: Final = 1024


def _send_document(request: Request) -> Response:
    """Send the document that a topic comes from; the topic is what the reader may see.

    Whatever else is asked for, or not there, is answered alike, so that nobody learns which files there are.
    """
    try:
        file = _document_response(request.query_params.get("in", ""))
    except (TopicsError, OSError):
        file = None
    return file or Response(status_code=404)


def _document_response(topic_id: str) -> FileResponse | None:
    listed = service.contents().get(topic_id) if service.is_ready else None
    stored = read_topic(service.library(), listed) if listed else None
    path = file_inside(source_root(stored.source), stored.path) if stored else None
    if path is None or path.suffix.lower() not in VIEWED:
        return None
    with path.open("rb") as opened:
        if PDF not in opened.read(HEAD):
            return None
    return FileResponse(path, media_type="application/pdf", filename=path.name, content_disposition_type="inline")


def document_route(prefix: str = "") -> Route:
    """Return where the documents of sources are; Starlette runs it beside the pages, in a thread."""
    return Route(f"{prefix}/document", _send_document)
