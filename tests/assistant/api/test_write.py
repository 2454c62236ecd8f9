"""An answer in words for other programs: server-sent events, and a problem where no server was named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.answering import Writer
from assistant.api.schema import openapi
from assistant.llm import ModelServer
from assistant.service import Service
from tests.assistant.answering.stub_model_server import Stub, serving
from tests.assistant.running import QUESTION
from tests.fakes import TokenEncoder

SUPPORTED = "Rebase the branch, settle each file and push again [1]."


@pytest.fixture
def stub(service: Service) -> Iterator[Stub]:
    with serving(Stub([SUPPORTED, " Buy a lamp [1]."])) as stub:
        service.writer = Writer(ModelServer(stub.url, "small"), (), TokenEncoder())
        yield stub


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [(first.removeprefix("event: "), json.loads(second.removeprefix("data: "))) for first, second in blocks]


def check_events(told: list[tuple[str, dict[str, Any]]]) -> None:
    """Hold events against what the OpenAPI document says of them, no more and no less."""
    described = openapi()["components"]["schemas"]
    for _, state in told:
        assert set(state) == set(described["InWords"]["properties"])
        assert all(set(source) == set(described["PromptSource"]["properties"]) for source in state["sources"])


def test_sentences_come_as_events_and_the_last_one_says_that_it_is_done(client: TestClient, stub: Stub) -> None:
    answer = client.post("write", json={"question": QUESTION})
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = events(answer.text)
    check_events(told)
    assert [name for name, _ in told][-1] == "done"
    last = told[-1][1]
    assert [sentence["text"] for sentence in last["shown"]] == ["Rebase the branch, settle each file and push again."]
    assert [sentence["reason"] for sentence in last["withheld"]] != []
    assert last["sources"][0]["path"] == "topics.md"
    assert last["model"] == f"small at {stub.url}"
    assert len(stub.asked) >= 1


def test_without_a_server_it_is_a_problem(client: TestClient) -> None:
    answer = client.post("write", json={"question": QUESTION})
    assert answer.status_code == 501
    assert "--llm" in answer.json()["detail"]


def test_what_cannot_be_asked_is_said_in_the_last_event(client: TestClient, stub: Stub) -> None:
    [(name, told)] = events(client.post("write", json={"question": QUESTION, "subject": "Cooking"}).text)
    check_events([(name, told)])
    assert name == "done"
    assert "Cooking" in told["problem"]
    assert [path for path, _ in stub.asked if path.endswith("completions")] == []
