"""how soon a new library can be asked: `python -m benchmarks.start [--notes FOLDER]`, with the real model

`topics serve` on a library that is not there yet and with no exported model, then on a second one: when the port is
open, when the page answers by words, when by meaning. Beside it, in the same run, what importing sentence-transformers
takes: the ratio holds on a machine that does other work, too. Prints a line for each figure.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.typing import Origin, Subprotocol

from benchmarks.child import python

QUESTION: Final = "how do I keep a rollout from reaching everybody at once?"
LOOK_SECONDS: Final = 0.05
MAX_SECONDS: Final = 600
TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was first there, and what it had cost by then."""

    seconds: float
    cpu_seconds: float
    """Of the app and the processes it has started, in user mode."""


def main(arguments: list[str] | None = None) -> None:
    """Measure the first start and that of a second library, and print them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start", description="Measure how soon it answers.")
    parser.add_argument("--notes", type=Path, metavar="FOLDER", help="read these instead of the bundled topics")
    parser.add_argument("--question", default=QUESTION, help="what is asked of them")
    options = parser.parse_args(arguments)
    imported = python("-c", "import sentence_transformers").seconds
    sys.stdout.write(f"import sentence_transformers: {imported:.1f} s\n")
    with tempfile.TemporaryDirectory(prefix="topics-start-") as work:
        for name in ("first library", "second library"):
            folder = Path(work, name.replace(" ", "-"))
            if options.notes:
                _only(folder, options.notes)
            for what, moment in _start(folder, Path(work, "cache"), options.question).items():
                times = f"{moment.seconds / imported:.2f} of that import, {moment.cpu_seconds:.1f} s of processor time"
                sys.stdout.write(f"{name}, {what}: {moment.seconds:.1f} s, {times}\n")
                sys.stdout.flush()


def _only(folder: Path, notes: Path) -> None:
    """Begin a library that has a folder as its only source and has read nothing."""
    from index.library import Library

    library = Library(folder)
    library.remove("builtin")
    library.add(notes)
    library.close()


def _start(library: Path, cache: Path, question: str) -> dict[str, Moment]:
    """Return when the app's port was open, and when it answered by words and by meaning."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "assistant", "serve", "--no-browser", "--port", str(port)]
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603
        [*command, "--library", str(library)], env=os.environ | {"TOPICS_CACHE": str(cache)}, start_new_session=True
    )
    try:
        return _moments(f"http://127.0.0.1:{port}", question, lambda: _moment(began, process.pid))
    finally:
        process.terminate()
        process.wait()


def _moments(address: str, question: str, now: Callable[[], Moment]) -> dict[str, Moment]:
    _wait(lambda: _is_open(address))
    found = {"page": now()}
    deadline = time.monotonic() + MAX_SECONDS
    while "answer by meaning" not in found and time.monotonic() < deadline:
        html = asyncio.run(_page(address, question))
        if '<article class="ta-card"' in html:
            by_words = "Found by words" in html
            found.setdefault("answer by words" if by_words else "answer by meaning", now())
            found.setdefault("answer by words", now())
        time.sleep(LOOK_SECONDS)
    return found


def _wait(is_there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + MAX_SECONDS
    while not is_there() and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)


def _is_open(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as page:  # noqa: S310 (ours)
            return bool(page.status == 200)
    except OSError:
        return False


async def _page(address: str, question: str) -> str:
    """Return all HTML of the page on which a question is asked, as a visitor of their own is sent it."""
    uri = address.replace("http", "ws", 1) + "/_stcore/stream"
    message = BackMsg()
    message.rerun_script.query_string = urlencode({"q": question})
    html = []
    async with connect(
        uri, origin=Origin(address), subprotocols=[Subprotocol("streamlit")], max_size=None
    ) as connection:
        await connection.send(message.SerializeToString())
        while True:
            received = ForwardMsg.FromString(await connection.recv(decode=False))
            html.append(received.delta.new_element.html.body)
            if received.WhichOneof("type") == "script_finished":
                return "".join(html)


def _moment(began: float, leader: int) -> Moment:
    """Return what it is now: the processor time is that of a session of processes, those that have ended included."""
    ticks = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        if int(fields[3]) == leader:
            ticks += int(fields[11]) + int(fields[13])
    return Moment(time.perf_counter() - began, ticks / TICKS)


if __name__ == "__main__":
    main()
