"""The slot that a question asks for: by its form, and by its meaning where the form leaves it open."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from assistant.answering.slots import FORMS, WEIGHTS_FILE, Form, likeliest, slot_preferences, weights_of
from index.embedding.calibration import AS_MEASURED
from index.embedding.model_store import DEFAULT_MODEL
from index.library import Library
from index.records import SLOTS, Slot, Vectors
from tests.fakes import WordCountEncoder
from tests.fit_slots import fit, read_slot_cases


@pytest.mark.parametrize(
    ("question", "slot"),
    [
        ("what is GitOps?", "What"),
        ("So, what's a canary release", "What"),
        ("what does idempotent even mean", "What"),
        ("explain decorators to me", "What"),
        ("why would I want a deep copy?", "What"),
        ("how come bread goes stale?", "What"),
        ("what happens if I miss a payment", "What"),
        ("is it true that searing checksums in the juices?", "What"),
        ("pros and cons of cast iron", "What"),
        ("difference between a patent and a trademark", "What"),
        ("how do I resolve merge conflicts?", "How"),
        ("what are the steps to adopt GitOps?", "How"),
        ("what is the best way to store herbs", "How"),
        ("explain how to write a will", "How"),
        ("what command lists the users", "How"),
        ("when should I repot an orchid", "How"),
        ("git says both modified, what now?", "How"),
        ("walk me through a backup", "How"),
        ("tips for faster runners", "How"),
        ("my pipeline keeps failing", "How"),
        ("a concrete pipeline with an approval", "Example"),
        ("show me a decorator", "Example"),
        ("has anybody done this with Istio?", "Example"),
        ("any war stories about failovers?", "Example"),
        ("how does this look in practice?", "Example"),
        ("context managers in the wild", "Example"),
        ("what did they change after the outage?", "Example"),
        ("which bakery switched to wild yeast", "Example"),
        ("peut-on congeler la pâte ?", "How"),
        ("¿puedo congelar la masa?", "How"),
        ("posso congelare l'impasto?", "How"),
        ("kan ik het deeg invriezen?", "How"),
        ("est-ce que le seigle est acide ?", "What"),
        ("¿es el centeno ácido?", "What"),
        ("is de rogge zuur?", "What"),
        ("es cluster", None),
        ("son", None),
        ("ist to utc", None),
        ("gitops", None),
        ("", None),
        ("?!", None),
    ],
)
def test_form_of_a_question_names_its_slot(question: str, slot: Slot | None) -> None:
    assert likeliest(slot_preferences(question)) == slot


@pytest.mark.parametrize("question", ["what is GitOps?", "show me a decorator", "gitops", ""])
def test_preferences_are_probabilities(question: str) -> None:
    preferences = slot_preferences(question)
    assert set(preferences) == set(SLOTS)
    assert sum(preferences.values()) == pytest.approx(1.0)


def vector_for(slot: Slot) -> Vectors:
    """Return a vector that, of all of its length, the weights find most like the slot."""
    weights = np.load(WEIGHTS_FILE)[:-1]
    direction = weights[:, SLOTS.index(slot)] - weights.mean(axis=1)
    return np.asarray(direction / np.linalg.norm(direction), dtype=np.float32)


@pytest.mark.parametrize("slot", SLOTS)
def test_meaning_decides_what_the_form_leaves_open(slot: Slot) -> None:
    assert likeliest(slot_preferences("pods after a deploy")) is None
    assert (
        likeliest(slot_preferences("pods after a deploy", vector_for(slot), weights_of(DEFAULT_MODEL, AS_MEASURED)))
        == slot
    )


def test_vector_of_another_model_is_left_aside() -> None:
    vector = WordCountEncoder().encode_queries(["what is a roux"])[0]
    assert slot_preferences("what is a roux", vector, weights_of("word-count", AS_MEASURED)) == slot_preferences(
        "what is a roux"
    )


def test_question_without_words_has_no_slot_whatever_its_vector() -> None:
    assert likeliest(slot_preferences("?", vector_for("How"), weights_of(DEFAULT_MODEL, AS_MEASURED))) is None


@pytest.mark.slow
def test_slot_is_told_for_questions_on_subjects_never_seen(bundled_library: Path) -> None:
    library = Library(bundled_library)
    questions, slots = read_slot_cases("report")
    vectors = library.encoder.encode_queries(questions)
    told = [
        likeliest(slot_preferences(question, vector, weights_of(library.encoder.name, AS_MEASURED)))
        for question, vector in zip(questions, vectors, strict=True)
    ]
    assert np.mean([one == slot for one, slot in zip(told, slots, strict=True)]) >= 0.93
    library.close()


@pytest.mark.slow
def test_weights_are_those_that_fitting_gives(bundled_library: Path) -> None:
    library = Library(bundled_library)
    np.testing.assert_allclose(fit(library.encoder), np.load(WEIGHTS_FILE), atol=0.01)
    library.close()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.example)
def test_first_form_that_fits_an_example_is_its_own(form: Form) -> None:
    assert next(other for other in FORMS if re.search(other.pattern, form.example)) == form
