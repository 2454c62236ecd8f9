"""What sets topics apart, and which are alike by that."""

from __future__ import annotations

import numpy as np
import pytest

from index.library import Library
from index.retrieval.similar_topics import all_centred, like_topics


def test_likeness_is_mutual_and_the_topic_itself_left_out(library: Library) -> None:
    ids = list(library.reader.headings())
    like = {id_: like_topics(library.reader, library.snapshot().views([id_])).similarity for id_ in ids}
    for id_, similarity in like.items():
        assert set(similarity) == set(ids) - {id_}
        for other, score in similarity.items():
            assert score == pytest.approx(like[other][id_], abs=1e-5)


def test_topic_that_is_not_there_is_like_none(library: Library) -> None:
    assert like_topics(library.reader, library.snapshot().views([-1]), [1]).similarity == {}


def test_all_topics_are_centred_in_their_order(library: Library) -> None:
    ids, wholes = all_centred(library.snapshot())
    assert ids.tolist() == list(library.reader.headings())
    assert np.linalg.norm(wholes, axis=1) == pytest.approx(1)
    assert wholes.sum(axis=0) @ wholes[0] < 1  # what all topics share is taken away, so that they point apart
