"""The slot that a question's form asks for."""

from __future__ import annotations

import pytest

from assistant.slots import asked_slot
from index.records import Slot


@pytest.mark.parametrize(
    ("question", "slot"),
    [
        ("what is GitOps?", "What"),
        ("So, what's a canary release", "What"),
        ("what does idempotent even mean", "What"),
        ("explain decorators to me", "What"),
        ("why would I want a deep copy?", "What"),
        ("how do I resolve merge conflicts?", "How"),
        ("what are the steps to adopt GitOps?", "How"),
        ("git says both modified, what now?", "How"),
        ("walk me through a backup", "How"),
        ("tips for faster runners", "How"),
        ("my pipeline keeps failing", "How"),
        ("can I roll back automatically", "How"),
        ("a concrete pipeline with an approval", "Example"),
        ("show me a decorator", "Example"),
        ("has anybody done this with Istio?", "Example"),
        ("how does this look in practice?", "Example"),
        ("context managers in the wild", "Example"),
        ("gitops", None),
        ("", None),
    ],
)
def test_form_of_a_question_names_its_slot(question: str, slot: Slot | None) -> None:
    assert asked_slot(question) == slot
