"""A sentence is shown only if an entry that it cites supports it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.grounding import SHOWN_FROM, Gate, GateSource, citations
from benchmarks.fit_statements import SETS, SWAPPED, judged, read_statements
from index.embedding import DEFAULT_MODEL, EXPORT_FOLDER, ModelEncoder
from tests.fakes import TokenEncoder

WAX = GateSource(1, "Skis > Waxing", "Let the wax cool for 20 minutes, then scrape it off from tip to tail.")
EDGES = GateSource(2, "Skis > Edges", "File the side edge at 88 degrees, always in one direction.")
MAX_WRONGLY_PASSED = 0.05
MAX_WRONGLY_WITHHELD = 0.15


@pytest.fixture
def gate() -> Gate:
    return Gate([WAX, EDGES], TokenEncoder())


def test_citations_are_read_however_they_are_put() -> None:
    assert citations("One thing [1]. And more [2, 3][1].") == (1, 2, 3)
    assert citations("An array a[i] of 2 [x].") == ()


def test_what_the_source_says_is_shown_without_its_citation(gate: Gate) -> None:
    verdict = gate.judge("Let the wax cool for 20 minutes, then scrape it off from tip to tail [1].")
    assert verdict.is_shown
    assert verdict.supported_by == (1,)
    assert verdict.sentence == "Let the wax cool for 20 minutes, then scrape it off from tip to tail."


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("Let the wax cool for 20 minutes, then scrape it off.", "it names no source"),
        ("Let the wax cool for 20 minutes, then scrape it off [3].", "it names a source that was not given"),
        ("Of course! [1]", "it states nothing"),
        ("Shall I tell you more about wax and edges? [1]", "it states nothing"),
        ("Let the wax cool for 30 minutes, then scrape it off [1].", "“30” is not in source 1"),
        ("File the side edge at 88 degrees [1].", "“88” is not in source 1"),
        (
            "The note says “let the wax get cold” for 20 minutes [1].",
            "“let the wax get cold” is no quote from source 1",
        ),
        ("Do not let the wax cool for 20 minutes [1].", "source 1 does not say so"),
        ("Penguins dance below the frozen harbour [1].", "source 1 does not say so"),
    ],
)
def test_anything_else_is_withheld_with_its_reason(gate: Gate, written: str, reason: str) -> None:
    verdict = gate.judge(written)
    assert not verdict.is_shown
    assert verdict.reason == reason
    assert verdict.supported_by == ()


def test_of_several_sources_only_those_that_support_it_stay(gate: Gate) -> None:
    verdict = gate.judge("File the side edge at 88 degrees, always in one direction [1][2][9].")
    assert verdict.supported_by == (2,)


def test_a_sentence_is_shown_once(gate: Gate) -> None:
    assert gate.judge("File the side edge at 88 degrees, always in one direction [2].").is_shown
    assert gate.judge("File the side edge at 88 degrees, always in one direction. [2]").reason == "it was said before"


@pytest.mark.slow
def test_the_gate_is_seldom_wrong_on_the_topics_that_nothing_was_fitted_on(bundled_library: Path) -> None:
    encoder = ModelEncoder(DEFAULT_MODEL, bundled_library / EXPORT_FOLDER)
    every = [each for name in SETS for each in read_statements(name)]
    assert len([each for each in every if each.kind != SWAPPED]) >= 600
    statements = [each for each in every if not each.is_for_fitting and each.kind != SWAPPED]
    shown = judged(statements, encoder) >= SHOWN_FROM
    is_supported = np.array([each.is_supported for each in statements])
    assert shown[~is_supported].mean() <= MAX_WRONGLY_PASSED
    assert (~shown[is_supported]).mean() <= MAX_WRONGLY_WITHHELD
