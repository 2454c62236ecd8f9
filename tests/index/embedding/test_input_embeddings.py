from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from index.arrays import StoredRows
from index.embedding.input_embeddings import InputEmbeddings

TABLE = np.array([[3, 4], [0, 2], [5, 0], [1, 1], [6, 8]], dtype=np.float16)


class CountedRows(StoredRows):
    """A table in a file that remembers which of its rows were read, and which of them at once."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self.was_read: list[list[int]] = []

    def __getitem__(self, rows: npt.NDArray[np.integer[Any]]) -> npt.NDArray[Any]:
        self.was_read.append(rows.tolist())
        return super().__getitem__(rows)


@pytest.fixture
def table(tmp_path: Path) -> CountedRows:
    np.save(tmp_path / "table.npy", TABLE)
    return CountedRows(tmp_path / "table.npy")


def ids(*numbers: int) -> npt.NDArray[np.int32]:
    return np.array(numbers, dtype=np.int32)


def test_tokens_have_unit_vectors_and_the_unknown_one_is_near_nothing(table: CountedRows) -> None:
    embeddings = InputEmbeddings(table, unknown=2)
    assert np.round(embeddings.of(ids(0, 1, 2)), 4) == pytest.approx(np.array([[0.6, 0.8], [0, 1], [0, 0]]))


def test_what_is_not_in_memory_is_read_at_once_and_the_rest_not_again(table: CountedRows) -> None:
    embeddings = InputEmbeddings(table, unknown=None)
    embeddings.of(ids(0, 2))
    assert embeddings.of(ids(2, 3, 0, 1))[[0, 3]] == pytest.approx(np.array([[1, 0], [0, 1]]))
    assert table.was_read == [[0, 2], [3, 1]]


def test_those_that_were_read_longest_ago_make_room_for_others(
    table: CountedRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.embedding.input_embeddings.KEPT_EMBEDDINGS", 3)
    embeddings = InputEmbeddings(table, unknown=None)
    for tokens in (ids(0, 1), ids(2, 3), ids(1, 2, 3), ids(0)):
        embeddings.of(tokens)
    assert table.was_read == [[0, 1], [2, 3], [0]]


def test_more_tokens_than_stay_in_memory_are_read_whole(table: CountedRows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.embedding.input_embeddings.KEPT_EMBEDDINGS", 1)
    assert InputEmbeddings(table, unknown=None).of(ids(1, 2, 0))[1:] == pytest.approx(np.array([[1, 0], [0.6, 0.8]]))
