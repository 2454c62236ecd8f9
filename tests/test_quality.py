"""What is reached is kept: over the half of the questions that nothing was tuned on, and over notes of another kind."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from assistant.evaluation.datasets import read_judged
from assistant.evaluation.evaluation import ask_all
from assistant.evaluation.metrics import Report, measure
from index.embedding.encoder import ModelEncoder
from index.embedding.export_manifest import EXPORT_FOLDER
from index.embedding.model_store import DEFAULT_MODEL
from index.library import Library
from tests.libraries import reading_only

CASES: Final = Path(__file__).parent / "cases"
BOUNDS: Final = json.loads((CASES / "quality.json").read_text(encoding="utf-8"))
"""For each set of questions, measures by their place in the report, with a bound a few mistakes worse than reached."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def report(bundled_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Report]:
    """Return the measures over a set of questions, with the real model."""
    encoder = ModelEncoder(DEFAULT_MODEL, bundled_library / EXPORT_FOLDER)

    @cache
    def measured(name: str) -> Report:
        if name == "bundled":
            with closing(Library(bundled_library)) as library:
                return measure(ask_all(library, read_judged(CASES / "questions.jsonl", "report")))
        with closing(Library(tmp_path_factory.mktemp(name) / "library", encoder)) as library:
            reading_only(library, CASES / name)
            return measure(ask_all(library, read_judged(CASES / f"{name}.jsonl")))

    return measured


def value(report: Report, place: str) -> float:
    """Return the measure at a place such as `kinds/near/AUROC`."""
    found: Any = report.to_json()
    for name in place.split("/"):
        found = found[name]
    return float(found)


def bounds(kind: str) -> list[tuple[str, str, float]]:
    return [(name, place, bound) for name, kinds in BOUNDS.items() for place, bound in kinds[kind].items()]


@pytest.mark.parametrize(("name", "place", "bound"), bounds("at least"))
def test_measure_keeps_above_its_bound(report: Callable[[str], Report], name: str, place: str, bound: float) -> None:
    assert value(report(name), place) >= bound


@pytest.mark.parametrize(("name", "place", "bound"), bounds("at most"))
def test_measure_keeps_below_its_bound(report: Callable[[str], Report], name: str, place: str, bound: float) -> None:
    assert value(report(name), place) <= bound
