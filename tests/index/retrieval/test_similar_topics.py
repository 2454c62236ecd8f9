"""What sets topics apart, and which are alike by that."""

from __future__ import annotations

import numpy as np
import pytest

from index.library import Library
from index.retrieval.similar_topics import all_centred, centred_views, like_topics


def test_likeness_is_mutual_and_the_topic_itself_left_out(library: Library) -> None:
    snapshot = library.snapshot()
    ids = list(library.reader.headings())
    for one in ids:
        similarity = like_topics(snapshot, one)
        assert set(similarity) == set(ids) - {one}
        for other, score in similarity.items():
            assert score == pytest.approx(like_topics(snapshot, other)[one], abs=1e-5)


def test_topic_that_is_not_there_is_like_none(library: Library) -> None:
    assert like_topics(library.snapshot(), -1, [1]) == {}
    assert centred_views(library.snapshot(), [-1]) == {}


def test_all_topics_are_centred_in_their_order(library: Library) -> None:
    ids, wholes = all_centred(library.snapshot())
    assert ids.tolist() == list(library.reader.headings())
    assert np.linalg.norm(wholes, axis=1) == pytest.approx(1)
    assert wholes[0] == pytest.approx(centred_views(library.snapshot(), [int(ids[0])])[int(ids[0])][0])
