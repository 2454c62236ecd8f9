from __future__ import annotations

import numpy as np

from index.engine.columns import Columns
from index.engine.scoring import NO_MATCH, entry_matches
from index.records import PassageKind, PassageRow, Slot


def row(topic: int, kind: PassageKind, entry: int, slot: Slot | None, start: int, *vector: float) -> PassageRow:
    return PassageRow(
        topic, "Subject", "Title", kind, entry, slot, start, start + 9, np.array(vector, np.float16).tobytes()
    )


COLUMNS = Columns.gather(
    [
        row(3, "entry", 0, "What", 0, 0.6, 0.8),
        row(3, "entry", 0, "What", 10, 1, 0),
        row(3, "entry", 2, "How", 0, 0, 1),
        row(3, "topic", -1, None, 0, 1, 0),
        row(8, "entry", 0, None, 20, 0, 1),
    ]
)
VECTOR = np.array([1, 0], np.float32)


def test_an_entry_matches_by_its_best_passage() -> None:
    matches = entry_matches(COLUMNS, [8, 3], VECTOR, None)
    assert matches[3][0] == (1.0, (10, 19))
    assert matches[8] == ((0.0, (20, 29)),)


def test_an_entry_without_a_passage_matches_nothing() -> None:
    assert entry_matches(COLUMNS, [3], VECTOR, None)[3][1] == NO_MATCH


def test_entries_of_other_slots_than_the_one_asked_for_match_nothing() -> None:
    scores = [match.score for match in entry_matches(COLUMNS, [3], VECTOR, "How")[3]]
    assert scores == [-1.0, -1.0, 0.0]


def test_a_topic_that_is_not_there_has_no_matches() -> None:
    assert entry_matches(COLUMNS, [4], VECTOR, None) == {}
    assert entry_matches(COLUMNS, [], VECTOR, None) == {}
    assert entry_matches(Columns.gather([]), [3], VECTOR, None) == {}
