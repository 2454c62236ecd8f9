"""the page that a browser is sent before anything is asked: with its style, so that the first paint is like the last"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.ui.server.whole_response import rewriting

STYLE: Final = Path(__file__).parents[1] / "style.css"

CONDITIONS: Final = (b"if-none-match", b"if-modified-since", b"accept-encoding")
"""What a browser asks Streamlit's own page by: it says nothing of ours, and a compressed page is not read here."""

_TITLE: Final = re.compile(r"<title>.*?</title>", re.DOTALL)
_ROOT: Final = '<div id="root"></div>'
_WAITING: Final = '<div id="root"><div class="ta-waiting">Topic Assistant</div></div>'
FONTS_LATER: Final = """<style id="ta-fonts">
@media (max-width: 640px) {
  @font-face { font-family: "Source Sans"; font-weight: 100 900; src: local("Arial"), local("Roboto"),
    local("Helvetica Neue"), local("Liberation Sans"), local("DejaVu Sans Condensed");
    size-adjust: 93%; ascent-override: 104%; descent-override: 32%; line-gap-override: 0% }
}
</style>"""
"""Stands for Streamlit's font on a phone until `keys.js` takes it away: an answer on its way would share the line with
170 kB of it, a second at 1.6 Mbit/s."""

_FONT: Final = re.compile(r'<link\s+rel="preload"\s+href="[^"]*\.woff2"[^>]*/>')
"""The font that Streamlit has fetched before its scripts: on a slow line they wait a second for it."""

_is_sent: list[bool] = []
"""Holds something once pages come with their style: `streamlit run app.py` knows nothing of it."""


class Shell:
    """Puts the style into each page as it is sent, and something to see while its scripts are on their way."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an app."""
        self.app = app
        self._style = STYLE.read_text(encoding="utf-8")
        _is_sent.append(True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and a page back with the style in it."""
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self.app(scope, receive, send)
            return
        unconditional = {**scope, "headers": [header for header in scope["headers"] if header[0] not in CONDITIONS]}
        await self.app(unconditional, receive, rewriting(send, _is_page, self._rewrite))

    def _rewrite(self, headers: MutableHeaders, page: bytes) -> bytes:
        del headers["ETag"], headers["Last-Modified"]
        return styled(page.decode(), self._style).encode()


def styled(page: str, style: str) -> str:
    """Return Streamlit's page with a style of ours and our name; one that looks otherwise is left as it is.

    The style stands behind the head, in which Streamlit puts its own: of two rules, the later one holds.

    >>> styled('<title>Streamlit</title><body>', "a{}").replace(FONTS_LATER, "...")
    '<title>Topic Assistant</title><body><style>a{}</style>...'
    """
    page = _FONT.sub("", _TITLE.sub("<title>Topic Assistant</title>", page, count=1))
    body = "".join(("<body><style>", style, "</style>", FONTS_LATER))
    return page.replace("<body>", body, 1).replace(_ROOT, _WAITING, 1)


def is_style_sent() -> bool:
    """Say whether pages come with their style."""
    return bool(_is_sent)


def _is_page(started: Message) -> bool:
    headers = Headers(raw=started["headers"])
    return started["status"] == 200 and headers.get("content-type", "").startswith("text/html")
