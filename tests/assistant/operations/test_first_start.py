from __future__ import annotations

from pathlib import Path

import pytest

from assistant.operations.first_start import BYTES_A_SECOND, MIN_SECONDS, OTHER_MODEL_SECONDS, FirstStart
from assistant.operations.jobs import JobProgress
from index.library import Library
from index.progress import Phase
from tests.fakes import WordCountEncoder


@pytest.fixture
def first(tmp_path: Path, notes: Path, monkeypatch: pytest.MonkeyPatch) -> FirstStart:
    library = Library(tmp_path / "library", WordCountEncoder(ready=False))
    library.remove("builtin")
    library.add(notes)
    monkeypatch.setattr("assistant.operations.first_start.time.monotonic", lambda: 100.0)
    return FirstStart(library)


def test_before_the_embedding_has_begun_it_lasts_as_long_as_is_usual(first: FirstStart) -> None:
    first.words.size = 10 * BYTES_A_SECOND
    assert first.remaining(None) == OTHER_MODEL_SECONDS + 10
    assert first.remaining(JobProgress(Phase.READING, 1, 2, 0, 1.0)) == OTHER_MODEL_SECONDS + 10


def test_then_its_own_pace_says_how_long(first: FirstStart, monkeypatch: pytest.MonkeyPatch) -> None:
    assert first.remaining(JobProgress(Phase.EMBEDDING, 100, 300, 0, 5.0)) == 10.0 + MIN_SECONDS
    monkeypatch.setattr("assistant.operations.first_start.time.monotonic", lambda: 111.0)
    assert first.share(JobProgress(Phase.EMBEDDING, 100, 300, 0, 5.0)) == 0.5


def test_it_never_claims_to_be_over(first: FirstStart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.operations.first_start.time.monotonic", lambda: 10_000.0)
    assert first.remaining(JobProgress(Phase.WRITING)) == MIN_SECONDS
    assert first.share(None) < 1
