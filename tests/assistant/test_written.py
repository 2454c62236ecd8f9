"""Notes as people write them, asked as people ask: numbers, days, names, words of other scripts, phrases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.answering import ask
from index.library import Library
from index.text.words import title_key
from tests.cases_of import CASES
from tests.libraries import reading_only

pytestmark = pytest.mark.slow

QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (CASES / "written.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Return a library of the notes in `cases/written`, made by the real model."""
    folder: Path = tmp_path_factory.mktemp("written") / "library"
    with closing(Library(folder)) as library:
        reading_only(library, CASES / "written")
        yield library


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked["question"])
def test_notes_answer_what_they_say_and_nothing_like_it(written: Library, asked: dict[str, Any]) -> None:
    """`topic` is the title that comes first, `answered` whether the notes say so, `shows` what the passage holds.

    What is left out is not judged.
    """
    answer = ask(written, asked["question"])
    first = title_key(answer.hits[0].topic)
    assert first == title_key(asked.get("topic", first))
    assert answer.answered == asked.get("answered", answer.answered)
    assert asked.get("shows", "") in (answer.answer.text if answer.answer else "")
