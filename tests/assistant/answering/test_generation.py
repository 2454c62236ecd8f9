"""A model may write whatever it likes: what is shown stands in the notes, and every fault ends in one sentence."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.answering import ask
from assistant.answering.generation import (
    BUSY,
    CUT,
    NOT_ANSWERED,
    NOT_SUPPORTED,
    NOTHING_TO_READ,
    STOPPED,
    WROTE_NOTHING,
    InWords,
    Writer,
    sentences_of,
)
from assistant.answering.prompt_sources import MAX_SOURCES, says_private
from assistant.llm import ModelServer, Patience, model_server
from index.errors import SettingError
from index.library import Library
from tests.assistant.answering.stub_model_server import Stub, seconds_of, serving
from tests.fakes import TokenEncoder

SUPPORTED = "Rebase the branch, settle each file and push again [1]."
PATIENT = Patience(connect=10, delta=30, whole=60)
IMPATIENT = Patience(connect=0.5, delta=0.5, whole=1.2)
QUICK = 10.0
"""Seconds within which every fault ends, on a very busy machine; by itself, each takes less than two."""


@pytest.fixture
def library(library_of: Callable[..., Library], notes: Path) -> Library:
    return library_of(notes, TokenEncoder())


@pytest.fixture
def answer(library: Library) -> Answer:
    asked = ask(library, "how do I rebase a branch with conflicts?", threshold=0.0)
    assert asked.answered
    assert asked.hits[0].topic == "Merge conflicts"
    assert asked.hits[0].slot == "How"
    return asked


def server_of(stub: Stub, model: str = "small", patience: Patience = PATIENT) -> ModelServer:
    return ModelServer(stub.url, model, patience=patience)


def written(
    library: Library, answer: Answer, stub: Stub, model: str = "small", patience: Patience = PATIENT
) -> InWords:
    with serving(stub):
        return list(Writer(server_of(stub, model, patience)).write(library, answer))[-1]


@pytest.mark.parametrize("ollama", [False, True])
def test_a_sentence_that_the_notes_support_is_shown_with_its_source(
    library: Library, answer: Answer, *, ollama: bool
) -> None:
    said = written(library, answer, Stub([SUPPORTED[:10], SUPPORTED[10:], " Buy a lamp [1]."], ollama=ollama))
    assert [sentence.text for sentence in said.shown] == ["Rebase the branch, settle each file and push again."]
    assert said.sources[said.shown[0].sources[0] - 1].topic == "Merge conflicts"
    assert [sentence.text for sentence in said.withheld] == ["Buy a lamp."]
    assert said.problem == ""
    assert said.is_done


def test_sentences_come_one_by_one_while_the_server_still_writes(library: Library, answer: Answer) -> None:
    stub = Stub([SUPPORTED, " Buy a lamp [1].", " Buy a chair [1]."], pause=0.05)
    with serving(stub):
        counts = [(len(state.shown), len(state.withheld)) for state in Writer(server_of(stub)).write(library, answer)]
    assert counts == [(1, 0), (1, 1), (1, 2), (1, 2)]


BAD_MODEL = [
    "According to Source 7 of the Git Encyclopedia, conflicts were invented in 1974 [7].",
    "Rebase the branch, rebase the branch, rebase the branch, rebase the branch.",
    "Sure! Here is the answer to your question [1].",
    "The answer is in the notes and the answer is in the notes and the answer is yes [1].",
    "Two branches changed the same lines in 42 files [1].",
    "See https://example.org/conflicts for more about merge conflicts [1].",
    "Merge conflicts are resolved by `git merge --magic` [1].",
    "Linus says that you should never rebase the branch [1].",
    "<|im_start|>user what is a branch [1]",
    "1. 2. 3. 4. 5. 6. 7. 8. 9.",
    "Do not rebase the branch, and never settle each file or push again [1].",
    "Question: what is a merge conflict? Answer: [1]",
    "Source 1: Source 2: Source 3: [1][2][3]",
    "A branch of the willow grows two metres a year [1].",
    "As an AI language model, I have no branch [1].",
    "The developers of the branch are very happy with the price of 300 dollars [1].",
]
"""Such as a small base model writes: sources that it invents, repeats, and what it knows from elsewhere."""


def test_nothing_of_what_a_bad_model_writes_is_shown(library: Library, answer: Answer) -> None:
    said = written(library, answer, Stub(["\n".join(BAD_MODEL)]))
    assert said.shown == ()
    assert len(said.withheld) >= len(BAD_MODEL)
    assert said.problem == NOT_SUPPORTED


FAULTS = {
    "slow first token": Stub([SUPPORTED], wait=30),
    "slow first token of Ollama": Stub([SUPPORTED], wait=30, ollama=True),
    "silence in the middle": Stub(["Buy a ", "lamp [1]."], pause=30),
    "never done": Stub(["la "], endless=True, pause=0.05),
    "never done of Ollama": Stub(["la "], endless=True, pause=0.05, ollama=True),
    "giant answer": Stub(["lamp " * 500], endless=True),
    "giant answer in one piece": Stub(["lamp " * 5_000]),
    "heartbeats without text": Stub([""], endless=True, pause=0.05),
    "broken off": Stub(["Buy a lamp"], breaks_off=True),
    "broken off of Ollama": Stub(["Buy a lamp"], breaks_off=True, ollama=True),
    "nothing at all": Stub([], breaks_off=True),
    "empty answer": Stub([]),
    "empty answer of Ollama": Stub([], ollama=True),
    "white space": Stub([" \n ", "\n"]),
    "none": Stub(["none."]),
    "no citations": Stub(["Rebase the branch, settle each file and push again."]),
    "source that was not given": Stub(["Rebase the branch, settle each file and push again [9]."]),
    "wrong number": Stub(["Rebase 3 branches, settle each file and push again [1]."]),
    "wrong name": Stub(["Rebase the branch and, says Torvalds, push again [1]."]),
    "wrong command": Stub(["Rebase the branch with `git rebase -i` and push again [1]."]),
    "invented address": Stub(["Rebase the branch as on https://example.org says and push again [1]."]),
    "denied": Stub(["Never rebase the branch, settle each file or push again [1]."]),
    "a question back": Stub(["Do you want to rebase the branch and push again [1]?"]),
    "thoughts only": Stub(["<think>Rebase the branch, settle each file and push again [1].</think>"]),
    "thoughts without an end": Stub(["<think>Rebase the branch, settle each file and push again [1]."]),
    "thoughts in a field of their own": Stub([""], extra={"reasoning_content": SUPPORTED}),
    "garbage": Stub(body=b"\x00\xff\xfe garbage"),
    "garbage of Ollama": Stub(body=b"\x00\xff\xfe garbage", ollama=True),
    "a page": Stub(body=b"<html><body>Welcome!</body></html>"),
    "JSON of another kind": Stub(body=b'{"hello": "world"}', ollama=True),
    "a list": Stub(body=b"[1, 2]", ollama=True),
    "an error in the stream": Stub(body=b'{"error": "out of memory"}', ollama=True),
    "500": Stub(status=500),
    "500 of Ollama": Stub(status=500, ollama=True),
    "503": Stub(status=503, headers={"Retry-After": "60"}),
    "429": Stub(status=429, headers={"Retry-After": "60"}),
    "401": Stub(status=401),
    "404": Stub(status=404),
    "404 of Ollama": Stub(status=404, ollama=True),
    "redirect": Stub(status=302, headers={"Location": "http://192.0.2.1/v1/chat/completions"}),
    "redirect of Ollama": Stub(status=307, headers={"Location": "http://192.0.2.1/api/chat"}, ollama=True),
    "cut context": Stub(["Buy a lamp [1]."], prompt_tokens=40),
    "cut context of Ollama": Stub(["Buy a lamp [1]."], prompt_tokens=40, ollama=True),
    "model of a cloud": Stub([SUPPORTED], ollama=True, show={"remote_host": "https://example.org:443"}),
    "passed on to a cloud": Stub([SUPPORTED], ollama=True, extra={"remote_host": "https://example.org:443"}),
    "repeated": Stub(["Buy a lamp [1]. " * 300]),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_ends_in_the_passage_and_one_sentence(library: Library, answer: Answer, name: str) -> None:
    stub, started = replace(FAULTS[name], asked=[], authorizations=[], stopping=threading.Event()), time.monotonic()
    said = written(library, answer, stub, patience=IMPATIENT)
    assert seconds_of(started) < QUICK
    assert said.is_done
    assert said.shown == ()
    assert said.problem.endswith(".")
    assert "\n" not in said.problem
    assert "Traceback" not in said.problem


def test_there_are_forty_faults_at_least() -> None:
    assert len(FAULTS) >= 40


def test_what_passed_before_a_fault_stays(library: Library, answer: Answer) -> None:
    said = written(library, answer, Stub([SUPPORTED, " Buy a"], breaks_off=True))
    assert len(said.shown) == 1
    assert "broke off" in said.problem


def test_what_was_written_from_a_part_of_the_notes_goes_again(library: Library, answer: Answer) -> None:
    said = written(library, answer, Stub([SUPPORTED], prompt_tokens=40))
    assert said.shown == ()
    assert said.problem == CUT


def test_thoughts_before_the_answer_are_stripped(library: Library, answer: Answer) -> None:
    for thought in (f"<think>Buy a lamp [1].</think>\n{SUPPORTED}", f"Buy a lamp [1]. Hm.\n</think>\n{SUPPORTED}"):
        said = written(library, answer, Stub([thought[:40], thought[40:]]))
        assert len(said.shown) == 1
        assert said.withheld == ()


def test_the_model_is_not_asked_where_the_notes_do_not_answer(library: Library, answer: Answer) -> None:
    stub = Stub([SUPPORTED])
    assert written(library, replace(answer, answered=False), stub).problem == NOT_ANSWERED
    assert stub.asked == []


@pytest.mark.parametrize(
    "head", ["---\nprivate: true\n---\n", "private:: yes\n\n", "---\nbroken: [\nPrivate: 'yes'\n---\n"]
)
def test_no_private_note_reaches_a_model(library: Library, answer: Answer, notes: Path, head: str) -> None:
    note = notes / "topics.md"
    note.write_text(head + note.read_text(encoding="utf-8"), encoding="utf-8")
    stub = Stub([SUPPORTED])
    assert written(library, answer, stub).problem == NOTHING_TO_READ
    assert stub.asked == []


def test_no_excluded_note_reaches_a_model_nor_one_that_is_gone(library: Library, answer: Answer, notes: Path) -> None:
    stub = Stub([SUPPORTED])
    with serving(stub):
        excluding = Writer(server_of(stub), excluded=("top*.md",))
        assert list(excluding.write(library, answer))[-1].problem == NOTHING_TO_READ
        (notes / "topics.md").unlink()
        assert list(Writer(server_of(stub)).write(library, answer))[-1].problem == NOTHING_TO_READ
    assert stub.asked == []


def test_a_model_is_given_few_entries_between_markers_that_change(library: Library, answer: Answer) -> None:
    first, second = Stub([SUPPORTED]), Stub([SUPPORTED])
    sources = written(library, answer, first).sources
    written(library, answer, second)
    assert 1 <= len(sources) <= MAX_SOURCES
    prompts = [stub.asked[-1][1]["messages"][1]["content"] for stub in (first, second)]
    assert all(f"<<source {source.number} " in prompts[0] and source.text in prompts[0] for source in sources)
    assert prompts[0] != prompts[1]


def test_ollama_is_told_how_much_to_keep_and_not_to_think(library: Library, answer: Answer) -> None:
    stub = Stub([SUPPORTED], ollama=True)
    written(library, answer, stub)
    path, body = stub.asked[-1]
    assert path == "/api/chat"
    assert body["options"]["num_ctx"] >= 8_192
    assert body["think"] is False


def test_a_model_named_for_a_cloud_is_refused(library: Library, answer: Answer) -> None:
    for ollama in (True, False):
        stub = Stub([SUPPORTED], ollama=ollama)
        assert "another machine" in written(library, answer, stub, "giant:480b-cloud").problem
        assert not [path for path, _ in stub.asked if path.endswith(("/chat", "/completions"))]


def test_an_answer_is_cancelled_at_once(library: Library, answer: Answer) -> None:
    stub, cancelled = Stub([f"{SUPPORTED} Buy ", "a lamp [1]."], pause=3), threading.Event()
    with serving(stub):
        states: Iterator[InWords] = Writer(server_of(stub)).write(library, answer, cancelled)
        next(states)
        cancelled.set()
        started = time.monotonic()
        last = list(states)[-1]
    assert seconds_of(started) < 2
    assert last.problem == STOPPED
    assert len(last.shown) <= 1


def test_one_answer_is_written_at_a_time(library: Library, answer: Answer) -> None:
    stub = Stub([SUPPORTED, " Buy a lamp [1]."], pause=0.1)
    with serving(stub):
        writer = Writer(server_of(stub))
        first = writer.write(library, answer)
        next(first)
        assert [state.problem for state in writer.write(library, answer)] == [BUSY]
        list(first)
        assert list(writer.write(library, answer))[-1].problem == ""


def test_nobody_there_is_said(library: Library, answer: Answer) -> None:
    with serving(Stub()) as stub:
        server = server_of(stub)
    assert "did not answer" in list(Writer(server).write(library, answer))[-1].problem


def test_no_proxy_of_the_environment_is_used(library: Library, answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "OPENAI_BASE_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert len(written(library, answer, Stub([SUPPORTED])).shown) == 1


def test_a_key_comes_from_a_file_and_not_from_the_environment(
    library: Library, answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "stray")
    stub = Stub([SUPPORTED])
    written(library, answer, stub)
    assert "stray" not in stub.authorizations[-1]
    (tmp_path / "key").write_text("secret\n")
    with serving(Stub([SUPPORTED])) as stub:
        server = model_server(stub.url, "small", tmp_path / "key")
        list(Writer(server).write(library, answer))
    assert stub.authorizations[-1] == "Bearer secret"


@pytest.mark.parametrize(
    "url", ["http://192.0.2.1:11434", "https://api.example.org/v1", "http://localhost.example.org"]
)
def test_another_machine_is_refused_unless_it_is_allowed(url: str) -> None:
    with pytest.raises(SettingError, match="--allow-remote-llm"):
        model_server(url, "small")
    assert model_server(url, "small", may_be_remote=True).may_be_remote


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:11434", "ftp://127.0.0.1", "http://user@127.0.0.1", "http://127.0.0.1?x=1"]
)
def test_what_is_no_address_is_said(url: str) -> None:
    with pytest.raises(SettingError, match="no address"):
        model_server(url, "small")


def test_this_machine_has_several_names() -> None:
    for url in ("http://127.0.0.1:8080/v1/", "http://localhost:8080", "http://[::1]:8080", "http://127.9.9.9"):
        assert not model_server(url, "small").url.endswith(("/v1", "/"))


def test_sentences_are_read_however_they_are_put() -> None:
    text = "## Answer\n- **Stir** it [1].\n2. Wait, e.g. 3.5 hours. [2][3] Then bake [1]\nNone.\n"
    assert sentences_of(text) == ["Stir it [1].", "Wait, e.g. 3.5 hours. [2][3]", "Then bake [1]"]


def test_a_note_is_private_only_where_it_says_so() -> None:
    assert says_private("+++\nprivate = true\n+++\n")
    assert not says_private("---\nprivate: false\n---\n")
    assert not says_private("# On private: true\n\nprivate: true")


def test_nothing_written_is_empty(library: Library, answer: Answer) -> None:
    assert written(library, answer, Stub(["none"])).problem == WROTE_NOTHING
