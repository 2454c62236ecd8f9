"""What the HTML of the pages may hold, whatever the notes say."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

HOSTILE: Final = (Path(__file__).parents[2] / "cases" / "hostile.txt").read_text(encoding="utf-8").splitlines()

ALLOWED_TAGS: Final = set(
    "a article blockquote br button code details div em h1 h2 h3 h4 h5 h6 hr img li mark nav ol p pre s section span "
    "strong "
    "summary table tbody td th thead tr ul".split()
)
ALLOWED_ATTRIBUTES: Final = set(
    "alt aria-current aria-hidden aria-label class data-act data-copy data-open data-page data-topic href id loading "
    "open rel role src start style tabindex title type".split()
)


ALIGNED: Final = {"text-align:left", "text-align:right", "text-align:center"}
INDENTED: Final = re.compile(r"padding-left: \drem")


class Tags(HTMLParser):
    """Collects the tags and attributes of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs


def assert_harmless(html: str) -> None:
    """Hold that nothing in it can run, style the page or load anything."""
    found = Tags(html)
    assert found.tags <= ALLOWED_TAGS
    assert {name for name, _ in found.attributes} <= ALLOWED_ATTRIBUTES
    for name, value in found.attributes:
        if name == "href":
            assert (value or "").split(":")[0] not in {"javascript", "data", "vbscript", "file"}
        if name == "style":
            assert value in {"text-align:left", "text-align:right", "text-align:center"} or INDENTED.fullmatch(
                value or ""
            )
        if name == "src":
            assert (value or "").startswith("picture?in=")
        if name == "data-open":
            assert (value or "").split(":")[0] in {"", "obsidian", "vscode"}
        if name == "id":
            assert (value or "").startswith("ta-")
