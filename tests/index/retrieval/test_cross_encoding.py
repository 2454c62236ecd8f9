"""The first topics read by a cross-encoder, which here is a rule: what it says is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from assistant.calibration.cross_encoding import WEIGHTS, bring_to_scale, fit_weight
from assistant.calibration.measuring import read_questions
from index.embedding.calibration import AS_MEASURED, Calibration
from index.embedding.cross_encoder import CROSS_WEIGHT, CrossEncoder
from index.errors import ModelError
from index.library import Library
from index.progress import silent
from index.records import Vectors
from tests.fakes import TokenEncoder, WordCountEncoder
from tests.libraries import reading_only


class ByRule(CrossEncoder):
    """Scores a passage by how many words of the question it has, or by anything else."""

    weight = 0.5

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
        reading_only(library, notes)
        assert library.search("merge the same lines")[0].topic.title == "Merge conflicts"
        reranker = ByRule(lambda _, passage: 1.0 if "Decorators" in passage else -1.0)
        library.reranker = reranker
        assert library.search("merge the same lines")[0].topic.title == "Decorators"
    assert len(reranker.read) == 3
    assert any(passage.startswith("DevOps > Merge conflicts > ") for passage in reranker.read)


def test_scores_of_any_scale_are_brought_to_that_of_similarities() -> None:
    line = bring_to_scale(ByRule(in_common), silent).passages
    assert line.slope > 0
    ten_times = bring_to_scale(ByRule(lambda *both: 10 * in_common(*both) + 100), silent).passages
    assert line.one(in_common("a b c", "a b")) == pytest.approx(ten_times.one(10 * in_common("a b c", "a b") + 100))


def test_one_that_does_not_tell_answers_from_others_is_refused() -> None:
    with pytest.raises(ModelError, match="it is no reranker"):
        bring_to_scale(ByRule(lambda *both: -in_common(*both)), silent)


def weighed(folder: Path, monkeypatch: pytest.MonkeyPatch, rule: Callable[[str, str], float]) -> Calibration:
    """Return what is fitted over the bundled topics for a rule, by a few of the questions that come along."""
    questions = [question for question in read_questions() if question.topic][::4]
    monkeypatch.setattr("assistant.calibration.cross_encoding.read_questions", lambda: questions)
    reader = ByRule(rule)
    with closing(Library(folder, TokenEncoder())) as library:
        library.sync()
        calibration = fit_weight(library, reader, AS_MEASURED, silent)
    assert len(reader.read) <= len(questions) * 20
    return calibration


def test_a_cross_encoder_that_knows_better_gets_weight(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    topic_of = {question.text: question.topic for question in read_questions()}

    def knows(question: str, passage: str) -> float:
        return 1.0 if f"> {topic_of[question]} >" in f"{passage} >" else -1.0

    calibration = weighed(tmp_path, monkeypatch, knows)
    [weight] = calibration.fitted[CROSS_WEIGHT]
    reached = {weight: calibration.measured[f"MRR by {weight:g}"] for weight in WEIGHTS}
    assert weight > 0
    assert reached[weight] == max(reached.values()) > reached[0.0] + 0.05
    assert calibration.measured["milliseconds"] > 0


def test_a_cross_encoder_that_misleads_gets_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calibration = weighed(tmp_path, monkeypatch, lambda question, passage: -in_common(question, passage))
    assert calibration.fitted[CROSS_WEIGHT] == (0.0,)


def test_a_cross_encoder_without_weight_reads_nothing(library: Library) -> None:
    before = library.search("merge the same lines")
    library.reranker = reader = ByRule(in_common)
    reader.weight = 0.0
    assert library.search("merge the same lines") == before
    assert not reader.read
