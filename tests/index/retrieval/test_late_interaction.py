from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from index.arrays import binarize
from index.records import Tokens, Vectors
from index.retrieval.late_interaction import QueryTerms, max_similarity, query_terms, term_similarity
from index.retrieval.settings import RETRIEVAL

EIGHT = np.eye(8, dtype=np.float32)
RARITY = {"pot": 3.0, "rins": 1.0}


def bits(*rows: str) -> bytes:
    """Return the packed signs of token vectors, each written as eight pluses and minuses."""
    return binarize(np.array([[1.0 if sign == "+" else -1.0 for sign in row] for row in rows])).tobytes()


def words(vectors: Vectors, *weights: float) -> QueryTerms:
    """Return words of one piece each."""
    rows, stems = np.arange(len(weights)), tuple(map(str, range(len(weights))))
    return QueryTerms("", stems, np.array(weights, dtype=np.float32), vectors, rows, np.ones_like(rows))


def similarity(asked: QueryTerms, *passages: bytes, before: float = 0.4) -> float:
    return float(
        max_similarity(asked, [7], np.array([before], np.float32), {7: [(0, one) for one in passages]}).similarity[0]
    )


@pytest.fixture
def asked() -> QueryTerms:
    """Return a question for two things, the first of which counts three times as much."""
    return words(EIGHT[:2], 0.75, 0.25)


def test_words_count_by_how_rare_they_are_each_shared_out_over_its_pieces() -> None:
    tokens = Tokens([(0, 3), (4, 7), (8, 10), (10, 13)], EIGHT[:4])
    found = query_terms("The pot rinses", tokens, RARITY.__getitem__)
    assert (found.stems, found.weights.tolist()) == (("pot", "rins"), [0.75, 0.25])
    assert found.token_weights.tolist() == [0.75, 0.125, 0.125]
    assert found.by_word(np.array([0.5, 0.2, 0.4], dtype=np.float32)) == pytest.approx([0.5, 0.3])
    assert found.vectors.tolist() == EIGHT[1:4].tolist()


def test_pieces_of_a_word_count_by_how_rare_it_is_and_are_one_where_nothing_is_read() -> None:
    tokens = Tokens([(0, 3), (4, 7), (8, 10), (10, 13)], EIGHT[:4])
    assert query_terms("The pot rinses", tokens, RARITY.__getitem__).tokens_per_word == pytest.approx(0.75 + 2 * 0.25)
    unread = query_terms("The pot rinses", Tokens((), EIGHT[:0]), RARITY.__getitem__)
    assert unread.tokens_per_word == pytest.approx(1)
    assert query_terms("is it", tokens, RARITY.__getitem__).tokens_per_word == 1


@pytest.mark.parametrize("tokens", [Tokens([(0, 2), (3, 5)], EIGHT[:2]), Tokens((), EIGHT[:0])])
def test_where_nothing_is_asked_for_word_by_word_topics_are_as_like_as_before(tokens: Tokens) -> None:
    assert similarity(query_terms("is it", tokens, RARITY.__getitem__), bits("++++++++")) == pytest.approx(0.4)


def test_each_word_counts_by_the_token_that_is_nearest_to_it(asked: QueryTerms) -> None:
    close = similarity(asked, bits("+-------", "-+------"))
    assert close == pytest.approx((1 - RETRIEVAL.tokens_weight) * 0.4 + RETRIEVAL.tokens_weight / sqrt(8))
    half = similarity(asked, bits("+-------"))
    assert half == pytest.approx(
        (1 - RETRIEVAL.tokens_weight) * 0.4 + RETRIEVAL.tokens_weight * (0.75 - 0.25) / sqrt(8)
    )


def test_a_topic_is_as_like_as_its_best_passage_alone(asked: QueryTerms) -> None:
    apart = similarity(asked, bits("+-------"), bits("-+------"))
    assert apart == pytest.approx(similarity(asked, bits("+-------")))
    assert similarity(asked, bits("--------"), bits("+-------")) == pytest.approx(apart)


def test_a_topic_of_which_no_tokens_are_kept_is_as_like_as_before(asked: QueryTerms) -> None:
    before = np.array([0.4, 0.3], dtype=np.float32)
    after = max_similarity(asked, [7, 8], before, {7: [(0, b"")], 8: [(0, bits("++------"))]}).similarity
    assert after[0] == pytest.approx(0.4)
    assert after[1] != pytest.approx(0.3)


def test_dimensions_that_fill_no_byte_are_told_from_those_that_fill_it_up() -> None:
    three = words(np.eye(3, dtype=np.float32)[:1], 1.0)
    binary_tokens = binarize(np.array([[1.0, -1.0, -1.0]])).tobytes()
    after = max_similarity(three, [7], np.zeros(1, dtype=np.float32), {7: [(0, binary_tokens)]}).similarity
    assert after[0] == pytest.approx(RETRIEVAL.tokens_weight / sqrt(3))


def test_word_is_as_near_as_the_nearest_token_of_any_passage(asked: QueryTerms) -> None:
    near = term_similarity(asked, [bits("++------"), b"", bits("+-------")])
    assert near == pytest.approx([1 / sqrt(8)] * 2)
    assert term_similarity(asked, [bits("-+------")]) == pytest.approx([-1 / sqrt(8), 1 / sqrt(8)])


def test_without_tokens_of_the_topic_or_of_the_question_nothing_is_told(asked: QueryTerms) -> None:
    assert term_similarity(asked, [b""]) is None
    assert term_similarity(query_terms("pot", Tokens((), EIGHT[:0]), RARITY.__getitem__), [bits("++------")]) is None


def test_entry_is_as_close_as_its_nearest_passage_and_untold_where_no_tokens_are_kept(asked: QueryTerms) -> None:
    both, one = bits("++------"), bits("+-------")
    binary_tokens = {7: [(0, one), (1, one), (1, both), (2, b"")], 8: [(0, both)]}
    entries = max_similarity(asked, [7, 8, 9], np.zeros(3, dtype=np.float32), binary_tokens).entries
    assert entries.keys() == {7, 8}
    assert entries[7].keys() == {0, 1}
    assert entries[7][0] < entries[7][1] == entries[8][0]
