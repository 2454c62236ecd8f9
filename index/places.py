"""where a library can be: a folder of this machine, or an address of a server"""

from __future__ import annotations

from typing import Final

SCHEMES: Final = ("postgresql://", "postgres://")


def is_address(place: object) -> bool:
    """Return whether a library's place is on a server.

    >>> is_address("postgresql://db/notes?library=team"), is_address("/home/ann/notes")
    (True, False)
    """
    return isinstance(place, str) and place.startswith(SCHEMES)
