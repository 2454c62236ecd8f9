"""a vector as pgvector reads and sends it"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

HEADER_BYTES: Final = 4
"""What stands before the numbers of a vector as the server sends it: its dimension, and a reserve."""


def as_text(vector: npt.NDArray[Any]) -> str:
    """Return a vector as pgvector reads one.

    >>> as_text(np.array([0.5, -1], dtype=np.float32))
    '[0.5,-1.0]'
    """
    return f"[{','.join(map(repr, vector.astype(float).tolist()))}]"


def halves_of(sent: bytes) -> npt.NDArray[np.float16]:
    """Return the numbers of a vector, or of several one after the other, as the server sends each."""
    return np.frombuffer(sent[HEADER_BYTES:], dtype=">f2").astype("<f2")
