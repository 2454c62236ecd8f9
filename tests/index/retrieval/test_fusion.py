"""Likeness by meaning and by words become one score, words counting by how much the model knows of them."""

from __future__ import annotations

import numpy as np
import pytest

from index.library import Library
from index.retrieval.fusion import fuse
from index.retrieval.late_interaction import QueryTerms
from index.retrieval.settings import RETRIEVAL


def scores(pieces: float) -> list[float]:
    """Return the scores of a topic near by meaning, and of one that holds half of the words."""
    return [float(score) for score in fuse(np.array([0.7, 0.3]), np.array([0.0, 0.5]), pieces)]


def test_words_the_model_reads_in_pieces_are_told_by_their_letters() -> None:
    near, holder = scores(1)
    assert near > holder == pytest.approx(1 - 0.7 / (1 + RETRIEVAL.words_weight / 4))
    near, holder = scores(3)
    assert near < holder == pytest.approx(1 - 0.7 / (1 + 3 * RETRIEVAL.words_weight / 4))


def test_what_shares_no_word_scores_its_cosine_in_any_language() -> None:
    assert scores(1)[0] == scores(3)[0] == pytest.approx(0.7)


def test_search_counts_words_by_the_pieces_they_are_read_in(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def best(pieces: float) -> float:
        monkeypatch.setattr(QueryTerms, "tokens_per_word", property(lambda _: pieces))
        return library.search("decorators wrap which function for a gitlab archive?", 1)[0].score

    assert best(1.0) < best(4.0) < 1
