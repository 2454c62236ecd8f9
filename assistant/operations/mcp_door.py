"""does `topics mcp` start, and does it answer? It is started once and asked, as a client does"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

MAX_SECONDS: Final = 60.0
"""Seconds for start and answer: a start takes three, on a busy machine ten."""

HANDSHAKE: Final = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "topics doctor", "version": "1"},
}


def is_installed() -> bool:
    """Return whether the SDK of the protocol is installed."""
    return find_spec("mcp") is not None


def ask_mcp(library: Path | str, question: str) -> str:
    """Start `topics mcp` on a library and ask a question; return what is wrong, or an empty string."""
    command = [sys.executable, "-m", "assistant", "mcp", "--no-follow", "--library", str(library)]
    with _started(command) as process:
        try:
            _call(process, 1, "initialize", HANDSHAKE)
            _send(process, {"method": "notifications/initialized"})
            called = _call(process, 2, "tools/call", {"name": "ask", "arguments": {"question": question}})
        except (OSError, ValueError) as error:
            return f"it ended, or said something that is no message ({error})"
    if "error" in called or called["result"].get("isError"):
        return str(called.get("error") or called["result"]["content"][0]["text"])
    return ""


@contextmanager
def _started(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Run a command within the context, up to `MAX_SECONDS`."""
    with subprocess.Popen(  # noqa: S603 (this very program)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
    ) as process:
        timer = threading.Timer(MAX_SECONDS, process.kill)
        timer.start()
        try:
            yield process
        finally:
            timer.cancel()
            process.kill()


def _call(process: subprocess.Popen[str], id: int, method: str, params: dict[str, Any]) -> dict[str, Any]:
    """Send a request and return the response to it."""
    _send(process, {"id": id, "method": method, "params": params})
    for line in process.stdout or ():
        message: dict[str, Any] = json.loads(line)
        if message.get("id") == id:
            return message
    raise ValueError("no answer came")


def _send(process: subprocess.Popen[str], message: dict[str, Any]) -> None:
    if process.stdin:
        process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        process.stdin.flush()
