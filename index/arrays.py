"""what is done with vectors as arrays: scaled to unit length, reduced to their signs, mapped from a file"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.records import BinaryTokens, Vectors


def unit_vectors(vectors: Vectors) -> Vectors:
    """Return the rows scaled to length one; a row of zeros stays."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, np.finfo(np.float32).tiny))


def binarize(states: Vectors) -> BinaryTokens:
    """Return the signs of vectors, shape (tokens, dimension), a bit each."""
    return np.packbits(states > 0, axis=1)


def mapped(file: Path) -> npt.NDArray[Any]:
    """Return the array in a file, read from the disk as it is needed."""
    # as a plain array: a hundred small reads of a numpy.memmap, which makes an object of each, take a millisecond
    return np.asarray(np.load(file, mmap_mode="r"))
