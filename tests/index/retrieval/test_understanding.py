"""Topics that hold the very number, code or day that is asked for come before those that have another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.library import Library

NOTE = """\
# Shed
## Pump K-40
Pump oil pump oil pump.
## Pump K-41
Filter.
## 3 May 2031
Pump was serviced.
## 3 May 2032
Filter was serviced, pump oil pump oil.
## 4 May
Pump painted.
"""


@pytest.fixture
def shed(tmp_path: Path, library_of: Callable[..., Library]) -> Library:
    (tmp_path / "shed.md").write_text(NOTE, encoding="utf-8")
    return library_of(tmp_path / "shed.md")


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("pump oil of the K-41", "Pump K-41"),
        ("pump oil of the K40", "Pump K-40"),
        ("pump on 3 May 2031", "3 May 2031"),
        ("pump on 2032-05-03", "3 May 2032"),
        ("pump oil on 4.5.2040", "4 May"),  # it leaves its year open
    ],
)
def test_topic_that_has_the_very_one_comes_first(shed: Library, question: str, first: str) -> None:
    hits = shed.search(question, 5)
    assert hits[0].topic.title == first
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert [hit.id for hit in shed.search(question, 1)] == [hits[0].id]


def test_where_no_topic_has_it_the_near_ones_stay_in_their_order(shed: Library) -> None:
    assert shed.search("pump oil of the K-42", 1)[0].topic.title == "Pump K-40"
