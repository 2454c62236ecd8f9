"""the body of a request -> plain values, and plain values -> the body of a response"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from assistant.server import Problem

MAX_BODY_BYTES: Final = 64 * 1024
"""Of a body: a batch of 100 long questions."""
MAX_LINES: Final = 100
"""Of a batch: what is longer is sent in parts, so that others get their turn."""

JSON: Final = "application/json"
NDJSON: Final = "application/x-ndjson"
EVENTS: Final = "text/event-stream"


class Json(Response):
    """Plain values as JSON; half a surrogate pair, as in the name of a file that is no UTF-8, is escaped."""

    media_type = JSON

    def render(self, content: Any) -> bytes:  # noqa: ANN401 (whatever JSON holds)
        """Return the body."""
        return encoded(content)


def encoded(content: object) -> bytes:
    r"""Return plain values as JSON in UTF-8.

    >>> encoded({"path": "caf\udce9.md"})
    b'{"path":"caf\\udce9.md"}'
    """
    try:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(content, separators=(",", ":")).encode()


def media_type(request: Request) -> str:
    """Return what a request says that its body is, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().casefold()


async def read_body(request: Request) -> bytes:
    """Return the body of a request.

    Raises:
        Problem: it is longer than is read.

    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise Problem(413, f"The body is longer than {MAX_BODY_BYTES // 1024} KiB. Ask less at once.")
    return bytes(body)


async def read_json(request: Request) -> object:
    """Return what the body of a request holds.

    Raises:
        Problem: it is no JSON, or too long.

    """
    if media_type(request) != JSON:
        raise Problem(415, f"The body is to be {JSON}; say so in Content-Type.")
    return parsed(await read_body(request))


def has_body(request: Request) -> bool:
    """Return whether a request sends a body that is to be read."""
    sent = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    return request.method == "POST" and sent


def with_query(query: dict[str, object], body: object) -> object:
    """Return what a body says, with what the query string says beside it."""
    return {**query, **body} if isinstance(body, dict) else body


def parsed(text: bytes | str) -> object:
    """Return the plain values of JSON.

    Raises:
        Problem: it is none, which `NaN` and its like are not.

    """
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Problem(400, f"The body is no JSON: {error}.") from error


def _refuse_constant(constant: str) -> None:
    raise ValueError(f"{constant} is no number of JSON's")


def batch_lines(body: bytes) -> Iterator[tuple[int, str]]:
    """Yield the lines of a batch that are not empty, each with its number.

    Raises:
        Problem: they are too many.

    """
    lines = [
        (number, line) for number, line in enumerate(body.decode("utf-8", "replace").split("\n"), 1) if line.strip()
    ]
    if len(lines) > MAX_LINES:
        raise Problem(413, f"The batch has {len(lines)} lines. Send {MAX_LINES} at most, and the rest afterwards.")
    yield from lines
