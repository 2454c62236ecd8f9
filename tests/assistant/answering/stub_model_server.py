"""A model server that speaks both protocols, and has whatever fault a test wants."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Stub:
    """What the server does; the defaults are those of a good one."""

    pieces: list[str] = field(default_factory=list)
    answer: Callable[[str], str] | None = None
    """What it writes to a prompt, in place of the pieces."""
    prompt_tokens: int | None = 5_000
    ollama: bool = False
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """Sent in place of any answer."""
    wait: float = 0.0
    """Seconds before the first byte."""
    pause: float = 0.0
    """Seconds before each piece."""
    breaks_off: bool = False
    endless: bool = False
    show: dict[str, Any] = field(default_factory=dict)
    """What Ollama says of its model."""
    extra: dict[str, Any] = field(default_factory=dict)
    """What stands in each piece beside its text."""
    version: bytes = b'{"version": "0.13.0"}'
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """The path and the body of each request."""
    authorizations: list[str] = field(default_factory=list)
    url: str = ""
    stopping: threading.Event = field(default_factory=threading.Event)


def _handler(stub: Stub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            stub.asked.append((self.path, {}))
            if self.path == "/api/version" and stub.ollama:
                self._send(200, stub.version)
            else:
                self._send(404, b"{}")

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            stub.asked.append((self.path, body))
            stub.authorizations.append(self.headers.get("Authorization", ""))
            if self.path == "/api/show":
                self._send(200, json.dumps(stub.show).encode())
                return
            if stub.answer:
                stub.pieces = [stub.answer(body["messages"][-1]["content"])]
            stub.stopping.wait(stub.wait)
            if stub.body is not None or stub.status != 200:
                self._send(stub.status, stub.body or b"{}")
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/x-ndjson" if stub.ollama else "text/event-stream")
            self.end_headers()
            self._stream()

        def _stream(self) -> None:
            while not stub.stopping.is_set():
                for piece in stub.pieces:
                    stub.stopping.wait(stub.pause)
                    self._write(self._piece(piece))
                if not stub.endless:
                    break
            if not stub.breaks_off:
                self._write(self._end())

        def _piece(self, text: str) -> bytes:
            if stub.ollama:
                return json.dumps({"message": {"content": text}, "done": False} | stub.extra).encode() + b"\n"
            return self._event(
                {"choices": [{"index": 0, "delta": {"content": text} | stub.extra, "finish_reason": None}]}
            )

        def _end(self) -> bytes:
            if stub.ollama:
                end = {"message": {"content": ""}, "done": True, "prompt_eval_count": stub.prompt_tokens}
                return json.dumps(end).encode() + b"\n"
            usage = {"prompt_tokens": stub.prompt_tokens, "completion_tokens": 1, "total_tokens": 1}
            last = self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            told = self._event({"choices": [], "usage": usage}) if stub.prompt_tokens is not None else b""
            return last + told + b"data: [DONE]\n\n"

        def _event(self, fields: dict[str, Any]) -> bytes:
            chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"} | fields
            return b"data: " + json.dumps(chunk).encode() + b"\n\n"

        def _write(self, content: bytes) -> None:
            try:
                self.wfile.write(content)
                self.wfile.flush()
            except OSError:  # whoever asked has gone
                stub.stopping.wait(0)
                raise

        def _send(self, status: int, content: bytes) -> None:
            self.send_response(status)
            for name, value in stub.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: those who ask go away in the middle on purpose."""


@contextmanager
def serving(stub: Stub) -> Iterator[Stub]:
    """Serve a stub on this machine, and say under which address."""
    server = _Server(("127.0.0.1", 0), _handler(stub))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    stub.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield stub
    finally:
        stub.stopping.set()
        server.shutdown()
        server.server_close()


def seconds_of(started: float) -> float:
    """Return how long ago that was."""
    return time.monotonic() - started
