"""The half of the questions that nothing was tuned on: what the product reaches there, it keeps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from assistant.evaluate import ask_all
from assistant.judged import read_judged
from assistant.measures import Report, measure
from index.library import Library

CASES: Final = Path(__file__).parent / "cases"
BOUNDS: Final = json.loads((CASES / "quality.json").read_text(encoding="utf-8"))
"""Measures by their place in the report, with a bound a few mistakes worse than what is reached."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def report(bundled_library: Path) -> Report:
    """Return the measures over the reporting half, with the real model and the bundled topics."""
    library = Library(bundled_library)
    outcomes = ask_all(library, read_judged(CASES / "questions.jsonl", "report"))
    library.close()
    return measure(outcomes)


def measured(report: Report, place: str) -> float:
    """Return the measure at a place such as `kinds/near/AUROC`."""
    found: Any = report.to_json()
    for name in place.split("/"):
        found = found[name]
    return float(found)


@pytest.mark.parametrize(("place", "bound"), BOUNDS["at least"].items())
def test_measure_keeps_above_its_bound(report: Report, place: str, bound: float) -> None:
    assert measured(report, place) >= bound


@pytest.mark.parametrize(("place", "bound"), BOUNDS["at most"].items())
def test_measure_keeps_below_its_bound(report: Report, place: str, bound: float) -> None:
    assert measured(report, place) <= bound
