"""What sets topics apart, and which are alike by that."""

from __future__ import annotations

import numpy as np
import pytest

from index.columns import Columns, PassageRow
from index.library import Library
from index.likeness import all_centred, centred_views, like_topics
from index.records import Slot


def row(topic_id: int, slot: Slot | None, entry: int, vector: list[float], kind: str = "entry") -> PassageRow:
    return PassageRow(topic_id, "S", str(topic_id), kind, entry, slot, 0, 1, np.array(vector, np.float16).tobytes())  # type: ignore[arg-type]


def test_views_are_the_whole_and_each_slot() -> None:
    columns = Columns.gather(
        [
            row(1, "What", 0, [1, 0]),
            row(1, "Example", 1, [0, 1]),
            row(1, None, -1, [1, 0], "topic"),
            row(2, None, 0, [0, 2]),
        ]
    )
    views = columns.views(np.array([0, 1]))
    half = np.sqrt(0.5)
    assert views[0] == pytest.approx(np.array([[half, half], [1, 0], [0, 0], [0, 1]]))
    assert views[1] == pytest.approx(np.array([[0, 1], [0, 0], [0, 0], [0, 0]]))


def test_passages_of_one_slot_are_one_view() -> None:
    columns = Columns.gather([row(1, "How", 0, [1, 0]), row(1, "How", 0, [0, 1])])
    assert columns.views(np.array([0]))[0, 2] == pytest.approx(np.sqrt([0.5, 0.5]))


def test_no_topics_have_no_views() -> None:
    assert Columns.gather([row(1, None, 0, [1, 0])]).views(np.array([], dtype=np.int64)).shape == (0, 4, 2)


def test_likeness_is_mutual_and_the_topic_itself_left_out(library: Library) -> None:
    snapshot = library.snapshot()
    ids = list(library.headings())
    for one in ids:
        likeness = like_topics(snapshot, one)
        assert set(likeness) == set(ids) - {one}
        for other, score in likeness.items():
            assert score == pytest.approx(like_topics(snapshot, other)[one], abs=1e-5)


def test_topic_that_is_not_there_is_like_none(library: Library) -> None:
    assert like_topics(library.snapshot(), -1, [1]) == {}
    assert centred_views(library.snapshot(), [-1]) == {}


def test_all_topics_are_centred_in_their_order(library: Library) -> None:
    ids, wholes = all_centred(library.snapshot())
    assert ids.tolist() == list(library.headings())
    assert np.linalg.norm(wholes, axis=1) == pytest.approx(1)
    assert wholes[0] == pytest.approx(centred_views(library.snapshot(), [int(ids[0])])[int(ids[0])][0])
