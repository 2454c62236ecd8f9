"""Answers are worked out once, by whichever thread, and given again until the notes change."""

from __future__ import annotations

import threading
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Answer
from assistant.answering.answering import ask
from assistant.service.answers import AnswerCache, Answers, AskRequest, Edition, KeyedLocks
from index.library import Library

QUESTION = AskRequest("how do I settle merge conflicts?")
NOW: Edition = (1, 1, date(2026, 11, 29))


class Asking:
    """Counts what is asked, and can be made to wait."""

    def __init__(self) -> None:
        self.questions: list[str] = []
        self.started, self.released = threading.Event(), threading.Event()
        self.released.set()

    def __call__(self, library: Library, question: str, **filters: Any) -> Answer:  # noqa: ANN401 (passed on)
        self.questions.append(question)
        self.started.set()
        assert self.released.wait(30)
        return ask(library, question, **filters)


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> Asking:
    asking = Asking()
    monkeypatch.setattr("assistant.service.answers.ask", asking)
    return asking


def an_answer(question: str) -> Answer:
    return Answer(question, False, 0.0, None, None, (), (), 1.0)


def test_cache_lets_go_of_what_was_not_used_for_longest() -> None:
    cache = AnswerCache(2)
    first, second, third = (AskRequest(name) for name in ("first", "second", "third"))
    for request in (first, second):
        cache.put((NOW, request), an_answer(request.question))
    assert cache.get((NOW, first))
    cache.put((NOW, third), an_answer("third"))
    assert cache.get((NOW, second)) is None
    assert [bool(cache.get((NOW, request))) for request in (first, third)] == [True, True]


def test_the_same_question_is_worked_out_once_however_many_ask_it_at_once(library: Library, asking: Asking) -> None:
    answers, given = Answers(), list[Answer]()
    asking.released.clear()
    threads = [threading.Thread(target=lambda: given.append(answers.answer(library, QUESTION))) for _ in range(8)]
    for thread in threads:
        thread.start()
    assert asking.started.wait(30)
    asking.released.set()
    for thread in threads:
        thread.join(30)
    assert len(given) == 8
    assert all(answer is given[0] for answer in given)
    assert asking.questions == [QUESTION.question]


def test_another_limit_is_another_request(library: Library, asking: Asking) -> None:
    answers = Answers()
    assert len(answers.answer(library, AskRequest(QUESTION.question, 1)).hits) == 1
    assert len(answers.answer(library, AskRequest(QUESTION.question, 3)).hits) == 3
    assert len(asking.questions) == 2


def test_answer_is_worked_out_anew_once_the_notes_have_changed(library: Library, asking: Asking, notes: Path) -> None:
    answers = Answers()
    before = answers.answer(library, QUESTION)
    assert answers.answer(library, QUESTION) is before
    (notes / "new.md").write_text("# Git\n\n## Settle merge conflicts\nAsk both authors.\n", encoding="utf-8")
    library.sync()
    after = answers.answer(library, QUESTION)
    assert after.hits[0].path == "new.md"
    assert len(asking.questions) == 2


def test_question_that_cannot_be_asked_is_not_kept_from_the_next_one(library: Library) -> None:
    answers = Answers()
    answers.prefetch(library, AskRequest("x", subject="Nowhere"))
    answers.prefetch(library, QUESTION)
    assert answers.answer(library, QUESTION).hits


def test_two_questions_are_worked_on_at_once_and_no_third(library: Library, asking: Asking) -> None:
    answers = Answers()
    asking.released.clear()
    requests = [AskRequest(f"merge conflicts {number}") for number in range(3)]
    threads = [threading.Thread(target=answers.answer, args=(library, request)) for request in requests]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 30
    while len(asking.questions) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.1)
    assert len(asking.questions) == 2
    asking.released.set()
    for thread in threads:
        thread.join(30)
    assert len(asking.questions) == 3


def test_no_lock_is_left_behind() -> None:
    locks = KeyedLocks()
    for question in ("a", "b", "a"):
        with locks.of((NOW, AskRequest(question))):
            assert len(locks) == 1
    assert len(locks) == 0
