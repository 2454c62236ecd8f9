"""Greetings are told from questions, and the questions offered are ones the library answers."""

from __future__ import annotations

import pytest

from assistant.console import print_greeting
from assistant.suggest import example_questions, is_greeting
from index.library import Library


@pytest.mark.parametrize("text", ["hi", "Hello there!", "hey, how are you?", "Good morning", "HELLO, my friend"])
def test_hello_is_a_greeting(text: str) -> None:
    assert is_greeting(text)


@pytest.mark.parametrize(
    "text", ["hello world in Python", "good examples", "is it a good day to deploy?", "how are you", "how", "", "???"]
)
def test_what_asks_for_something_is_no_greeting(text: str) -> None:
    assert not is_greeting(text)


def test_examples_are_of_different_topics(library: Library) -> None:
    found = {library.search(question, 1)[0].topic.title for question in example_questions(library, 3)}
    assert found == {"Merge conflicts", "Canary releases", "Decorators"}


def test_terminal_says_what_can_be_asked(capsys: pytest.CaptureFixture[str]) -> None:
    print_greeting(["what is GitOps?"])
    assert 'topics ask "what is GitOps?"' in capsys.readouterr().out
