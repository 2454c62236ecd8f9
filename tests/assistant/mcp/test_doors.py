"""MCP as clients meet it: over standard input and output and over HTTP, with the new handshake and the old."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp.types import TextContent, TextResourceContents
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.mcp import mcp_routes
from assistant.server import Access, Reach, guards
from assistant.service import Service, WorkQueue
from index.embedding import CROSS_WEIGHT, Calibration, CrossEncoder
from index.library import Library
from index.progress import silent
from tests.browser import serving
from tests.conftest import NOTES
from tests.fakes import WordCountEncoder
from tests.libraries import reading_only
from tests.models import tiny_cross_encoder

pytestmark = pytest.mark.slow

MODES: Final = pytest.mark.parametrize("mode", ["legacy", "auto"])
VERSIONS: Final = {"legacy": "2025-11-25", "auto": "2026-07-28"}
HANDSHAKE_SECONDS: Final = 3.0
"""Of processor time: that of the clock, on a machine which has nothing else to do."""


@asynccontextmanager
async def over_stdio(library: Path, mode: str, *options: str) -> AsyncIterator[Client]:
    command = ["-m", "assistant", "mcp", "--library", str(library), *options]
    async with Client(
        stdio_client(StdioServerParameters(command=sys.executable, args=command, env=dict(os.environ))), mode=mode
    ) as client:
        yield client


def text_of(content: object) -> str:
    """Return what a tool, a resource or a prompt says: text, of all the kinds that there are."""
    assert isinstance(content, TextContent | TextResourceContents)
    return content.text


async def use(client: Client, mode: str) -> None:
    """Do what an assistant does: look at what there is, ask, fetch by place, page through the contents."""
    assert client.protocol_version == VERSIONS[mode]
    assert "31 topics in 2 subjects" in (client.instructions or "")
    tools = (await client.list_tools()).tools
    assert [tool.name for tool in tools] == ["ask", "search", "fetch", "related", "contents"]
    assert all(tool.title and tool.annotations and tool.annotations.read_only_hint for tool in tools)
    asked = await client.call_tool("ask", {"question": "what is GitOps?"})
    assert json.loads(text_of(asked.content[0])) == asked.structured_content
    assert asked.structured_content["answered"]
    fetched = await client.call_tool("fetch", {"id": asked.structured_content["source"]})
    assert fetched.structured_content["title"] == "GitOps Fundamentals"
    first = (await client.call_tool("contents", {})).structured_content
    rest = (await client.call_tool("contents", {"start": first["next"]})).structured_content
    assert len(first["topics"]) + len(rest["topics"]) == 31
    refused = await client.call_tool("fetch", {"id": "nowhere.md:1"})
    assert refused.is_error
    assert "contents" in text_of(refused.content[0])
    topic = await client.read_resource(f"topics://topic/{fetched.structured_content['id']}")
    assert "## GitOps Fundamentals" in text_of(topic.contents[0])
    for uri in ("topics://contents", "topics://status"):
        assert text_of((await client.read_resource(uri)).contents[0])
    with pytest.raises(MCPError, match="no such resource"):
        await client.read_resource("topics://nothing")
    prompt = await client.get_prompt("from_my_notes", {"question": "what is GitOps?"})
    assert text_of(prompt.messages[0].content).endswith("what is GitOps?")
    with pytest.raises(MCPError, match="no tool"):
        await client.call_tool("write", {})


@MODES
def test_assistant_uses_the_notes_over_standard_input_and_output(bundled_library: Path, mode: str) -> None:
    async def run() -> None:
        async with over_stdio(bundled_library, mode) as client:
            await use(client, mode)

    asyncio.run(run())


def test_assistant_is_given_what_a_reranker_ranks_first(bundled_library: Path, cache: Path, tmp_path: Path) -> None:
    measured = Calibration(fitted={CROSS_WEIGHT: (1.0,)})
    reranker = CrossEncoder(tiny_cross_encoder(tmp_path / "tiny"), cache / "models", lambda *_: measured)
    reranker.prepare(silent)
    question = "what is GitOps?"

    async def run() -> list[str]:
        async with over_stdio(bundled_library, "auto", "--rerank", reranker.name) as client:
            called = await client.call_tool("search", {"query": question})
            return [hit["title"] for hit in called.structured_content["results"]]

    with closing(Library(bundled_library)) as library:
        before = [hit.topic.title for hit in library.search(question, 5)]
        library.reranker = reranker
        assert asyncio.run(run()) == [hit.topic.title for hit in library.search(question, 5)] != before


def test_assistant_is_told_that_a_folder_holds_no_reranker(bundled_library: Path, tmp_path: Path) -> None:
    async def run() -> None:
        async with over_stdio(bundled_library, "auto", "--rerank", str(tmp_path)) as client:
            refused = await client.call_tool("search", {"query": "what is GitOps?"})
        assert refused.is_error
        assert "cannot be loaded as a cross-encoder" in text_of(refused.content[0])

    asyncio.run(run())


@pytest.fixture(scope="module")
def plain(bundled_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of MCP beside the HTTP API, without the app, on a library of its own."""
    folder = tmp_path_factory.mktemp("plain") / "library"
    shutil.copytree(bundled_library, folder)
    with serving(folder, options=["--no-app"]) as address:
        deadline = time.monotonic() + 60
        while httpx.get(f"{address}/api/v1/health").status_code != 200 and time.monotonic() < deadline:
            time.sleep(0.1)
        yield f"{address}/mcp"


