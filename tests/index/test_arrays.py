"""arrays: rows that are read from a file one by one"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.arrays import StoredRows


@pytest.mark.parametrize("rows", [[2, 0, 2], [1], []])
def test_stored_rows_are_those_of_the_array(rows: list[int], tmp_path: Path) -> None:
    table = np.arange(12, dtype=np.float32).reshape(3, 4)
    np.save(tmp_path / "table.npy", table)
    stored = StoredRows(tmp_path / "table.npy")
    assert stored.shape == (3, 4)
    assert stored[np.array(rows, dtype=np.int32)].tolist() == table[rows].tolist()
