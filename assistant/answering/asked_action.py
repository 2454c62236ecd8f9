"""what does a question want done or confirmed? a note that tells of the thing and not of that answers another one"""

from __future__ import annotations

import re
from typing import Final

from index.text import stems

_PERMISSION_ASKED: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:can|may|could|should) (?:i|we|you|one|they) (?P<doing>[a-z]+)",
        r"\b(?:darf|dürfen|kann|können) (?:ich|man|wir)\b.*?(?P<doing>[a-zäöüß]+)\W*\Z",
        r"\b(?:mag|mogen|kan|kunnen) (?:ik|men|je|we)\b.*?(?P<doing>[a-z]+)\W*\Z",
        r"\b(?:puis-je|peut-on|pouvons-nous|est-ce (?:que je peux|qu['’]on peut)) (?P<doing>[a-zà-ÿ]+)",
        r"\b(?:puedo|podemos|se puede|posso|si può|possiamo|pode-se) (?P<doing>[a-zà-ÿ]+)",
    )
)
"""Questions whether one may do something, with what is to be done: in German and Dutch it is the last word."""
_WAY_ASKED: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bhow (?:(?:do|did|would|shall|must) (?:i|we|you|one|they)|to) (?P<doing>[a-z]+)",
        r"\bwie (?:muss|müssen|soll|sollen) (?:ich|man|wir)\b.*?(?P<doing>[a-zäöüß]+)\W*\Z",
        r"\bcomment (?:faire pour )?(?P<doing>[a-zà-ÿ]+(?:er|ir|re))\b",
    )
)
"""Questions how to do something, beside those how one may."""
_BEGINNING: Final = re.compile(r"\W*(?:(?:and|so|but) )?(?:(?:how|wie|hoe|comment|cómo|come) )?", re.IGNORECASE)
"""What stands before a question whether, or how, one may: what one may buy is asked for by other words."""
_WHETHER_ASKED: Final = re.compile(
    r"\W*(?:(?:and|so|but) )?(?:is|are|was|were|does|do|did|can|could|should|will|would|has|have|may|must)\b"
    r"(?!.*\b(?:any|some)(?:one|body|where)\b)",
    re.IGNORECASE,
)
"""A question to be answered by yes or no; whether anybody ever did something asks for a story."""

_PARTICLE: Final = re.compile(r" (?:up|off|out|away|in|on|down|apart|back|over|rid|sure)\b", re.IGNORECASE)
"""What makes another word of the one before: "look up", "throw away"."""
_ANY_ACTION: Final = stems(
    """
    do make use get set handle deal work add find look see know tell need want keep put take give manage go come begin
    start have try show learn understand implement introduce describe explain ensure achieve perform fix solve resolve
    help avoid approach bring let choose pick decide list name define summarize summarise outline compare
    """
)
"""Words that leave open what is done."""


def asked_permission(question: str) -> frozenset[str]:
    """Return the stems of what somebody asks to be allowed to do.

    >>> asked_permission("may we cut leather?"), asked_permission("how do we cut leather?")
    (frozenset({'cut'}), frozenset())
    """
    matches = (pattern.search(question) for pattern in _PERMISSION_ASKED)
    return frozenset[str]().union(*(stems(match["doing"]) for match in matches if match))


def asked_action(question: str) -> frozenset[str]:
    """Return the stems of what a question wants done; none where the word leaves that open.

    >>> asked_action("how do I freeze the dough?"), asked_action("how do I get the dough?")
    (frozenset({'freez'}), frozenset())
    >>> asked_action("wie kann ich den Teig einfrieren?"), asked_action("what should I wear?")
    (frozenset({'einfrieren'}), frozenset())
    """
    beginning = _BEGINNING.match(question)
    start = beginning.end() if beginning else 0
    matches = (
        *(pattern.search(question) for pattern in _WAY_ASKED),
        *(pattern.match(question, start) for pattern in _PERMISSION_ASKED),
    )
    doing = (match for match in matches if match and not _PARTICLE.match(question, match.end("doing")))
    return frozenset[str]().union(*(stems(match["doing"]) for match in doing)) - _ANY_ACTION


def asks_whether(question: str) -> bool:
    """Return whether a question asks that something be confirmed or denied.

    >>> asks_whether("is the dough safe to eat?"), asks_whether("has anybody eaten the dough?")
    (True, False)
    """
    return _WHETHER_ASKED.match(question) is not None
