"""A library made before opens, answers as it did, and embeds nothing again."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.answering import ask
from assistant.feedback import Feedback
from assistant.feedback.journal import Journal
from index.embedding.encoder import ModelEncoder
from index.library import Library
from index.records import Encoded
from index.storage.database import FILE_NAME
from tests.fakes import TokenEncoder

CASES = Path(__file__).parents[1] / "cases" / "made-before"
LEARNED = "why does the boat creep backwards at three in the morning?"

Copy = Callable[[str], Path]


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """Return a function that copies one of the libraries to where it may be changed."""
    return lambda name: Path(shutil.copytree(CASES / name, tmp_path / "library"))


def recorded(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def answers(library: Library, name: str) -> list[dict[str, Any]]:
    """Return what is recorded of each question, as it is answered now."""
    first = ((case["question"], ask(library, case["question"]).hits[0]) for case in recorded(name))
    return [{"question": question, "topic": card.topic, "path": card.path} for question, card in first]


def test_library_made_before_answers_as_it_did_and_embeds_nothing(copy: Copy) -> None:
    encoder = TokenEncoder()
    with closing(Library(copy("by-words"), encoder)) as library:
        assert answers(library, "by-words") == recorded("by-words")
        assert library.search(LEARNED, 1)[0].score == 1.0
        assert sum(library.subjects().values()) == 10
        assert library.storage.damage() == ""
    assert encoder.encoded == []


def test_journal_made_before_is_read(copy: Copy) -> None:
    with closing(Journal(copy("by-words"))) as journal:
        assert [asked.question for asked in journal.recent(10)] == [
            "how do I bake a rye loaf?",
            LEARNED,
            "how do I catch a swarm?",
        ]
        assert journal.saved == ["when may oxalic acid be used?"]
        assert {(mark.question, mark.feedback) for mark in journal.marks()} == {
            (LEARNED, Feedback.USEFUL),
            ("how do I bake a rye loaf?", Feedback.WRONG),
        }


def test_sync_of_a_library_made_before_keeps_what_came_from_a_folder_that_is_away(copy: Copy) -> None:
    encoder = TokenEncoder()
    with closing(Library(copy("by-words"), encoder)) as library:
        assert library.sync().missing_sources == ["/notes"]
        assert answers(library, "by-words") == recorded("by-words")
        assert library.storage.damaged_indexes() == ()
    assert encoder.encoded == []


def test_sync_of_a_library_made_before_reads_its_notes_and_embeds_nothing(copy: Copy) -> None:
    folder, encoder = copy("by-words"), TokenEncoder()
    with closing(sqlite3.connect(folder / FILE_NAME)) as db, db:
        db.execute("UPDATE source SET path = ?", (str(CASES / "notes"),))
    with closing(Library(folder, encoder)) as library:
        assert library.sync().is_complete
        assert answers(library, "by-words") == recorded("by-words")
        assert library.search(LEARNED, 1)[0].score == 1.0
        assert library.storage.damaged_indexes() == ()
    assert encoder.encoded == []


@pytest.mark.slow
def test_library_made_before_by_the_default_model_answers_as_it_did_and_embeds_nothing(
    copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def encode_documents(_: ModelEncoder, texts: list[str]) -> Encoded:
        raise AssertionError(f"embedded again: {texts}")

    monkeypatch.setattr(ModelEncoder, "encode_documents", encode_documents)
    with closing(Library(copy("by-model"))) as library:
        assert library.model == library.encoder.name
        assert answers(library, "by-model") == recorded("by-model")
        assert library.search(LEARNED, 1)[0].score == 1.0
