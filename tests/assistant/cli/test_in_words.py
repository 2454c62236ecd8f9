"""`topics ask --in-words`: sentence by sentence behind the answer, and one sentence where that cannot be."""

from __future__ import annotations

import builtins
import sys
from typing import Any

import pytest

from assistant import settings
from tests.assistant.answering.stub_model_server import Stub, serving
from tests.assistant.running import QUESTION, YEAST, Topics, asked
from tests.fakes import TokenEncoder

SUPPORTED = "Rebase the branch, settle each file and push again [1]."


@pytest.fixture(autouse=True)
def gate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "gate_encoder", lambda _: TokenEncoder())


def test_sentences_follow_the_answer_with_their_sources_and_what_was_withheld(own: Topics) -> None:
    with serving(Stub([SUPPORTED, " Buy a lamp [1]."])) as stub:
        result = own("ask", QUESTION, "--in-words", "--llm", stub.url, "--llm-model", "small")
    assert result.code == 0
    extractive, _, written = result.out.partition(f"In words, by small at {stub.url}:")
    assert "Rebase the branch, settle each file and push again." in extractive
    assert "Rebase the branch, settle each file and push again. [1]" in written
    assert "[1] Merge conflicts   topics.md:5" in written
    assert "1 sentence withheld:" in written
    assert "Buy a lamp." in written


def test_json_has_them_beside_the_answer(own: Topics) -> None:
    with serving(Stub([SUPPORTED])) as stub:
        record = asked(own("ask", QUESTION, "--json", "--in-words", "--llm", stub.url, "--llm-model", "small"))
    assert record["answered"]
    assert record["in_words"]["shown"][0]["sources"] == [1]
    assert record["in_words"]["sources"][0]["path"] == "topics.md"
    assert "in_words" not in asked(own("ask", QUESTION, "--json"))


def test_a_fault_leaves_the_answer_and_says_one_sentence(own: Topics) -> None:
    with serving(Stub(status=500)) as stub:
        result = own("ask", QUESTION, "--in-words", "--llm", stub.url, "--llm-model", "small")
    assert result.code == 0
    assert result.out.strip().startswith("Rebase the branch, settle each file and push again.")
    assert "answered with the error 500" in result.err


def test_the_model_is_not_asked_what_the_notes_do_not_answer(own: Topics) -> None:
    with serving(Stub([SUPPORTED])) as stub:
        result = own("ask", YEAST, "--in-words", "--llm", stub.url, "--llm-model", "small")
    assert "the model was not asked" in result.err
    assert stub.asked == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "Name a model server"),
        (("--llm", "http://192.0.2.7:11434", "--llm-model", "small"), "--allow-remote-llm"),
        (("--llm", "http://127.0.0.1:1"), "--llm-model"),
        (("--llm", "http://127.0.0.1:1", "--llm-model", "small", "--llm-key-file", "nowhere"), "cannot be read"),
    ],
)
def test_what_is_wrong_with_the_server_is_said_first(own: Topics, options: tuple[str, ...], said: str) -> None:
    result = own("ask", QUESTION, "--in-words", *options)
    assert result.code in {1, 2}
    assert said in result.err
    assert result.out == ""


def test_without_the_extra_one_sentence_names_it_and_nothing_else_changes(
    own: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = own("ask", QUESTION)
    real = builtins.__import__

    def refuse(name: str, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 (as the builtin has them)
        if name.partition(".")[0] in {"openai", "httpx2"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(name, *arguments, **options)

    for name in [name for name in sys.modules if name.partition(".")[0] in {"openai", "httpx2"}]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setattr(builtins, "__import__", refuse)
    assert own("ask", QUESTION).out == plain.out
    result = own("ask", QUESTION, "--in-words", "--llm", "http://127.0.0.1:1", "--llm-model", "small")
    assert "[llm]" in result.err
    assert result.code != 0
