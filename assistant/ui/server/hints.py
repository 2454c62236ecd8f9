"""what a browser is told to fetch ahead: the parts of Streamlit that an answer will need"""

from __future__ import annotations

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.ui.server.scripts import INDEX, sources

ELEMENTS: Final = ("TextInput.tsx", "Html.tsx", "BidiComponent.tsx")
"""The sources of the elements on the page of an answer. Without the hints, a browser learns of their 25 files when the
first element arrives: measured, a link then shows its answer after 2.2 s in place of 1.8."""


class Hints:
    """Adds to every page which scripts it will need."""

    def __init__(self, app: ASGIApp, prefix: str = "") -> None:
        """Wrap an app that lies under a path."""
        self.app = app
        self._links = ", ".join(f"<{prefix}/{file}>; rel=modulepreload" for file in needed())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its response back with the hints if it is a page."""

        async def send_hinted(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("Link", self._links)
            await send(message)

        await self.app(scope, receive, send_hinted)


def needed() -> list[str]:
    """Return the script files of the elements that the page does not name itself."""
    parts = sources()  # none in another version of Streamlit: pages are right without hints, if later
    page = INDEX.read_text(encoding="utf-8")
    waiting = [source for source in parts if source.rpartition("/")[2] in ELEMENTS]
    hints: dict[str, None] = {}
    while waiting:
        part = parts[waiting.pop()]
        if part["file"] not in hints and part["file"] not in page:
            hints[part["file"]] = None
            waiting += part.get("imports", ())
    return list(hints)
