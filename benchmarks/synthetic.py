"""a few thousand real passages -> vectors by the million that lie as theirs do"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from index.arrays import unit_vectors
from index.records import Vectors

NEIGHBOURS: Final = 16
"""A made vector lies between a real one and one of so many nearest to it."""

NOISE: Final = 0.5
"""The length of the random vector added to it: what comes of it has a cosine of about .87 with the real one, as two
passages of one note have."""

CHUNK: Final = 8192


def spread(real: Vectors, count: int, seed: int = 0) -> Iterator[Vectors]:
    """Yield `count` unit vectors made from real ones, in chunks of shape (rows, dimension).

    The real ones come first; each of the others lies between one and a neighbour, with noise added. So they are dense
    where real passages are and as unequally spread, which noise alone is not.
    """
    random = np.random.default_rng(seed)
    neighbours = _neighbours(real)
    for start in range(0, count, CHUNK):
        rows = min(CHUNK, count - start)
        chunk = _between(real, neighbours, rows, random)
        known = real[start : start + rows]
        chunk[: len(known)] = known
        yield chunk


def _neighbours(real: Vectors) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    wanted = min(NEIGHBOURS, len(real) - 1)
    return np.concatenate(
        [
            np.argsort(-(real[start : start + 1024] @ real.T), axis=1)[:, 1 : wanted + 1]
            for start in range(0, len(real), 1024)
        ]
    )


def _between(
    real: Vectors,
    neighbours: np.ndarray[tuple[int, int], np.dtype[np.int64]],
    rows: int,
    random: np.random.Generator,
) -> Vectors:
    dimension = real.shape[1]
    first = random.integers(len(real), size=rows)
    second = neighbours[first, random.integers(neighbours.shape[1], size=rows)]
    share = random.uniform(0, 0.5, size=(rows, 1)).astype(np.float32)
    noise = random.standard_normal((rows, dimension), dtype=np.float32) * np.float32(NOISE / np.sqrt(dimension))
    return unit_vectors(real[first] * (1 - share) + real[second] * share + noise)
