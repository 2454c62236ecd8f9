from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pytest

from index.arrays import unit_vectors
from index.engine.local import dense
from index.engine.local.dense import DenseIndex
from index.records import Vectors

ROWS, DIMENSION = 3_000, 32


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    """Return vectors in sixty clumps, as the passages of sixty notes."""
    random = np.random.default_rng(0)
    clumps = random.standard_normal((60, DIMENSION))
    return unit_vectors((clumps[np.arange(ROWS) % 60] + random.standard_normal((ROWS, DIMENSION))).astype(np.float32))


@pytest.fixture
def in_lists(vectors: Vectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DenseIndex:
    """Return an index that reads inverted lists from a file, as large libraries do."""
    monkeypatch.setattr(dense, "EXACT_UP_TO", 100)
    halves = vectors.astype(np.float16)
    np.save(tmp_path / "vectors.npy", halves)
    DenseIndex.train(halves, tmp_path / "lists.faiss")
    return DenseIndex.map(np.load(tmp_path / "vectors.npy", mmap_mode="r"), tmp_path / "lists.faiss")


@pytest.fixture
def exact(vectors: Vectors) -> DenseIndex:
    return DenseIndex(vectors.astype(np.float16))


def by_hand(vectors: Vectors, query: Vectors, count: int, allowed: np.ndarray | None = None) -> list[int]:
    scores = vectors.astype(np.float16).astype(np.float32) @ query
    if allowed is not None:
        scores[~allowed] = -2
    return [int(row) for row in np.argsort(-scores, kind="stable")[:count]]


def test_exact_search_finds_what_comparing_all_finds(exact: DenseIndex, vectors: Vectors) -> None:
    for query in vectors[::300]:
        assert exact.nearest(query, 10).tolist() == by_hand(vectors, query, 10)


@pytest.mark.parametrize("count", [0, 20])
def test_exact_vectors_are_converted_once_and_stay_though_their_index_goes(vectors: Vectors, count: int) -> None:
    rows = DenseIndex(vectors[:count].astype(np.float16)).vectors
    gc.collect()
    assert rows.dtype == np.float32 or not count
    assert np.array_equal(rows, vectors[:count].astype(np.float16))


def test_inverted_lists_find_nearly_all_of_it(in_lists: DenseIndex, vectors: Vectors) -> None:
    queries = vectors[::60] + np.float32(0.05)
    found = [set(in_lists.nearest(query, 10).tolist()) & set(by_hand(vectors, query, 10)) for query in queries]
    assert sum(map(len, found)) / (10 * len(queries)) >= 0.98


def test_the_nearest_by_code_are_put_in_order_exactly(in_lists: DenseIndex, vectors: Vectors) -> None:
    for query in vectors[:20]:
        rows = in_lists.nearest(query, 10)
        scores = vectors[rows].astype(np.float16).astype(np.float32) @ query
        assert scores.tolist() == sorted(scores.tolist(), reverse=True)


@pytest.mark.parametrize("rare", [7, 400])
@pytest.mark.parametrize("kind", ["exact", "in_lists"])
def test_a_filter_costs_none_of_the_count(
    request: pytest.FixtureRequest, vectors: Vectors, kind: str, rare: int
) -> None:
    index: DenseIndex = request.getfixturevalue(kind)
    within = np.sort(np.random.default_rng(1).choice(ROWS, rare, replace=False)).astype(np.int64)
    wanted = min(10, rare)
    rows = index.nearest(vectors[5], wanted, within)
    assert len(set(rows.tolist())) == wanted
    assert set(rows.tolist()) <= set(within.tolist())
    allowed = np.isin(np.arange(ROWS), within)
    assert len(set(rows.tolist()) & set(by_hand(vectors, vectors[5], wanted, allowed))) >= wanted - 1


@pytest.mark.parametrize("kind", ["exact", "in_lists"])
def test_rows_that_are_gone_are_replaced_by_the_next(
    request: pytest.FixtureRequest, vectors: Vectors, kind: str
) -> None:
    index: DenseIndex = request.getfixturevalue(kind)
    first = index.nearest(vectors[5], 10)
    rows = index.nearest(vectors[5], 10, without=first)
    assert len(rows) == 10
    assert not set(rows.tolist()) & set(first.tolist())


def test_more_than_a_few_lists_are_read_where_few_rows_may_be_found(in_lists: DenseIndex, vectors: Vectors) -> None:
    without = np.arange(ROWS - 150, dtype=np.int64)
    assert len(in_lists.nearest(vectors[0], 150, without=without)) == 150
