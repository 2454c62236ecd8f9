"""Fixtures of the tests of answering."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.library import Library

BREAD = """# Bread

## Rye

Rye bread keeps for a week.

## Wheat

Wheat dough rests an hour.

## Oven

The oven takes the bread at 230 degrees.
"""


@pytest.fixture
def bread(library_of: Callable[[Path], Library], tmp_path: Path) -> Library:
    folder = tmp_path / "bread"
    folder.mkdir()
    (folder / "bread.md").write_text(BREAD)
    return library_of(folder)
