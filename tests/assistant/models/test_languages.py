from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answering.answering import ask
from assistant.models.languages import unread_language
from index.embedding.model_store import DEFAULT_MODEL
from index.library import Library
from tests.fakes import WordCountEncoder


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("wann hat die Bücherei am Samstag auf?", "German"),
        ("quand est-ce que la bibliothèque est ouverte ?", "French"),
        ("鍵はどこ？", "Japanese"),
    ],
)
def test_a_question_that_the_default_model_does_not_read_is_told_so_with_the_model_that_would(
    library_of: Callable[..., Library], notes: Path, question: str, language: str
) -> None:
    library = library_of(notes, WordCountEncoder(DEFAULT_MODEL, dimension=384))
    said = unread_language(library, ask(library, question, threshold=1.1))
    assert language in said
    assert "topics model use multilingual-e5-small" in said


def test_nothing_is_said_of_english_nor_of_what_is_answered(library_of: Callable[..., Library], notes: Path) -> None:
    library = library_of(notes, WordCountEncoder(DEFAULT_MODEL, dimension=384))
    assert unread_language(library, ask(library, "when does the library open?")) == ""
    assert unread_language(library, ask(library, "wie geht das mit den canary releases?", threshold=0.0)) == ""


def test_nothing_is_said_where_another_model_reads_the_notes(library_of: Callable[..., Library], notes: Path) -> None:
    other = library_of(notes, WordCountEncoder())
    assert unread_language(other, ask(other, "wann hat die Bücherei am Samstag auf?")) == ""
