"""A question that the model does not read is told so, with the model that would, at every door."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.answering import ask
from assistant.console import print_answer
from assistant.mcp.arguments import AskArguments
from assistant.mcp.server import topic_uri
from assistant.mcp.tools import ask as ask_by_mcp
from assistant.place import Place
from assistant.service import Service
from assistant.ui.views.answer import answer_html
from index.embedding import DEFAULT_MODEL
from index.library import Library
from tests.fakes import WordCountEncoder

GERMAN = "wann hat die Bücherei am Samstag auf?"
HINT = "topics model use multilingual-e5-small"

LibraryOf = Callable[..., Library]


def asked(library: Library, question: str, *, threshold: float = 1.1) -> Answer:
    return ask(library, question, threshold=threshold)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        (GERMAN, "German"),
        ("quand est-ce que la bibliothèque est ouverte ?", "French"),
        ("鍵はどこ？", "Japanese"),
    ],
)
def test_question_that_the_default_model_does_not_read_is_told_so(
    library_of: LibraryOf, notes: Path, question: str, language: str
) -> None:
    note = asked(library_of(notes, WordCountEncoder(DEFAULT_MODEL, dimension=384)), question).to_json()["note"]
    assert language in note
    assert HINT in note


def test_page_terminal_and_tools_say_it(library_of: LibraryOf, notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    library = library_of(notes, WordCountEncoder(DEFAULT_MODEL, dimension=384))
    answer = asked(library, GERMAN)
    assert HINT in answer_html(answer, Place(GERMAN))
    print_answer(answer)
    assert HINT in " ".join(capsys.readouterr().out.split())
    service = Service()
    service.use(library)
    service.library()
    assert HINT in ask_by_mcp(service, AskArguments(GERMAN), topic_uri)["notice"]


def test_nothing_is_said_of_english_nor_of_what_is_answered(library_of: LibraryOf, notes: Path) -> None:
    library = library_of(notes, WordCountEncoder(DEFAULT_MODEL, dimension=384))
    assert asked(library, "when does the library open?").note == ""
    assert asked(library, "wie geht das mit den canary releases?", threshold=0.0).note == ""


def test_nothing_is_said_where_another_model_reads_the_notes(library_of: LibraryOf, notes: Path) -> None:
    assert asked(library_of(notes, WordCountEncoder()), GERMAN).note == ""
