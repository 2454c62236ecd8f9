"""names of any length that stand in an index of a server, which takes 2,700 bytes"""

from __future__ import annotations

import hashlib
from typing import Final

MAX_NAME_BYTES: Final = 500
"""A longer name is stored as a hash."""


def short_name(name: str) -> str:
    """Return a name, or what stands for one that is too long: equal names stay equal, and others different.

    >>> short_name("argo.md#drift"), len(short_name("x" * 10_000))
    ('argo.md#drift', 33)
    """
    encoded = name.encode("utf-8", "replace").replace(b"\0", b"\xef\xbf\xbd")
    if len(encoded) <= MAX_NAME_BYTES:
        return encoded.decode("utf-8")
    return f"…{hashlib.blake2b(encoded, digest_size=16).hexdigest()}"
