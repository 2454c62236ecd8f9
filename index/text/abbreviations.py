"""abbreviations that texts explain, as Very Large Queue (VLQ) -> a question with the other name in place of one"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from index.text.normal_form import compared

_SHORT: Final = r"(?P<short>(?:[A-Z][a-z]{0,3}){2,6})"
"""Capitals, or the beginnings of words: VLQ, WinRM."""
_SHORT_PART: Final = re.compile(r"[A-Z][a-z]*")
_BEHIND: Final = re.compile(rf"\({_SHORT}\)")
"""An abbreviation in brackets, behind the name."""
_BEFORE: Final = re.compile(rf"\b{_SHORT}[ \t]+\((?P<long>[^()\n]{{4,80}})\)")
"""One before the name, which stands in brackets."""
_WORD: Final = re.compile(r"[^\W\d_][\w'’-]*")
_SMALL: Final = frozenset("a an and de der die du for im in of the to und von".split())
"""Words within a name that lend no letter to its abbreviation."""
MAX_LONG_FORM: Final = 100
"""Characters before an abbreviation in which its name is looked for."""


class Abbreviation(NamedTuple):
    """A name with its abbreviation."""

    long: str
    short: str


class Renamed(NamedTuple):
    """A text with another name of a thing in the place of one."""

    text: str
    before: str
    """The name that was there, as it was written."""
    after: str


def abbreviations(text: str) -> Iterator[Abbreviation]:
    """Yield each abbreviation that a text explains by the words whose first letters it is made of.

    >>> list(abbreviations("**Heating Circuit Pump** (HeCiP)"))
    [Abbreviation(long='Heating Circuit Pump', short='HeCiP')]

    >>> list(abbreviations("The Bank of Two Lakes (BTL) and its VLQ (Very Large Queue), but not us (ABC)"))
    [Abbreviation(long='Bank of Two Lakes', short='BTL'), Abbreviation(long='Very Large Queue', short='VLQ')]
    """
    for match in _BEHIND.finditer(text):
        before = text[max(0, match.start() - MAX_LONG_FORM) : match.start()].rstrip("*_ ")
        if (start := _name_start(before, match["short"])) is not None:
            yield Abbreviation(before[start:], match["short"])
    for match in _BEFORE.finditer(text):
        if _name_start(match["long"], match["short"]) == 0:
            yield Abbreviation(match["long"], match["short"])


def _name_start(text: str, short: str) -> int | None:
    """Return where the words at the end of a text begin whose first letters make an abbreviation; None if none do."""
    words = list(_WORD.finditer(text))
    telling = [word for word in words if compared(word[0]) not in _SMALL]
    parts = [part.casefold() for part in _SHORT_PART.findall(short)]
    for named in (telling[-len(parts) :], words[-len(parts) :]):
        begins = (compared(word[0]).startswith(part) for word, part in zip(named, parts, strict=False))
        if len(named) == len(parts) and all(begins):
            return named[0].start()
    return None


def renamed(question: str, texts: Iterable[str]) -> Renamed | None:
    """Return a question with the other name of a thing that it names, as one of some texts explains; None if none does.

    >>> renamed("how long is the very large queue?", ["Very Large Queue (VLQ)"])
    Renamed(text='how long is the VLQ?', before='very large queue', after='VLQ')
    """
    for known in dict.fromkeys(pair for text in texts for pair in abbreviations(text)):
        long, short = (_as_written(name, question) for name in known)
        if bool(long) != bool(short):
            match, after = (long, known.short) if long else (short, known.long)
            if match:
                return Renamed(f"{question[: match.start()]}{after}{question[match.end() :]}", match[0], after)
    return None


def _as_written(name: str, question: str) -> re.Match[str] | None:
    words = r"\s+".join(map(re.escape, name.split()))
    return re.search(rf"(?<!\w){words}(?!\w)", question, re.IGNORECASE)
