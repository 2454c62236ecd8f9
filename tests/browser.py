"""How the browser tests find Chromium and the app, and what they watch."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request

from tests.ports import free_port
from tests.traced import required_program

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()

START_SECONDS = 180


def chromium() -> str:
    """Return the path of Chromium; without one the test is skipped, or fails where CI demands a browser."""
    other = shutil.which("chromium-browser") or shutil.which("google-chrome")
    return other or required_program("chromium", "TOPICS_REQUIRE_BROWSER")


@contextmanager
def serving(
    library: Path,
    program: Sequence[str] = (sys.executable, "-m", "assistant"),
    environment: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
) -> Iterator[str]:
    """Run `topics serve` on a free loopback port and yield its address."""
    port = free_port()
    health = "api/v1/health" if "--no-app" in options else "_stcore/health"
    command = [*program, "serve", "--no-browser", "--port", str(port)]
    process = subprocess.Popen([*command, "--library", str(library), *options], env=environment)
    try:
        _wait_until_healthy(f"http://127.0.0.1:{port}/{health}", process)
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
        except urllib.error.HTTPError as error:
            error.close()
            return  # it answers: with a password, or under a path, that it is not here
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the app did not start within {START_SECONDS} s")


@dataclass
class Watch:
    """What a page did that a visitor does not see."""

    address: str
    outside: list[str] = field(default_factory=list)
    """Addresses it asked for on other machines."""
    complaints: list[str] = field(default_factory=list)
    """What the browser said in its console: errors, and what the content security policy forbade."""
    dialogs: list[str] = field(default_factory=list)
    """What an alert said."""

    OBSERVE_LOAD = """() => {
      window.__shifted = 0
      new PerformanceObserver((list) => list.getEntries().forEach((one) => (window.__shifted += one.value)))
        .observe({ type: "layout-shift", buffered: true })
    }"""
    """Counts what jumps while a page is loaded, from its first paint on."""

    OBSERVE_SHIFTS = """() => {
      window.__shifted = 0
      new PerformanceObserver((list) => list.getEntries().forEach((one) => (window.__shifted += one.value)))
        .observe({ type: "layout-shift", buffered: false })
    }"""

    def see_request(self, request: Request) -> None:
        own = (self.address, self.address.replace("http", "ws", 1), "data:", "blob:")
        if not request.url.startswith(own):
            self.outside.append(request.url)

    def see_console(self, message: ConsoleMessage) -> None:
        # below a page's own address Streamlit first looks for its server there, and finds it on the second try
        if message.type == "error" and "/_stcore/" not in message.location.get("url", ""):
            self.complaints.append(message.text)

    def see_dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()


@contextmanager
def visit(browser: Browser, address: str, *, width: int = 1280, scheme: str = "light") -> Iterator[tuple[Page, Watch]]:
    """Yield a page of a new visitor, watched."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page, watch = context.new_page(), Watch(address)
    page.set_default_timeout(60_000)
    page.on("request", watch.see_request)
    page.on("console", watch.see_console)
    page.on("pageerror", lambda error: watch.complaints.append(str(error)))
    page.on("dialog", watch.see_dialog)
    try:
        yield page, watch
    finally:
        context.close()


def wait_until(page: Page, is_so: Callable[[], bool]) -> None:
    """Wait until something is so that the page does not show, while the page goes on."""
    deadline = time.monotonic() + START_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to that"
        page.wait_for_timeout(100)


def ask(page: Page, question: str) -> None:
    """Type a question into the box and ask it."""
    box = page.get_by_label("Ask your notes")
    box.fill(question)
    box.press("Enter")


STREAMLITS_OWN: Final = (("presentation-role-conflict", "stFileUploader"),)
"""Rules that Streamlit's own widgets break, each with the widget: nothing of ours is excused."""


def our_violations(page: Page) -> list[str]:
    """Return the rules of accessibility (WCAG 2.2 A and AA, best practice) that a page breaks, with the elements."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    return [
        f"{violation['id']}: {node['html']}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
        if not any(violation["id"] == rule and part in node["html"] for rule, part in STREAMLITS_OWN)
    ]
