"""where a library can be: a folder of this machine, or an address of a server"""

from __future__ import annotations

import re
from typing import Final

SCHEMES: Final = ("postgresql://", "postgres://")
"""How the address of a library on a server begins."""

ANY_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def is_strange_address(place: object) -> bool:
    """Return whether a library's place is an address, and of no server that can hold one.

    >>> [is_strange_address(place) for place in ("mysql://db/notes", "postgresql://db/notes", "C:/notes")]
    [True, False, False]
    """
    return isinstance(place, str) and bool(ANY_SCHEME.match(place)) and not is_address(place)


def is_address(place: object) -> bool:
    """Return whether a library's place is on a server.

    >>> is_address("postgresql://db/notes?library=team"), is_address("/home/ann/notes")
    (True, False)
    """
    return isinstance(place, str) and place.startswith(SCHEMES)
