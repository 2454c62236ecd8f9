"""How the browser tests find Chromium and the app."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()

START_SECONDS = 60


def chromium() -> str:
    """Return the path of Chromium; without one the test is skipped, or fails where CI demands a browser."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("TOPICS_REQUIRE_BROWSER"):
            pytest.fail("no Chromium found, and TOPICS_REQUIRE_BROWSER is set")
        pytest.skip("no Chromium found: install it to run the browser tests")
    return path


@contextmanager
def serving(library: Path) -> Iterator[str]:
    """Run `topics serve` on a free loopback port and yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "assistant", "serve", "--no-browser", "--port", str(port)]
    process = subprocess.Popen([*command, "--library", str(library)])
    try:
        _wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_healthy(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the app did not start within {START_SECONDS} s")
