"""documents read in processes of their own: a hostile one costs its process, and is one file's failure"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from index.formats.documents.blocks import Block, Extract, Unreadable
from index.formats.documents.limits import DEFAULT_LIMITS, Limits
from index.formats.documents.worker import read_answer

FILES_A_PROCESS: Final = 100
"""Documents that a process reads before another one takes its place: what libraries leave behind stays small."""

_START: Final = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from index.formats.documents.worker import main; main()"
)
MODULES: Final = "index.formats.documents."


class _Process:
    """A process that reads documents, one after the other."""

    def __init__(self) -> None:
        """Start it, with an empty environment and none of this process's files."""
        path = json.dumps([str(Path(place).absolute()) for place in sys.path])
        self._process = subprocess.Popen(  # noqa: S603 (it is this Python)
            [sys.executable, "-I", "-S", "-c", _START, path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            close_fds=True,
        )
        self.files = 0

    def read(self, module: str, content: bytes, limits: Limits) -> dict[str, Any] | None:
        """Return what a document holds; None where the process did not survive it."""
        given, taken = self._process.stdin, self._process.stdout
        if given is None or taken is None:
            return None
        self.files += 1
        request = {"module": module, "size": len(content), "limits": asdict(limits)}
        timer = threading.Timer(limits.seconds, self._process.kill)
        timer.start()
        try:
            given.write(json.dumps(request).encode() + b"\n" + content)
            given.flush()
            answer = read_answer(taken)
        except OSError:  # it has ended in the middle of it
            return None
        finally:
            timer.cancel()
        with suppress(ValueError):
            return dict(json.loads(answer))
        return None

    def close(self) -> int:
        """End it, and return how it ended."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                with suppress(OSError):
                    stream.close()
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(1)
        self._process.kill()
        return self._process.wait()


class DocumentReader:
    """Reads documents, each in a process that is given only its bytes; any number of threads may use one."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        """Begin without a process: the first document starts one."""
        self.limits = limits
        self._idle: list[_Process] = []
        self._lock = threading.Lock()

    def __enter__(self) -> DocumentReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, module: str, content: bytes) -> Extract:
        """Return what a document holds, by the name of the module that reads its format.

        Raises:
            Unreadable: it cannot be read, or costs more than the limits allow.

        """
        process = self._take()
        answer = process.read(MODULES + module, content, self.limits)
        if answer is None:
            raise Unreadable(_death(process.close(), self.limits))
        self._give_back(process)
        if "reason" in answer:
            raise Unreadable(str(answer["reason"]))
        return _extract(answer)

    def close(self) -> None:
        """End the processes."""
        with self._lock:
            idle, self._idle = self._idle, []
        for process in idle:
            process.close()

    def _take(self) -> _Process:
        with self._lock:
            return self._idle.pop() if self._idle else _Process()

    def _give_back(self, process: _Process) -> None:
        if process.files < FILES_A_PROCESS:
            with self._lock:
                self._idle.append(process)
        else:
            process.close()


def _extract(answer: dict[str, Any]) -> Extract:
    blocks = [
        Block(text, tuple((kind, value) for kind, value in anchor), level, line, joint)
        for text, anchor, level, line, joint in answer["blocks"]
    ]
    return Extract(blocks, answer["title"], answer["problem"], tuple(answer["tags"]))


def _death(code: int, limits: Limits) -> str:
    """Return why a process did not survive a document, by how it ended."""
    if code == -getattr(signal, "SIGXCPU", 0):
        return f"takes more than {limits.cpu_seconds} s of work"
    if code == -getattr(signal, "SIGKILL", 0):
        return f"takes more than {limits.seconds} s"
    name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return f"damaged: what reads it has failed ({name}), or it takes more than {limits.memory_megabytes:,} MB of memory"
