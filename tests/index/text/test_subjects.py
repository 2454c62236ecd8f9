"""Subjects by name: any way to write one will do, and one that is not there is told by those that are."""

from __future__ import annotations

import pytest

from index.errors import QuestionError
from index.text.subjects import MAX_SUBJECTS_NAMED, merged, spellings


def test_a_subject_is_meant_however_it_is_written() -> None:
    assert spellings("devops", {"DevOps": 2, "DEVOPS": 1, "Git": 1}) == ["DevOps", "DEVOPS"]


def test_of_few_subjects_all_are_named() -> None:
    with pytest.raises(QuestionError, match=r"Its subjects: DevOps, Git\.$"):
        spellings("Python", {"Git": 1, "DevOps": 2})


def test_of_many_subjects_those_nearest_to_what_was_asked_for_are_named() -> None:
    topics = {f"Chapter {number}": 1 for number in range(MAX_SUBJECTS_NAMED)} | {
        "DevOps": 1,
        "About DevOps at scale": 1,
    }
    with pytest.raises(QuestionError, match=r"Its subjects: DevOps, .* and 17 more\.$"):
        spellings("Devop", topics)
    with pytest.raises(QuestionError, match="About DevOps at scale, "):
        spellings("at scale", topics)


def test_subject_is_one_in_every_form_of_unicode() -> None:
    composed, apart = "H\u00f6fe", "Ho\u0308fe"
    assert spellings(composed, {apart: 1, "Gassen": 2}) == [apart]
    assert len(merged({composed: 1, apart: 2})) == 1
