"""vectors -> nearest ids (home of faiss)"""

from __future__ import annotations

import faiss
import numpy as np
import numpy.typing as npt

from index.records import Vectors

Ids = npt.NDArray[np.int64]


class DenseIndex:
    """Exact search by inner product over unit vectors, each under an id."""

    def __init__(self, ids: Ids, vectors: Vectors) -> None:
        """Index vectors of shape (n, dimension) under their n ids."""
        self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
        self._index.add_with_ids(np.ascontiguousarray(vectors), ids)

    def nearest(self, query: Vectors, count: int, within: Ids | None = None) -> list[tuple[int, float]]:
        """Return up to `count` ids with their cosine to one query vector, best first.

        With `within`, only those ids are searched, so that a filter never costs hits.
        """
        parameters = None
        if within is not None:
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(within))  # type: ignore[call-arg]  # missing in its stubs
        scores, ids = self._index.search(query.reshape(1, -1), count, params=parameters)
        return [(int(id_), float(score)) for id_, score in zip(ids[0], scores[0], strict=True) if id_ != -1]
