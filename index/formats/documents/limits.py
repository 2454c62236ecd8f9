"""how much is read of one document at most, and how long: what is beyond is skipped, or read in part, and told"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost; a person may set each."""

    megabytes: int = 50
    """Of the file: a scanned book has more, and no text; manuals of a thousand pages have 20 to 40."""
    text_megabytes: int = 4
    """Of a file that is text itself, as of a note."""
    pages: int = 2_000
    """Those behind are not read: 20 seconds of work."""
    unpacked_megabytes: int = 200
    """Of what is packed in it, all together."""
    ratio: int = 100
    """How many times larger than packed: XML shrinks to a tenth, a bomb to a thousandth."""
    members: int = 5_000
    """Files packed in it."""
    memory_megabytes: int = 1_024
    """Address space of the process that reads: libraries take 300 of it."""
    cpu_seconds: int = 30
    seconds: int = 60
    """By the clock, for a machine that has other things to do."""
    characters: int = 8 * 2**20
    """Of its text: minutes of embedding. A book of a thousand pages has two million."""


LIMIT_NAMES: Final = tuple(field.name for field in fields(Limits))
"""What the limits are called where they are set."""

DEFAULT_LIMITS: Final = Limits()
