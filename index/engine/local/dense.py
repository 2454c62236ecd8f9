"""vectors -> nearest rows: exact while that is fast, then inverted lists of 8-bit codes (home of faiss)"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final, TypeAlias

import faiss
import numpy as np
import numpy.typing as npt

from index.records import Vectors

Rows: TypeAlias = npt.NDArray[np.int64]

EXACT_UP_TO: Final = 20_000
"""Rows that are all compared with a question: five milliseconds on two cores."""

LISTS_PER_ROOT: Final = 2
"""Inverted lists for each square root of the number of rows."""
TRAINED_ON: Final = 48
"""Rows for each list that the lists are learnt from."""
PROBES: Final = 128
"""Lists that are read for a question: 5 milliseconds of one core. Of 250,000 vectors made from 8,500 real ones, .997 of
the ten nearest are found for a query whose nearest has a cosine of .45, and all from .55 on; half as many lists find as
much. For questions on other subjects than any note's, which are near nothing, it is .91, and .86 with half as many."""
RERANKED: Final = 8
"""Candidates by code for each row wanted; they are compared exactly."""


class DenseIndex:
    """Search by inner product over unit vectors, by row."""

    def __init__(self, vectors: npt.NDArray[np.floating], lists: faiss.Index | None = None) -> None:
        """Take vectors, shape (rows, dimension), and the inverted lists over them where there are any."""
        if lists is None:
            lists = flat = _flat(vectors)
            vectors = np.asarray(_RowsOf(flat))
        self._index = lists
        self.vectors = vectors
        """In single precision where FAISS holds them so: to convert those that a question is compared with takes .25 ms
        of a processor, a fiftieth of the question."""

    @staticmethod
    def train(vectors: npt.NDArray[np.float16], path: Path) -> None:
        """Write inverted lists over vectors to a file."""
        rows, dimension = vectors.shape
        lists = int(LISTS_PER_ROOT * math.sqrt(rows))
        index = faiss.index_factory(dimension, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
        sample = np.random.default_rng(0).choice(rows, min(rows, lists * TRAINED_ON), replace=False)
        index.train(vectors[np.sort(sample)].astype(np.float32))
        for start in range(0, rows, EXACT_UP_TO):
            index.add(vectors[start : start + EXACT_UP_TO].astype(np.float32))
        faiss.write_index(index, str(path))

    @classmethod
    def map(cls, vectors: npt.NDArray[np.float16], path: Path) -> DenseIndex:
        """Search with the inverted lists in a file, read from the disk as they are needed."""
        lists = faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
        if (lists.ntotal, lists.d) != vectors.shape or not isinstance(lists, faiss.IndexIVFScalarQuantizer):
            raise ValueError(f"{path} holds no lists over these vectors")
        return cls(vectors, lists)

    def nearest(self, query: Vectors, count: int, within: Rows | None = None, without: Rows | None = None) -> Rows:
        """Return up to `count` rows nearest to one query vector, best first.

        Only rows `within` are searched, or all but those `without`: neither costs any of the count.
        """
        if within is not None and len(within) <= EXACT_UP_TO:
            return within[self._best(self.vectors[within], query, count)]
        selector = _selector(within, without)
        if isinstance(self._index, faiss.IndexIVF):
            candidates = self._candidates(self._index, query, count * RERANKED, selector)
            return candidates[self._best(self.vectors[candidates], query, count)]
        _, rows = self._index.search(query[None], count, params=faiss.SearchParameters(sel=selector))  # type: ignore[call-arg]  # missing in its stubs
        return _valid_rows(rows, len(self.vectors))

    def _candidates(self, lists: faiss.IndexIVF, query: Vectors, count: int, selector: faiss.IDSelector | None) -> Rows:
        """Return rows by their codes, reading more lists where a filter leaves too few."""
        probes = PROBES
        while True:
            parameters = faiss.SearchParametersIVF(sel=selector, nprobe=min(probes, lists.nlist))  # type: ignore[call-arg]  # missing in its stubs
            _, rows = lists.search(query[None], count, params=parameters)
            nearest = _valid_rows(rows, len(self.vectors))
            if len(nearest) == count or probes >= lists.nlist:
                return nearest
            probes *= 8

    @staticmethod
    def _best(vectors: npt.NDArray[np.floating], query: Vectors, count: int) -> Rows:
        scores = vectors.astype(np.float32, copy=False) @ query
        return np.asarray(np.argsort(-scores, kind="stable")[:count])


class _RowsOf:
    """The rows in FAISS's memory, from which an array is made that keeps their index."""

    def __init__(self, index: faiss.IndexFlat) -> None:
        self._index = index
        rows = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d)
        self.__array_interface__ = rows.reshape(index.ntotal, index.d).__array_interface__


def _flat(vectors: npt.NDArray[np.floating]) -> faiss.IndexFlat:
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors.astype(np.float32))
    return index


def _selector(within: Rows | None, without: Rows | None) -> faiss.IDSelector | None:
    if within is not None:
        return faiss.IDSelectorBatch(within)
    return faiss.IDSelectorNot(faiss.IDSelectorBatch(without)) if without is not None and len(without) else None


def _valid_rows(rows: Rows, count: int) -> Rows:
    return np.asarray(rows[0][(rows[0] >= 0) & (rows[0] < count)])  # a file's own rows may be any number
