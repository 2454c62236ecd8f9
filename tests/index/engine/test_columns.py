from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from index.arrays import unit_vectors
from index.engine.columns import Columns
from index.records import PassageKind, PassageRow, Slot
from index.text.words import title_hash


def row(topic: int, kind: PassageKind, entry: int, slot: Slot | None, *vector: float) -> PassageRow:
    return PassageRow(
        topic, f"Subject {topic % 2}", f"Title {topic}", kind, entry, slot, 0, 9, np.array(vector, np.float16).tobytes()
    )


ROWS = [
    row(3, "entry", 0, "What", 1, 0),
    row(3, "entry", 1, "How", 0, 1),
    row(3, "topic", -1, None, 0.6, 0.8),
    row(8, "entry", 0, None, 0, 1),
    row(9, "asked", -1, None, 1, 0),
]


@contextmanager
def limited_memory(size: int) -> Iterator[None]:
    """Fail where more is asked for at any time than so many bytes."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < size
    finally:
        tracemalloc.stop()


@pytest.fixture
def columns() -> Columns:
    return Columns.gather(ROWS)


def test_rows_stand_under_their_topics(columns: Columns) -> None:
    assert columns.row_ids.tolist() == [3, 8, 9]
    assert columns.starts.tolist() == [0, 3, 4, 5]
    assert columns.topic_of_row.tolist() == [0, 0, 0, 1, 2]
    assert columns.subject_names[columns.subjects].tolist() == ["Subject 1", "Subject 0", "Subject 1"]


def test_a_topic_has_the_slots_of_its_entries(columns: Columns) -> None:
    assert columns.slot_bits.tolist() == [0b011, 0, 0]


def test_titles_are_the_same_whatever_their_case(columns: Columns) -> None:
    assert columns.titles[1] == title_hash("title 8?")


def test_columns_mapped_from_files_are_those_that_were_saved(columns: Columns, tmp_path: Path) -> None:
    columns.save(tmp_path)
    mapped = Columns.map(tmp_path)
    assert isinstance(mapped.vectors.base, np.memmap)
    assert mapped.vectors.tolist() == columns.vectors.tolist()
    assert mapped.spans.tolist() == [[0, 9]] * 5
    assert mapped.subject_names.tolist() == columns.subject_names.tolist()


def test_the_rows_of_topics_come_in_the_order_asked(columns: Columns) -> None:
    assert columns.rows_of(np.array([2, 0])).tolist() == [4, 0, 1, 2]


def test_topics_that_are_not_here_have_no_position(columns: Columns) -> None:
    assert columns.positions(np.array([1, 8, 9, 20])).tolist() == [1, 2]
    assert columns.positions(np.array([2, 3])).tolist() == [0]


def test_one_long_subject_takes_its_own_length_and_not_that_of_every_row() -> None:
    rows = [row(topic, "entry", 0, None, 1, 0) for topic in range(1, 2_000)]
    rows.append(rows[-1]._replace(row_id=2_000, subject="s" * 100_000))
    with limited_memory(100 * 2**20):
        columns = Columns.gather(rows)
    assert columns.subject_names[columns.subjects[-1]] == "s" * 100_000


def test_a_topic_is_about_what_its_entries_are_about_together_and_in_each_slot(columns: Columns) -> None:
    views = columns.views(np.array([0, 1]))
    half = np.sqrt(0.5)
    assert views[0] == pytest.approx(np.array([[half, half], [1, 0], [0, 1], [0, 0]]))
    assert views[1] == pytest.approx(np.array([[0, 1], [0, 0], [0, 0], [0, 0]]))
    assert columns.views(np.array([], dtype=np.int64)).shape == (0, 4, 2)


def test_passages_of_one_slot_are_one_view() -> None:
    columns = Columns.gather([row(1, "entry", 0, "How", 1, 0), row(1, "entry", 0, "How", 0, 1)])
    assert columns.views(np.array([0]))[0, 2] == pytest.approx(np.sqrt([0.5, 0.5]))


def test_no_rows_are_columns_without_any() -> None:
    empty = Columns.gather([])
    assert (len(empty), len(empty.row_ids), empty.starts.tolist()) == (0, 0, [0])


def test_a_vector_of_zeros_stays_one() -> None:
    assert unit_vectors(np.array([[0, 0], [3, 4]], np.float32)) == pytest.approx(np.array([[0, 0], [0.6, 0.8]]))
