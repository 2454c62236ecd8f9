"""Greetings are told from questions, and the questions offered are ones the library answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answer import Answer, Evidence, TopicResult
from assistant.console import print_greeting
from assistant.discovery.suggestions import example_questions, is_greeting, only_greets
from index.library import Library


@pytest.mark.parametrize(
    "text",
    [
        *("hi", "Hello there!", "hey, how are you?", "Good morning", "HELLO, my friend", "hi there", "good evening!"),
        *("morning!", "Evening", "good night", "thanks a lot", "Thank you so much", "bye", "bye, all"),
    ],
)
def test_hello_and_thanks_are_greetings(text: str) -> None:
    assert is_greeting(text)


@pytest.mark.parametrize(
    "text",
    [
        *("hello world in Python", "good examples", "is it a good day to deploy?", "how are you", "how", "", "???"),
        *("my morning", "day", "a good lot", "thanks to whom?", "night and day"),
    ],
)
def test_what_asks_for_something_is_no_greeting(text: str) -> None:
    assert not is_greeting(text)


def test_greeting_is_one_whatever_note_holds_its_words_unless_a_topic_is_called_so() -> None:
    evidence = Evidence("In the morning.", "Diary", "Sleep", None, "diary.md", 3)
    card = TopicResult("1", "Diary", "Sleep", None, 0.7, "In the morning.", ((0, 15),), (), "diary.md", 3, {})
    answer = Answer("Good morning!", True, 0.9, None, evidence, (card,), (), 1.0)
    assert only_greets(answer)
    assert not only_greets(replace(answer, hits=(replace(card, topic="Good Morning"),)))
    assert not only_greets(replace(answer, question="when do I wake up in the morning?"))


def test_examples_are_of_different_topics(library: Library) -> None:
    found = {library.search(question, 1)[0].topic.title for question in example_questions(library, 3)}
    assert found == {"Merge conflicts", "Canary releases", "Decorators"}


def test_examples_are_of_own_notes_once_there_are_some_and_questions_come_first(
    library_of: Callable[[Path], Library], notes: Path, tmp_path: Path
) -> None:
    library = library_of(notes)
    library.add("builtin")
    own = tmp_path / "own"
    own.mkdir()
    text = "It says more than a title here, namely what ovens, kettles and toasters need."
    (own / "kitchen.md").write_text(
        f"# Kitchen\n## Oven\n{text}\n## How hot is it?\n{text}\n## The kettle\n{text}\n", encoding="utf-8"
    )
    library.remove(str(notes))
    library.add(own)
    library.sync()
    assert example_questions(library, 9) == ["How hot is it?", "The kettle", "Oven"]


def test_terminal_says_what_can_be_asked(capsys: pytest.CaptureFixture[str]) -> None:
    print_greeting(["what is GitOps?"])
    assert 'topics ask "what is GitOps?"' in capsys.readouterr().out


def test_examples_are_of_many_folders_and_of_topics_that_say_something(
    library_of: Callable[[Path], Library], tmp_path: Path
) -> None:
    says = "\n\nWater the young plants every evening until the roots hold.\n"
    texts = {"a/1.md": "# Link\n\nhttps://example.org/a/long/address/of/some/page", "a/2.md": f"# Peas{says}"}
    texts |= {"a/3.md": f"# Beans{says}", "a/4.md": f"# Leek{says}", "b/1.md": f"# Roof{says}"}
    for name, text in texts.items():
        (tmp_path / "notes" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "notes" / name).write_text(text)
    library = library_of(tmp_path / "notes")
    assert set(example_questions(library, 2)) == {"Peas", "Roof"}
    assert "Link" not in example_questions(library, 9)
