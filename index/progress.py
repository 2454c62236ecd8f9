"""how work that takes a while tells how far it has come"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is (0 where nobody knows)."""


def silent(what: str, done: int, total: int) -> None:
    """Take a report of progress and say nothing."""
