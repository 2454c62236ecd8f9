"""Nothing leaves: each part of the product, in a process of its own, as strace sees it.

No connection but to loopback, no name looked up, nothing kept in the home folder but what is ours.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from assistant.ui.server.ahead import HEADER
from index.offline import SWITCHES
from tests.assistant.answering.stub_model_server import Stub
from tests.assistant.answering.stub_model_server import serving as model_server
from tests.browser import serving
from tests.traced import outside, tracing

pytestmark = [pytest.mark.traced, pytest.mark.slow]

OURS = (".cache/topic-assistant", ".local/share/topic-assistant")
"""What the product may keep below a home folder: its library, and what its libraries share."""

NAME, PASSWORD = "notes.example.com", "correct horse battery staple"
AUTHORIZED = {"Authorization": "Basic " + base64.b64encode(f"me:{PASSWORD}".encode()).decode()}

TELLING = {name: {"1": "0", "false": "true"}[value] for name, value in SWITCHES.items()}
"""An environment that asks every library to send what it can."""


@dataclass(frozen=True)
class Traced:
    """A library and a home folder of their own, and the environment in which the product is run over them."""

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def library(self) -> Path:
        return self.folder / "library"

    @property
    def environment(self) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "TOPICS_", "HF_"))}
        own = {"HOME": str(self.home), "TOPICS_LIBRARY": str(self.library), "TMPDIR": str(self.folder)}
        return plain | TELLING | own

    def run(self, *arguments: str, program: tuple[str, ...] = ("-m", "assistant")) -> str:
        """Run Python under strace, hold that nothing left, and return what it printed."""
        log = self.folder / f"{arguments[0] if arguments else 'program'}.strace"
        done = subprocess.run(
            [*tracing(log), sys.executable, *program, *arguments],
            capture_output=True,
            text=True,
            timeout=500,
            check=False,
            env=self.environment,
        )
        assert done.returncode == 0, done.stderr
        self.check(log)
        return done.stdout

    def check(self, log: Path) -> None:
        assert outside(log) == []
        assert self.strangers() == []

    def strangers(self) -> list[str]:
        """Return what lies in the home folder and is neither in a folder of ours nor on the way to one."""
        names = [path.relative_to(self.home).as_posix() for path in self.home.rglob("*")]
        return [
            name
            for name in names
            if not any(f"{name}/".startswith(f"{ours}/") or ours.startswith(f"{name}/") for ours in OURS)
        ]


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Traced:
    """Return a library that a first `topics sync` has made under strace: the model is verified, exported and used."""
    traced = Traced(tmp_path_factory.mktemp("traced"))
    traced.home.mkdir()
    traced.run("sync")
    assert (traced.library / "catalog.sqlite3").is_file()
    return traced


def test_what_strace_saw_would_tell(tmp_path: Path) -> None:
    log = tmp_path / "log"
    loose = (
        "import socket\n"
        "udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "udp.connect(('192.0.2.1', 9))\n"  # sends nothing: it says where to
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('127.0.0.1', 53))\n"
        "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).connect_ex(('2001:db8::1', 9))\n"
        "socket.socket().connect_ex(('127.0.0.1', 9))\n"
    )
    subprocess.run([*tracing(log), sys.executable, "-c", loose], check=True, timeout=60)
    assert [(peer.host, peer.port) for peer in outside(log)] == [
        ("192.0.2.1", 9),
        ("127.0.0.1", 53),
        ("2001:db8::1", 9),
    ]


def test_what_is_not_ours_in_the_home_folder_would_be_seen(tmp_path: Path) -> None:
    traced = Traced(tmp_path)
    for name in (".cache/topic-assistant/a", ".cache/other/b", ".config"):
        (traced.home / name).mkdir(parents=True)
    assert sorted(traced.strangers()) == [".cache/other", ".cache/other/b", ".config"]


def test_nothing_leaves_when_notes_are_read_and_the_model_is_exported(synced: Traced) -> None:
    log = (synced.folder / "sync.strace").read_text()
    assert log.count("+++ exited") > 1, "the export runs in a process of its own"


def test_nothing_leaves_when_a_question_is_asked(synced: Traced) -> None:
    answer = json.loads(synced.run("ask", "what is a canary release?", "--json"))
    assert answer["answered"]


CALL = {"name": "ask", "arguments": {"question": "what is a canary release?"}}
HELLO = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}


def message(number: int, method: str, params: Mapping[str, object]) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode()


def test_nothing_leaves_when_an_assistant_asks(synced: Traced) -> None:
    log = synced.folder / "mcp.strace"
    command = [*tracing(log), sys.executable, "-m", "assistant", "mcp"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=synced.environment) as process:
        assert process.stdin
        assert process.stdout
        for number, (method, params) in enumerate({"initialize": HELLO, "tools/call": CALL}.items()):
            process.stdin.write(message(number, method, params) + b"\n")
            process.stdin.flush()
            said = json.loads(process.stdout.readline())
        process.stdin.close()
    assert said["result"]["structuredContent"]["answered"]
    synced.check(log)


REFERENCE = """
from index.embedding.model_store import default_model_folder
from index.embedding.torch_model import ReferenceModel
print(ReferenceModel("model", str(default_model_folder())).encode_queries(["a b"]).shape[1])
"""


def test_nothing_leaves_when_the_reference_model_embeds(synced: Traced) -> None:
    assert int(synced.run(program=("-c", REFERENCE))) == 384


@pytest.fixture(scope="module")
def served(synced: Traced) -> Iterator[str]:
    """Yield the address of the app, run under strace; what it did is looked at when it has ended."""
    log, password = synced.folder / "serve.strace", synced.folder / "password"
    password.write_text(PASSWORD)
    command = [*tracing(log), sys.executable, "-m", "assistant"]
    options = ["--name", NAME, "--password-file", str(password)]
    with serving(synced.library, command, synced.environment, options) as address:
        yield address
    synced.check(log)


def stream(address: str, origin: str) -> ClientConnection:
    """Open the websocket of the app as a page of an origin does."""
    return connect(
        f"{address.replace('http', 'ws')}/_stcore/stream",
        origin=Origin(origin),
        additional_headers=AUTHORIZED,
        proxy=None,
    )


def test_nothing_leaves_when_the_app_answers(served: str) -> None:
    with stream(served, served) as session:
        asking = BackMsg()
        asking.rerun_script.query_string = "q=what is the GIL?"
        session.send(asking.SerializeToString())
        shown = ""
        while "Global Interpreter Lock" not in shown:
            shown += str(ForwardMsg.FromString(session.recv(timeout=120, decode=False)))
    ahead = urllib.request.Request(f"{served}/ahead?q=what+is+GitOps", headers={HEADER: "ahead", **AUTHORIZED})
    with urllib.request.urlopen(ahead, timeout=60) as reply:
        assert reply.status == 204


def test_nothing_leaves_when_other_programs_ask(served: str) -> None:
    def asked(path: str, body: bytes) -> dict[str, Any]:
        given = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        request = urllib.request.Request(f"{served}{path}", body, given | AUTHORIZED)
        with urllib.request.urlopen(request, timeout=60) as reply:
            answer: dict[str, Any] = json.load(reply)
        return answer

    health = urllib.request.Request(f"{served}/api/v1/health")
    deadline = time.monotonic() + 120
    while not is_answered(health):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert asked("/api/v1/ask", b'{"question": "what is a canary release?"}')["answered"]
    assert asked("/mcp", message(1, "initialize", HELLO))["result"]["instructions"]
    assert asked("/mcp", message(2, "tools/call", CALL))["result"]["structuredContent"]["answered"]


def is_answered(request: urllib.request.Request) -> bool:
    try:
        with urllib.request.urlopen(request, timeout=60):
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return False


def test_nothing_leaves_when_the_page_has_a_name_that_streamlit_does_not_know(served: str) -> None:
    """Streamlit asks a server on the network about such an origin, unless it is kept from it."""
    with stream(served, f"https://{NAME}"):
        pass


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:9999", "http://192.0.2.1:8501", "null"])
def test_nothing_leaves_when_another_page_asks(served: str, origin: str) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        stream(served, origin)
    for path in ("/", "/ahead?q=what+is+GitOps", "/_stcore/host-config", "/api/v1/ask?question=x", "/mcp"):
        asked = urllib.request.Request(f"{served}{path}", headers={"Origin": origin, HEADER: "ahead", **AUTHORIZED})
        with pytest.raises(urllib.error.HTTPError, match="403") as refused:
            urllib.request.urlopen(asked, timeout=60)
        refused.value.close()


def test_answers_in_words_reach_the_model_server_on_this_machine_and_nothing_else(synced: Traced) -> None:
    supported = "Put `@functools.wraps(func)` on the wrapper to keep the name and docstring [1]."
    with model_server(Stub([supported])) as stub:
        told = synced.run(
            *("ask", "how do I write a decorator that keeps the name and docstring?", "--json", "--in-words"),
            *("--llm", stub.url, "--llm-model", "small"),
        )
    assert json.loads(told)["in_words"]["shown"][0]["text"].startswith("Put `@functools.wraps(func)`")
    assert len([path for path, _ in stub.asked if path.endswith("completions")]) == 1
