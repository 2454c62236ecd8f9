"""where something stands in a file, as a person is told: a line of a note, a page of a PDF, a slide, a time"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias
from urllib.parse import quote, urlencode

from index.records import Anchor

AnchorJson: TypeAlias = dict[str, str | int]
"""An anchor as it is given to other programs: `{"page": 3}`."""

VIEWED: Final = (".pdf",)
"""The ends of the names of files that a browser shows itself, without running what stands in them."""

_IMPLIED: Final = frozenset({"date", "heading", "id", "note", "time"})
"""Kinds whose value says by itself what it is."""


def anchor_json(anchor: Anchor) -> AnchorJson | None:
    """Return an anchor as other programs get it; None for a note, whose line says it all."""
    return dict(anchor) or None


def location(path: str, line: int, anchor: Anchor | Mapping[str, str | int] | None) -> str:
    """Return where something stands, in words.

    >>> location("notes.md", 12, None), location("manual.pdf", 40, {"page": 3})
    ('notes.md:12', 'manual.pdf, page 3')
    >>> location("talk.vtt", 40, (("time", "00:12:03"),)), location("a.mbox", 7, {"message": 2, "date": "2024-05-01"})
    ('talk.vtt, 00:12:03', 'a.mbox, message 2, 2024-05-01')
    """
    return f"{path}, {anchor_words(anchor)}" if anchor else f"{path}:{line}"


def anchor_words(anchor: Anchor | Mapping[str, str | int] | None) -> str:
    """Return an anchor in words; nothing where there is none.

    >>> anchor_words({"slide": 2}), anchor_words({"chapter": 3, "heading": "Bees"}), anchor_words(None)
    ('slide 2', 'chapter 3, Bees', '')
    """
    return ", ".join(_anchor_words(kind, value) for kind, value in dict(anchor or ()).items())


def _anchor_words(kind: str, value: str | int) -> str:
    return str(value) if kind in _IMPLIED else f"{kind} {value}"


def document_link(topic_id: str, path: str, anchor: Mapping[str, str | int] | Anchor | None) -> str:
    """Return the address at which the app opens the document of a topic at a place; nothing where no browser shows it.

    >>> document_link("7f3a", "manual.PDF", {"page": 3}), document_link("7f3a", "talk.vtt", {"time": "00:12:03"})
    ('document?in=7f3a#page=3', '')
    """
    if not path.lower().endswith(VIEWED):
        return ""
    return f"document?{urlencode({'in': topic_id})}{fragment(dict(anchor or ()))}"


def fragment(anchor: Mapping[str, str | int] | None) -> str:
    """Return what is put behind the address of a document to open it at a place: `#page=3`; nothing where none is.

    >>> fragment({"page": 3}), fragment({"id": "setup"}), fragment({"row": 7})
    ('#page=3', '#setup', '')
    """
    if not anchor:
        return ""
    if "page" in anchor:
        return f"#page={anchor['page']}"
    return f"#{quote(str(anchor['id']))}" if "id" in anchor else ""
