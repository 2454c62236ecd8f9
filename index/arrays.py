"""what is done with vectors as arrays: scaled to unit length, reduced to their signs, mapped from a file"""

from __future__ import annotations

import os
import weakref
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


class StoredRows:
    """The rows of an array in a file, each read from it when it is needed.

    A row that is mapped instead brings in what lies around it, 64 KB on Linux: the words of a hundred questions brought
    in half of a model's table.
    """

    def __init__(self, file: Path) -> None:
        """Open the two-dimensional array in a file."""
        array = np.load(file, mmap_mode="r")
        self._dtype, self._offset, self.shape = array.dtype, array.offset, array.shape
        self._file = os.open(file, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    def __getitem__(self, rows: npt.NDArray[np.integer[Any]]) -> npt.NDArray[Any]:
        """Return some rows: shape (rows, columns)."""
        return np.frombuffer(b"".join(map(self._read, rows.tolist())), self._dtype).reshape(len(rows), self.shape[1])

    def _read(self, row: int) -> bytes:
        size = self.shape[1] * self._dtype.itemsize
        return os.pread(self._file, size, self._offset + row * size)


def mapped(file: Path) -> npt.NDArray[Any]:
    """Return the array in a file, read from the disk as it is needed."""
    # as a plain array: a hundred small reads of a numpy.memmap, which makes an object of each, take a millisecond
    return np.asarray(np.load(file, mmap_mode="r"))
