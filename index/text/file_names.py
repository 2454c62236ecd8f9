"""what the name of a file says: of its format, and of the note in it"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from index.text.encodings import storable

_ESCAPED: Final = re.compile(r"%(?:2[0-9A-F]|3[AC-F]|5C|7C)", re.IGNORECASE)
"""A character that a file's name may not hold, as Logseq writes it."""

_NOTION_ID: Final = re.compile(r"(?<=\S)[ _-]+[0-9a-f]{32}$")


def is_jsonl(path: str | Path) -> bool:
    """Say whether every line of a file is a note of its own."""
    return str(path).lower().endswith(".jsonl")


def plain_name(name: str) -> str:
    """Return the name of a file without the id that Notion puts at its end, where it is more than that.

    >>> plain_name("Pumps 0123456789abcdef0123456789abcdef"), plain_name("0123456789abcdef0123456789abcdef")
    ('Pumps', '0123456789abcdef0123456789abcdef')
    """
    return _NOTION_ID.sub("", name)


def readable_name(name: str) -> str:
    """Return the name of a note whose file is called as Logseq calls it, where a name holds what no file's may.

    >>> readable_name("Git___Why%3A merge"), readable_name("100%"), readable_name("a_b")
    ('Git/Why: merge', '100%', 'a_b')
    """
    decoded = unquote(name) if _ESCAPED.search(name) else name
    return storable(decoded).replace("___", "/").strip("/") or name
