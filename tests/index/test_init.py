"""What `index` offers costs what it uses."""

from __future__ import annotations

import subprocess
import sys

import pytest

import index


@pytest.mark.parametrize("name", index.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(index, name).__module__.startswith("index.") if name not in ("SLOTS", "Slot") else index.SLOTS


def test_a_name_that_is_not_offered_is_told() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        index.Nothing  # noqa: B018  # asking for it is the test


def test_errors_load_neither_numpy_nor_faiss() -> None:
    code = "import sys, index.errors; print({'numpy', 'faiss'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "set()"
