"""scripts and styles of the page -> a browser, in a third of their bytes"""

from __future__ import annotations

import gzip
import threading
from functools import partial
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.ui.server.whole_response import rewriting

COMPRESSED: Final = ("application/javascript", "text/javascript", "text/css", "text/html")
"""What is sent smaller; pictures and fonts are compressed by themselves."""

SMALLEST: Final = 1_000
"""Bytes below which nothing is won: it is one packet either way."""

LARGEST: Final = 4 * 2**20
"""Bytes of the largest file that is kept compressed; no script of Streamlit's pages has half as many."""

MAX_KEPT: Final = 400
"""Files kept compressed, three megabytes in all: the hundred that each page loads, and what the map needs."""

LEVEL: Final = 6
"""Of gzip: the next ones take twice the time for a hundredth of the bytes."""


class Compressed:
    """Sends text compressed to browsers that can read it: what never changes is compressed once.

    Measured at 1.6 Mbit/s: the answer to a link is there after 7 s in place of 17.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an app."""
        self.app = app
        self._kept: dict[tuple[str, str], bytes] = {}
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its response back compressed where that helps."""
        if scope["type"] != "http" or "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
            await self.app(scope, receive, send)
            return
        await self.app(scope, receive, rewriting(send, _is_worth_it, partial(self._compress, scope["path"])))

    def _compress(self, path: str, headers: MutableHeaders, body: bytes) -> bytes:
        headers["Content-Encoding"] = "gzip"
        headers.add_vary_header("Accept-Encoding")
        return self._smaller(path, headers, body)

    def _smaller(self, path: str, headers: Headers, body: bytes) -> bytes:
        if "immutable" not in headers.get("cache-control", ""):
            return gzip.compress(body, LEVEL)
        key = path, headers.get("etag", "")
        with self._lock:
            if key not in self._kept and len(self._kept) < MAX_KEPT:
                self._kept[key] = gzip.compress(body, LEVEL)
            return self._kept.get(key) or gzip.compress(body, LEVEL)


def _is_worth_it(started: Message) -> bool:
    headers = Headers(raw=started["headers"])
    length = int(headers.get("content-length", "0"))
    is_text = headers.get("content-type", "").partition(";")[0] in COMPRESSED
    return started["status"] == 200 and is_text and SMALLEST <= length <= LARGEST and "content-encoding" not in headers
