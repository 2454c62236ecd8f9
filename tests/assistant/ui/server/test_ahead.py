"""The answer to a question that is still being typed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.answer import Answer
from assistant.answering.answering import ask
from assistant.place import Place
from assistant.service import service
from assistant.service.answers import CACHED_ANSWERS
from assistant.ui.asking import request_of
from assistant.ui.server.ahead import HEADER, typing_routes
from index.library import Library

QUESTION = "how do I settle merge conflicts?"


class Asking:
    """Asks as the app does; counts, and can be made to wait."""

    def __init__(self) -> None:
        self.questions: list[str] = []
        self.started, self.released = threading.Event(), threading.Event()
        self.released.set()

    def __call__(self, library: Library, question: str, **wanted: Any) -> Answer:  # noqa: ANN401 (whatever the app asks with)
        self.questions.append(question)
        self.started.set()
        assert self.released.wait(30)
        return ask(library, question, **wanted)


@pytest.fixture
def asking(library: Library, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asking]:
    asking = Asking()
    monkeypatch.setattr("assistant.service.answers.ask", asking)
    service.use(library)
    service.library()
    yield asking
    asking.released.set()
    service.use(None)


def typed(address: str) -> None:
    response = TestClient(Starlette(routes=typing_routes())).get(address, headers={HEADER: "ahead"})
    assert (response.status_code, response.content) == (204, b"")


def test_question_that_was_typed_is_answered_without_being_worked_out_again_and_kept_nowhere(asking: Asking) -> None:
    typed(f"/ahead?q={QUESTION}%20&subject=DevOps")
    assert service.journal().recent(1) == []
    answer = service.answer(request_of(Place(QUESTION, subject="DevOps")))
    assert answer.hits[0].topic == "Merge conflicts"
    assert asking.questions == [QUESTION]
    service.answer(request_of(Place(QUESTION)))
    assert asking.questions == [QUESTION, QUESTION]


def test_page_from_elsewhere_has_nothing_made_ready_and_learns_nothing(asking: Asking) -> None:
    response = TestClient(Starlette(routes=typing_routes("/notes"))).get(f"/notes/ahead?q={QUESTION}")
    assert (response.status_code, response.content) == (403, b"")
    assert asking.questions == []


def test_answers_to_what_is_half_typed_push_out_none_that_were_given(asking: Asking) -> None:
    given = service.answer(request_of(Place(QUESTION)))
    for count in range(CACHED_ANSWERS + 1):
        typed(f"/ahead?q=merge {count}")
    asking.questions.clear()
    assert service.answer(request_of(Place(QUESTION))) is given
    typed(f"/ahead?q={QUESTION}")
    assert asking.questions == []


def test_nobody_waits_for_what_somebody_else_is_typing(asking: Asking) -> None:
    asking.released.clear()
    waiting = threading.Thread(target=service.answer, args=(request_of(Place(QUESTION)),), daemon=True)
    waiting.start()
    assert asking.started.wait(30)
    typed("/ahead?q=git rebase")
    asking.released.set()
    waiting.join(30)
    assert asking.questions == [QUESTION]


def test_typing_before_the_library_is_open_or_what_cannot_be_asked_does_no_harm(
    library: Library, asking: Asking
) -> None:
    typed("/ahead")
    typed("/ahead?q=merge&subject=Nowhere")
    service.use(library)
    typed(f"/ahead?q={QUESTION}")
    assert QUESTION not in asking.questions
    assert not service.is_ready


def suggested(typed: str, header: str = "suggestions") -> list[dict[str, str]]:
    response = TestClient(Starlette(routes=typing_routes())).get(
        "/suggestions", params={"typed": typed}, headers={HEADER: header} if header else {}
    )
    assert response.status_code == (200 if header else 403)
    return response.json() if header else []


def test_titles_and_past_questions_are_suggested_with_their_links_and_none_to_a_page_from_elsewhere(
    asking: Asking,
) -> None:
    service.journal().record(service.answer(request_of(Place("merge what?"))))
    titled, past = suggested("MERGE")
    assert titled["text"] == "Merge conflicts"
    assert titled["beside"] == "DevOps"
    assert service.contents().get(Place.of_link(titled["link"]).topic)
    assert past == {"text": "merge what?", "beside": "asked before", "link": "?q=merge+what%3F"}
    assert suggested("merge", header="") == []
    service.journal().erase()
    assert len(suggested("merge")) == 1


def test_nothing_is_suggested_before_the_library_is_open(library: Library, asking: Asking) -> None:
    service.use(library)
    assert suggested("merge") == []