@MODES
def test_assistant_uses_the_notes_over_http(plain: str, mode: str) -> None:
    async def run() -> None:
        async with Client(streamable_http_client(plain), mode=mode) as client:
            await use(client, mode)

    asyncio.run(run())


def test_eight_clients_share_one_model_and_a_hundred_calls_leave_nothing_behind(plain: str) -> None:
    """`python -m benchmarks.doors` makes a thousand."""

    async def ask(count: int) -> None:
        async with Client(streamable_http_client(plain), mode="auto") as client:
            for number in range(count):
                assert not (await client.call_tool("ask", {"question": f"what is GitOps {number}?"})).is_error

    async def eight(count: int) -> None:
        await asyncio.gather(*(ask(count) for _ in range(8)))

    process = _listening(plain)
    asyncio.run(eight(12))
    before = _memory(process)
    asyncio.run(eight(12))
    assert _memory(process) - before < 20, "megabytes: a second model would be ninety"


def _listening(address: str) -> int:
    """Return the process that listens at an address."""
    port = f"--port\0{address.split(':')[2].split('/')[0]}\0"
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if port in (folder / "cmdline").read_text() and "--no-app" in (folder / "cmdline").read_text():
                return int(folder.name)
        except OSError:
            continue
    pytest.skip("there is no /proc here")


