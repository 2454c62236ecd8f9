"""bytes -> text, and what to say about how it was read"""

from __future__ import annotations

import codecs
from typing import Final, NamedTuple

_UTF16_MARKS: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}

SAMPLE: Final = 64 * 1024
"""How many bytes tell what the rest is."""

NULS_OF_UTF16: Final = 0.7
"""The share of the high bytes that are NUL in UTF-16 of a Latin script; in the low bytes none is."""

MAX_CONTROLS: Final = 0.02
"""The share of control characters beyond which bytes are no text: a text has next to none, and read as Latin-1 every
fourth of bytes at random is one."""

LATIN_1: Final = "not UTF-8: read as Latin-1 (Windows-1252)"
NOT_TEXT: Final = "not a text file"
HOLDS_NULS: Final = "not a text file (it holds NUL bytes)"


class Decoded(NamedTuple):
    """A text, or None where the bytes are none."""

    text: str | None
    reason: str = ""
    """What went wrong or had to be guessed; empty when all is well."""


def decode(content: bytes) -> Decoded:
    r"""Return the text of a file: UTF-8 or UTF-16, with or without a mark, and Latin-1 as a last resort.

    >>> decode("naïve".encode("latin-1"))
    Decoded(text='naïve', reason='not UTF-8: read as Latin-1 (Windows-1252)')
    """
    encoding = utf16_encoding(content[:SAMPLE])
    if encoding:
        return _utf16(content, encoding)
    if b"\0" in content:
        return Decoded(None, HOLDS_NULS)
    try:
        return Decoded(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        text = latin1(content)
    sample = text[:SAMPLE]
    controls = sum(not (char.isprintable() or char.isspace()) for char in sample)
    return Decoded(None, NOT_TEXT) if controls > len(sample) * MAX_CONTROLS else Decoded(text, LATIN_1)


def utf16_encoding(head: bytes) -> str | None:
    """Return which UTF-16 a file that begins with these bytes is in, or None where it is in none."""
    for mark, encoding in _UTF16_MARKS.items():
        if head.startswith(mark):
            return encoding
    for encoding, high, low in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        if high.count(0) > len(high) * NULS_OF_UTF16 and 0 not in low:
            return encoding
    return None


def latin1(content: bytes) -> str:
    """Return bytes as Windows reads Latin-1, and as the standard does where they mean nothing to Windows."""
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _utf16(content: bytes, encoding: str) -> Decoded:
    is_marked = content.startswith(tuple(_UTF16_MARKS))
    text = content.decode(encoding, errors="replace").removeprefix("\ufeff")
    if "\0" in text or (not is_marked and "\ufffd" in text):
        return Decoded(None, HOLDS_NULS)
    if not is_marked:
        return Decoded(text, "no byte order mark: read as UTF-16")
    return Decoded(text, "some of it is not UTF-16" if "\ufffd" in text else "")


def storable(text: str) -> str:
    """Return a text without the halves of surrogate pairs, which UTF-8 cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
