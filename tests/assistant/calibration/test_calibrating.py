"""Another model's numbers, with models made of the default one: what is told by them has to come out much the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from assistant.answering.answering import ask
from assistant.answering.confidence import SETTINGS, Features, settings_of
from assistant.calibration.calibrating import REFERENCE, calibrate
from assistant.calibration.cross_encoding import fit_weight
from assistant.calibration.measuring import measure, read_questions, read_slot_questions
from assistant.discovery.related import LIMIT, relatedness
from assistant.feedback.gaps import find_gaps
from assistant.feedback.journal import Journal
from assistant.operations.doctor import examine
from index.embedding.calibration import AS_MEASURED, FITTED_FORMAT
from index.embedding.cross_encoder import CROSS_WEIGHT, CrossEncoder
from index.embedding.encoder import ModelEncoder
from index.embedding.model_store import StoredModel
from index.library import Library
from index.progress import silent
from tests.fit_slots import read_slot_cases
from tests.libraries import reading_only
from tests.models import exported, shifted_model, small_model, tiny_cross_encoder

pytestmark = pytest.mark.slow

CASES = Path(__file__).parents[2] / "cases" / "questions.jsonl"


@pytest.fixture(scope="module")
def default(bundled_library: Path) -> Iterator[Library]:
    with closing(Library(bundled_library)) as library:
        yield library


@pytest.fixture(scope="module")
def shifted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Return the bundled topics by a model for which texts without anything in common have a cosine of .9."""
    folder = tmp_path_factory.mktemp("shifted")
    encoder = exported(shifted_model(folder / "model"), folder / "export")
    measured = ModelEncoder(encoder.name, folder / "export", measure=calibrate)
    with closing(Library(folder / "library", measured)) as library:
        library.sync()
        yield library


def test_what_the_default_model_says_is_what_others_are_brought_to(default: Library) -> None:
    seen = measure(default, read_questions())
    for name, values in REFERENCE.items():
        assert seen[name] == pytest.approx(values, abs=0.002), name


def test_what_is_shipped_to_choose_slots_by_is_what_the_default_model_learnt_them_from() -> None:
    assert [(question.text, question.slot) for question in read_slot_questions()] == list(
        zip(*read_slot_cases("tune"), strict=True)
    )


def test_questions_that_are_shipped_are_of_the_half_that_nothing_is_reported_of() -> None:
    tuning = {case["question"] for case in map(json.loads, CASES.read_text().splitlines()) if case["half"] == "tune"}
    assert {question.text for question in read_questions()} <= tuning


def test_a_cosine_of_chance_and_one_of_an_answer_are_told_on_the_default_models_scale(shifted: Library) -> None:
    calibration = shifted.encoder.calibration
    assert calibration.measured["passages, unrelated"] > 0.85
    found = {name: shifted.search(name, 1)[0].similarity for name in ("what does a barn owl eat?", "what is GitOps?")}
    assert found["what does a barn owl eat?"] < 0.2 < 0.4 < found["what is GitOps?"]


def test_a_model_of_another_scale_gets_about_the_weights_of_the_default_one(shifted: Library) -> None:
    weights, bias = settings_of(shifted.encoder.calibration).weights, settings_of(shifted.encoder.calibration).bias
    assert weights != SETTINGS.weights
    assert bias == pytest.approx(SETTINGS.bias, abs=0.5)
    assert weights.similarity == pytest.approx(SETTINGS.weights.similarity, abs=0.7)


def test_answers_are_told_from_near_misses_that_it_was_not_fitted_to(shifted: Library) -> None:
    """Reached: 0.96."""
    cases = [case for case in map(json.loads, CASES.read_text().splitlines()) if case["half"] == "report"][::3]
    said = [ask(shifted, case["question"], threshold=0.0).confidence for case in cases]
    assert roc_auc_score([case.get("answered", True) for case in cases], said) > 0.9


def test_a_cross_encoder_that_has_learnt_nothing_gets_no_weight(
    bundled_library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = [question for question in read_questions() if question.topic][::8]
    monkeypatch.setattr("assistant.calibration.cross_encoding.read_questions", lambda: questions)
    reranker = CrossEncoder(tiny_cross_encoder(tmp_path / "tiny"), tmp_path / "models")
    reranker.prepare(silent)
    with closing(Library(bundled_library)) as library:
        calibration = fit_weight(library, reranker, AS_MEASURED, silent)
    assert calibration.fitted == {CROSS_WEIGHT: (0.0,)}
    assert calibration.measured["MRR by 0"] > 0.8 > calibration.measured["MRR by 1"]
    assert calibration.measured["milliseconds"] > 0


def test_related_topics_are_as_probable_as_by_the_default_model(shifted: Library, default: Library) -> None:
    def best(library: Library) -> list[float]:
        found = {id_: heading.title for id_, heading in library.reader.headings().items()}
        topics = library.topics(found)
        scores = [sorted(relatedness(library, id_, topics[id_].topic).values())[-LIMIT:] for id_ in found]
        return list(map(float, np.quantile(np.concatenate(scores), [0.1, 0.5, 0.9])))

    assert best(shifted) == pytest.approx(best(default), abs=0.15)


def test_alike_questions_without_an_answer_are_one_gap_and_others_are_not(shifted: Library) -> None:
    journal = Journal(shifted.folder)
    for question in ("what does a barn owl eat?", "what do barn owls feed on?", "how long do I boil an egg?"):
        journal.record(ask(shifted, question))
    assert sorted(len(gap.questions) for gap in find_gaps(shifted, journal)) == [1, 2]


def test_a_card_keeps_what_was_measured_for_whoever_uses_the_model_next(shifted: Library) -> None:
    folder = shifted.encoder.store.export_folder()
    assert folder
    again = ModelEncoder(shifted.encoder.name, folder)
    assert again.calibration == shifted.encoder.calibration
    written = (folder / "model.json").stat().st_mtime_ns
    shifted.sync()
    assert (folder / "model.json").stat().st_mtime_ns == written


def test_card_whose_weights_are_fitted_to_something_else_is_told_and_fitted_anew(shifted: Library) -> None:
    store, today = shifted.encoder.store, shifted.encoder.calibration
    assert isinstance(store, StoredModel)
    store.keep_calibration(replace(today, format=FITTED_FORMAT - 1))
    assert settings_of(shifted.encoder.calibration) == SETTINGS
    assert "of another version" in next(check.finding for check in examine(shifted) if check.name == "Model card")
    folder = store.export_folder()
    assert folder
    ModelEncoder(store.name, folder, measure=lambda *_: today).calibrate(silent)
    assert ModelEncoder(store.name, folder).calibration == today
    store.keep_calibration(today)


def test_features_that_are_weighed_are_those_that_cards_are_fitted_to() -> None:
    """Raise the format where features come, go or change places: weights of before would weigh something else."""
    assert (FITTED_FORMAT, len(Features._fields)) == (1, 6)


def test_a_model_of_few_dimensions_answers_as_any_other(notes: Path, tmp_path: Path) -> None:
    encoder = exported(small_model(tmp_path / "model"), tmp_path / "export")
    with closing(Library(tmp_path / "library", encoder)) as library:
        reading_only(library, notes)
        answer = ask(library, "how do I settle merge conflicts?", threshold=0.0)
    assert encoder.encode_queries(["one"]).shape == (1, 16)
    assert (answer.hits[0].topic, answer.hits[0].slot) == ("Merge conflicts", "How")
