"""The first topics read by a cross-encoder, which here is a rule: what it says is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from assistant.calibration.cross_encoding import calibrate_cross_encoder
from index.embedding.cross_encoder import CrossEncoder
from index.errors import ModelError
from index.library import Library
from index.progress import silent
from index.records import Vectors
from tests.fakes import TokenEncoder, WordCountEncoder


class ByRule(CrossEncoder):
    """Scores a passage by how many words of the question it has, or by anything else."""

    def __init__(self, rule: Callable[[str, str], float]) -> None:
        self.name = "by rule"
        self.rule = rule
        self.read: list[str] = []

    def scores(self, question: str, passages: Sequence[str]) -> Vectors:
        self.read += passages
        return np.array([self.rule(question, passage) for passage in passages], dtype=np.float32)

    def similarity(self, question: str, passages: Sequence[str]) -> Vectors:
        return self.scores(question, passages)


def in_common(question: str, passage: str) -> float:
    """Return five times the number of words that both have, less three: on nobody's scale."""
    return 5.0 * len(set(question.lower().split()) & set(passage.lower().split())) - 3


@pytest.mark.parametrize("encoder", [TokenEncoder(), WordCountEncoder()])
def test_what_it_prefers_comes_first_and_each_topic_is_read_once(
    notes: Path, tmp_path: Path, encoder: WordCountEncoder
) -> None:
    with closing(Library(tmp_path / "library", encoder)) as library:
        library.remove("builtin")
        library.add(notes)
        library.sync()
        assert library.search("merge the same lines")[0].topic.title == "Merge conflicts"
        reranker = ByRule(lambda _, passage: 1.0 if "Decorators" in passage else -1.0)
        library.reranker = reranker
        assert library.search("merge the same lines")[0].topic.title == "Decorators"
    assert len(reranker.read) == 3
    assert any(passage.startswith("DevOps > Merge conflicts > ") for passage in reranker.read)


def test_scores_of_any_scale_are_brought_to_that_of_similarities() -> None:
    line = calibrate_cross_encoder(ByRule(in_common), silent).passages
    assert line.slope > 0
    ten_times = calibrate_cross_encoder(ByRule(lambda *both: 10 * in_common(*both) + 100), silent).passages
    assert line.one(in_common("a b c", "a b")) == pytest.approx(ten_times.one(10 * in_common("a b c", "a b") + 100))


def test_one_that_does_not_tell_answers_from_others_is_refused() -> None:
    with pytest.raises(ModelError, match="it is no reranker"):
        calibrate_cross_encoder(ByRule(lambda *both: -in_common(*both)), silent)
