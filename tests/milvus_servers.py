"""A real Milvus for tests: PyPI's `milvus==2.3.5`, whose `milvus-server` is looked for on the PATH, and milvus-lite."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from index.engine.milvus.opening import milvus_uri
from tests.ports import free_port

START_SECONDS: Final = 180
AGAIN_SECONDS: Final = 40


class MilvusServer:
    """A server on ports of its own, which can be ended by force and started again over the same data."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("milvus-server")
        if program is None:
            pytest.skip("milvus-server is not installed: pip install milvus==2.3.5 into an environment of its own")
        pytest.importorskip("pymilvus")
        self._command = [program, "--data", str(folder), "--proxy-port", str(free_port())]
        self.address = f"milvus://127.0.0.1:{self._command[-1]}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers; for a minute after it was ended, its port may not be free."""
        until, begun = time.monotonic() + START_SECONDS, 0.0
        while not self._answers():
            assert time.monotonic() < until, "Milvus did not start"
            if time.monotonic() > begun + AGAIN_SECONDS:  # its starter stays though what it started has ended
                self.stop()
                self._process = subprocess.Popen(  # the leader of a group
                    self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
                )
                begun = time.monotonic()
            time.sleep(0.5)

    def _answers(self) -> bool:
        from pymilvus import MilvusClient

        try:
            MilvusClient(uri=milvus_uri(self.address), timeout=5).list_collections()
        except Exception:  # the client raises whatever its libraries do while a server starts
            return False
        return True

    def stop(self) -> None:
        """End it by force, with what it started."""
        if self._process:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
