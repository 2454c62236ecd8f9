"""what does a heading or a label say of all that it lists: that it may be done, or that it may not?

"Not allowed: leather" says the contrary without its label, and "leather" repeats a question for leather and answers it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from index.text import stems

PERMISSION_WORDS: Final = stems(
    """
    allowed permitted forbidden prohibited banned suitable unsuitable compatible incompatible safe unsafe accepted
    erlaubt erlaubte verboten verbotene zulässig zulässige unzulässig unzulässige geeignet geeignete ungeeignet
    ungeeignete toegestaan toegestane verboden geschikt geschikte ongeschikt ongeschikte
    autorisé autorisés autorisées interdit interdits interdites permis compatibles
    permitido permitidos permitidas prohibido prohibidos prohibidas apto aptos consentito consentiti consentite vietato
    vietati vietate proibido proibidos proibidas
    """
)
"""What the heading of a list says of all that it lists: that something may be done with it, or may not."""

_FORBIDS: Final = re.compile(
    r"\b(?:(?:do|does|must|should|can|may) not|(?:don|doesn|mustn|shouldn|can)['’]t|cannot|never|avoid|"
    r"not (?:\w+(?:ed|en|ing)|for|to)|forbidden|prohibited|banned|unsuitable|unsafe|incompatible|verboten\w*|nicht|"
    r"niemals|interdit\w*|prohibid[oa]s?|vietat[oie]|proibid[oa]s?|verboden)\b|[❌✗✘]",
    re.IGNORECASE,
)


def forbids(name: str) -> bool:
    """Return whether a heading or a label says of what stands below it that it is not, or may not be.

    >>> forbids("Not allowed:"), forbids("Never wash these:"), forbids("Not bad at all"), forbids("Allowed")
    (True, True, False, False)
    """
    return _FORBIDS.search(name) is not None


@lru_cache(maxsize=32)
def tells_permission(name: str) -> bool:
    """Return whether a heading or a label says of what stands below it that it may be done, or that it may not.

    >>> tells_permission("Allowed in the kiln"), tells_permission("Never wash:"), tells_permission("Parts of the kiln")
    (True, True, False)
    """
    return forbids(name) or not PERMISSION_WORDS.isdisjoint(stems(name))
