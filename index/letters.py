"""letters as they are compared: one normal form of Unicode, whatever is shown"""

from __future__ import annotations

import unicodedata


def compared(text: str) -> str:
    """Return a text as it is compared with another: composed, compatible signs as one, and no case (NFKC, casefold).

    >>> compared("Stra\u00dfe"), compared("U\u0308bung") == compared("\u00fcbung"), compared("\uff37i\uff0dFi")
    ('strasse', True, 'wi-fi')
    """
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
