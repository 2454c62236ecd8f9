"""an ordinal before a name -> the name with its number: "Session 05" is what the fifth session may be called"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from index.text.abbreviations import Renamed

ORDINALS: Final = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_ORDINAL_NAME: Final = re.compile(
    rf"\b(?:the\s+)?(?:(?P<word>{'|'.join(ORDINALS)})|(?P<number>\d{{1,3}})(?:st|nd|rd|th))\s+(?P<name>[^\W\d_]{{3,}})\b",
    re.IGNORECASE,
)


class Numbered(NamedTuple):
    """A question with the number of a thing in the place of an ordinal."""

    renamed: Renamed
    name: str
    number: int

    def is_in(self, heading: str) -> bool:
        """Return whether a heading names the thing by that number, perhaps with zeros before it.

        >>> [numbered("the fifth session").is_in(heading) for heading in ("Session 05: the inn", "Session 15")]
        [True, False]
        """
        return bool(re.search(rf"\b{re.escape(self.name)}\W{{0,3}}0*{self.number}(?!\w)", heading, re.IGNORECASE))


def numbered(question: str) -> Numbered | None:
    """Return a question with the number of a thing in the place of its first ordinal; None where it has none.

    >>> numbered("what happened in the fifth session?").renamed.text
    'what happened in session 5?'
    >>> numbered("what happened next?") is None
    True
    """
    match = _ORDINAL_NAME.search(question)
    if not match:
        return None
    number = int(match["number"] or ORDINALS.index(match["word"].casefold()) + 1)
    after = f"{match['name']} {number}"
    text = f"{question[: match.start()]}{after}{question[match.end() :]}"
    return Numbered(Renamed(text, match[0], after), match["name"], number)