def _memory(process: int) -> float:
    """Return the memory of a process that is no file's, in megabytes."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(status.split("RssAnon:")[1].split()[0]) / 1024


HELLO: Final = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}


@pytest.fixture
def started(bundled_library: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "assistant", "mcp", "--library", str(bundled_library)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process
        process.kill()


def say(process: subprocess.Popen[bytes], *messages: object) -> None:
    assert process.stdin
    for message in messages:
        line = message if isinstance(message, bytes) else json.dumps(message).encode()
        process.stdin.write(line + b"\n")
    process.stdin.flush()


def hear(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    assert process.stdout
    message: dict[str, Any] = json.loads(process.stdout.readline())
    assert message["jsonrpc"] == "2.0"
    return message


def test_handshake_answers_before_the_model_is_loaded(started: subprocess.Popen[bytes]) -> None:
    say(started, HELLO)
    assert hear(started)["result"]["serverInfo"]["name"] == "topic-assistant"
    stat = Path(f"/proc/{started.pid}/stat")
    if stat.exists():
        user, system = stat.read_text().rsplit(")", 1)[1].split()[11:13]
        assert (int(user) + int(system)) / os.sysconf("SC_CLK_TCK") < HANDSHAKE_SECONDS
        assert "model" not in {Path(line.split()[-1]).stem for line in _mapped(started.pid)}


def _mapped(process: int) -> list[str]:
    return [line for line in Path(f"/proc/{process}/maps").read_text().splitlines() if ".onnx" in line]


def test_process_ends_when_its_input_does(started: subprocess.Popen[bytes]) -> None:
    say(started, HELLO)
    hear(started)
    assert started.stdin
    started.stdin.close()
    started.wait(timeout=20)
    assert started.returncode == 0
    assert started.stdout
    assert started.stdout.read() == b"", "nothing but the protocol"


GARBAGE: Final = (
    b"{",
    b"",
    b"null",
    b"[]",
    b"\xff\xfe\x00",
    b'{"jsonrpc": "2.0"}',
    b'{"jsonrpc": "2.0", "id": {}, "method": "tools/list"}',
    b'{"jsonrpc": "2.0", "id": 7, "method": "nothing/here"}',
    b'{"jsonrpc": "2.0", "id": 8, "method": "tools/call"}',
    b'{"jsonrpc": "2.0", "id": 9, "method": "tools/call", "params": {"name": 5, "arguments": []}}',
    b'{"jsonrpc": "2.0", "id": 10, "method": "tools/call", "params": {"name": "ask", "arguments": {"question": null}}}',
    b'{"jsonrpc": "2.0", "id": "' + b"9" * 100_000 + b'", "method": "tools/list"}',
    b'{"jsonrpc": "2.0", "id": ' + b"9" * 400 + b', "method": "tools/list"}',
    b'{"jsonrpc": "2.0", "id": 1e999, "method": "tools/list"}',
    b'{"jsonrpc": "2.0", "id": 11, "method": "prompts/get", "params": {"name": "\\ud800", "arguments": {}}}',
    b"[" * 10_000,
)


def test_garbage_stops_nothing(started: subprocess.Popen[bytes]) -> None:
    say(started, HELLO)
    hear(started)
    say(started, {"jsonrpc": "2.0", "method": "notifications/initialized"}, *GARBAGE)
    call = {"name": "ask", "arguments": {"question": "what is GitOps?"}}
    say(started, {"jsonrpc": "2.0", "id": "last", "method": "tools/call", "params": call})
    heard = hear(started)
    while heard.get("id") != "last":
        assert "Traceback" not in json.dumps(heard)
        heard = hear(started)
    assert heard["result"]["structuredContent"]["answered"]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("client")
    (folder / "topics.md").write_text(NOTES, encoding="utf-8")
    library = Library(folder / "library", WordCountEncoder())
    reading_only(library, folder / "topics.md")
    service = Service()
    service.use(library)
    service.library()
    access = Access(Reach(), token="t" * 12)
    app = Starlette(routes=mcp_routes(service, WorkQueue()), middleware=guards(access))
    with TestClient(app, base_url="http://127.0.0.1:8501", headers={"Authorization": f"Bearer {'t' * 12}"}) as client:
        yield client
    library.close()


ACCEPTED: Final = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


def test_mcp_over_http_stands_behind_the_same_guards(client: TestClient) -> None:
    def status(**headers: str) -> int:
        return client.post("/mcp", json=HELLO, headers=ACCEPTED | headers).status_code

    assert status() == 200
    assert status(Authorization="Bearer wrong") == 401
    assert status(Host="evil.example") == 421
    assert status(Origin="https://evil.example") == 403
    assert client.post("/mcp", content=b"x" * 70_000, headers=ACCEPTED).status_code == 413
    assert client.get("/mcp").status_code == 405


@pytest.mark.parametrize("body", GARBAGE)
@pytest.mark.parametrize("version", ["2025-11-25", "2026-07-28", "3000-01-01"])
def test_garbage_over_http_is_no_failure_of_the_server(client: TestClient, body: bytes, version: str) -> None:
    response = client.post("/mcp", content=body, headers=ACCEPTED | {"Mcp-Protocol-Version": version})
    assert response.status_code < 500
    assert "Traceback" not in response.text
