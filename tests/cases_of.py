"""Golden cases: rows of the tables in `cases/`, which need no Python to be extended."""

from __future__ import annotations

from pathlib import Path
from typing import Final

CASES: Final = Path(__file__).parent / "cases"


def rows(name: str) -> list[tuple[str, ...]]:
    """Return the rows of a table, each as its columns; lines that begin with `# ` say what stands in them."""
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if not line.startswith("# ")]
