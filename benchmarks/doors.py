"""how fast and how large the doors for other programs are: `python -m benchmarks.doors [LIBRARY]`

Starts `topics serve --no-app` and `topics mcp` as somebody does, on the bundled topics or the library given.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Final
from urllib.parse import quote

import httpx
import numpy as np
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from assistant.service import AskRequest, Service
from assistant.settings import open_library
from benchmarks.machine import memory

PORT: Final = 8599
QUESTIONS: Final = Path(__file__).parents[1] / "tests/cases/questions.jsonl"
"""493 questions that people would ask of the bundled topics, three of eight of which these do not answer."""
ASKED: Final = 200
CLIENTS: Final = 50
CALLS: Final = 1_000


def all_questions() -> list[str]:
    """Return questions of all kinds mixed, none twice, so that none is answered from the cache."""
    questions = [json.loads(line)["question"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    return [questions[place] for place in np.random.default_rng(0).permutation(len(questions))]


def milliseconds(work: Callable[[str], object], questions: Iterable[str]) -> list[float]:
    """Return how long each question took."""
    took = []
    for question in questions:
        began = time.perf_counter()
        work(question)
        took.append((time.perf_counter() - began) * 1000)
    return took


def p95(values: list[float]) -> float:
    """Return what 95 of 100 values are below."""
    return quantiles(values, n=20)[-1]


@contextmanager
def serving(library: Path) -> Iterator[tuple[str, int]]:
    """Yield the address and the process of the doors, once they answer."""
    command = [sys.executable, "-m", "assistant", "serve", "--no-app", "--port", str(PORT), "--library", str(library)]
    began = time.perf_counter()
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:  # noqa: S603 (this very program)
        address = f"http://127.0.0.1:{PORT}"
        try:
            while not _is_ready(address):
                time.sleep(0.02)
            print(f"serve --no-app, until questions are answered: {time.perf_counter() - began:.2f} s")
            yield address, process.pid
        finally:
            process.terminate()


def _is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/api/v1/health").status_code == 200
    except httpx.TransportError:
        return False


def memory_of(process: int) -> str:
    """Return the memory of a process as it is told."""
    own, whole = memory(process)
    return f"{own} MB of its own, {whole} MB with mapped files"


def against_the_library(library: Path, address: str, questions: Sequence[str]) -> None:
    """Compare questions over HTTP with the same asked in this process, five of each in turns."""
    service = Service()
    service.use(open_library(library))
    service.library()
    over, within = list[float](), list[float]()
    with httpx.Client(base_url=address) as client:
        for start in range(0, len(questions), 5):
            turn = questions[start : start + 5]
            over += milliseconds(lambda question: client.get("/api/v1/ask", params={"question": question}), turn)
            within += milliseconds(lambda question: service.answer(AskRequest(question)), turn)
    print(f"ask over HTTP: p50 {median(over):.1f} ms, p95 {p95(over):.1f} ms")
    print(f"ask within the process: p50 {median(within):.1f} ms, p95 {p95(within):.1f} ms")


async def at_once(port: int, questions: Sequence[str]) -> None:
    """Let as many clients ask a question of their own at the same moment, and again until all were asked.

    Clients are on other machines. These share the server's processor, so they do next to nothing: to fifty clients of
    httpx, 95 of 100 answers take .61 to .70 s, of which a fifth goes to the clients.
    """
    connections = [await asyncio.open_connection("127.0.0.1", port) for _ in range(CLIENTS)]
    for start in range(0, len(questions) - CLIENTS + 1, CLIENTS):
        asked = zip(connections, questions[start : start + CLIENTS], strict=True)
        done = await asyncio.gather(*(_asked(*connection, question) for connection, question in asked))
        took, failed = [milliseconds for milliseconds, _ in done], sum(status != 200 for _, status in done)
        print(f"{CLIENTS} clients at once: p50 {median(took):.0f} ms, p95 {p95(took):.0f} ms, {failed} refused")
    for _, writer in connections:
        writer.close()


async def _asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, question: str) -> tuple[float, int]:
    """Ask over an open connection; return how many milliseconds that took, and the status of the response."""
    began = time.perf_counter()
    writer.write(f"GET /api/v1/ask?question={quote(question)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode().casefold()
    await reader.readexactly(int(head.partition("content-length:")[2].split()[0]))
    return (time.perf_counter() - began) * 1000, int(head.split()[1])


async def a_thousand_calls(address: str, process: int, questions: Sequence[str]) -> None:
    """Let eight clients of MCP call, each time with another question, and look at the memory now and then."""

    async def call(first: int, count: int) -> None:
        async with Client(streamable_http_client(f"{address}/mcp"), mode="auto") as client:
            for number in range(first, first + count):
                await client.call_tool("ask", {"question": f"{questions[number % len(questions)]} {number}"})

    for turn in range(5):
        each = CALLS // 5 // 8
        await asyncio.gather(*(call(turn * CALLS + client * each, each) for client in range(8)))
        print(f"after {(turn + 1) * each * 8} calls of MCP: {memory_of(process)}")


async def handshake(library: Path) -> None:
    """Start `topics mcp` and greet it, with the old and the new handshake."""
    arguments = ["-m", "assistant", "mcp", "--no-follow", "--library", str(library)]
    for mode in ("legacy", "auto"):
        began = time.perf_counter()
        started = StdioServerParameters(command=sys.executable, args=arguments, env=dict(os.environ))
        async with Client(stdio_client(started), mode=mode) as client:
            greeted = time.perf_counter() - began
            await client.call_tool("ask", {"question": "what is GitOps?"})
            answered = time.perf_counter() - began
            closing = time.perf_counter()
        ended = time.perf_counter() - closing
        print(f"topics mcp, {mode}: greeted {greeted:.2f} s, answered {answered:.2f} s, ended {ended:.2f} s after")


def main(library: Path) -> None:
    """Measure each door."""
    questions = all_questions()
    open_library(library).sync()
    asyncio.run(handshake(library))
    with serving(library) as (address, process):
        print(f"before a question: {memory_of(process)}")
        against_the_library(library, address, questions[:ASKED])
        print(f"after {ASKED} questions: {memory_of(process)}")
        asyncio.run(at_once(PORT, questions[ASKED : ASKED + 5 * CLIENTS]))
        asyncio.run(a_thousand_calls(address, process, questions))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "library")
