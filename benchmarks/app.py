"""how quick the app is: `python -m benchmarks.app [--library FOLDER]`, with the real model and the bundled topics

Enter to painted answer in Chromium, beside the same page with one constant answer; a link opened by a browser that has
just started; fifty people who ask at once, and the memory that each takes. Prints a line for each figure.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from index.errors import LibraryError
from index.library import Library
from tests.browser import FLAGS, chromium, serving

FIRST: Final = "what is on the page before?"
TIMES: Final = 20
"""Questions typed one after the other; the median counts."""
STARTS: Final = 5
"""Browsers started to open a link."""
PEOPLE: Final = 50
ROUNDS: Final = 6
"""How often as many people join: memory grows by steps, which only many of them even out."""
TYPED: Final = 4
"""Characters of each question that are typed; what is before them makes no difference."""
KEYSTROKE: Final = 0.2
"""Seconds that a key takes whoever types 55 words a minute (Card, Moran and Newell 1980, the keystroke-level model)."""

SUGGESTED_KEYS: Final = 8
"""Keys of each question after which titles are waited for."""

CONSTANT: Final = """
from assistant.service import Service
from dataclasses import replace
asked, answers = Service.answer, []
def constant(self, request):
    answers.append(asked(self, request)) if not answers else None
    return replace(answers[0], question=request.question)
Service.answer = constant
from assistant.cli.main import main
main()
"""
"""Starts the app with the first answer given to every question: what remains is the page itself."""

# from the key to the second frame after the first card of the new answer is there
PAINTED: Final = """(question) => new Promise((done) => {
  const box = document.querySelector(".st-key-question input")
  box.addEventListener("keydown", () => {
    const started = performance.now()
    const look = () => {
      if (new URLSearchParams(location.search).get("q") === question && !document.querySelector("[data-stale=true]")
          && new URL(document.querySelector("a.ta-step")?.href ?? "about:").searchParams.get("q") === question)
        requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - started)))
      else setTimeout(look, 1)
    }
    look()
  }, { once: true })
})"""


# from each key to the second frame after the list below the box has changed; what of it was the server's
SUGGESTED: Final = """() => {
  window.__suggested = []
  const box = document.querySelector(".st-key-question input")
  let pressed = 0
  box.addEventListener("input", () => (pressed = performance.now()), { capture: true })
  new MutationObserver((changes) => {
    if (!pressed || !changes.some(({ target }) => target.id === "ta-suggestions")) return
    const started = pressed
    pressed = 0
    const asked = performance.getEntriesByType("resource").filter(({ name }) => name.includes("/suggestions?")).at(-1)
    requestAnimationFrame(() => requestAnimationFrame(() =>
      window.__suggested.push([performance.now() - started, asked ? asked.responseEnd - asked.requestStart : 0])))
  }).observe(document.body, { subtree: true, childList: true })
}"""


def main(arguments: list[str] | None = None) -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.app", description="Measure how quick the app is.")
    parser.add_argument(
        "--library", type=Path, metavar="FOLDER", help="a library to ask, instead of the bundled topics"
    )
    chosen = parser.parse_args(arguments).library
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen or Path(temporary, "library")
        questions = _prepare(folder)
        with serving(folder) as address:
            with sync_playwright() as playwright:
                real = _typed(playwright, address, questions[:TIMES], seconds=KEYSTROKE)
                _print("Enter to painted answer, typed, median", real, "ms")
                pasted = _typed(playwright, address, questions[TIMES : 2 * TIMES], seconds=0)
                _print("the same, pasted and sent off at once, median", pasted, "ms")
                _print_suggested(playwright, address, questions[:TIMES])
                _print("a link in a browser just started, median", _opened(playwright, address, questions[-1]), "ms")
            # Playwright runs a loop of its own, beside which there can be no other
            _print_people(address, questions[2 * TIMES : -1])
        with serving(folder, [sys.executable, "-c", CONSTANT]) as address, sync_playwright() as playwright:
            constant = _typed(playwright, address, questions[:TIMES], seconds=KEYSTROKE)
            _print("the same with a constant answer, median", constant, "ms")
            _print("times the constant page", statistics.median(real) / statistics.median(constant), "")


def _prepare(folder: Path) -> list[str]:
    """Return questions enough for no two measurements to ask the same: an answer given before is remembered."""
    library = Library(folder)
    if library.is_empty:
        library.sync()
    needed = 2 * TIMES + PEOPLE + 1
    # large ones hold many topics of one title
    topics = [found.topic for found in library.reader.sample_topics(10 * needed)]
    library.close()
    asked = dict.fromkeys(phrase for topic in topics for phrase in (topic.title, *topic.asked_as))
    if len(asked) < needed:
        raise LibraryError(
            f"{folder} holds {len(asked)} ways to ask; to measure takes {needed}. Take a larger library."
        )
    return list(asked)[:needed]


@contextmanager
def _browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    yield browser
    browser.close()


def _typed(playwright: Playwright, address: str, questions: list[str], *, seconds: float) -> list[float]:
    """Return the milliseconds from Enter to each painted answer, where every key takes some seconds."""
    with _browser(playwright) as browser:
        return _type(browser.new_page(), address, questions, seconds)


def _type(page: Page, address: str, questions: list[str], seconds: float) -> list[float]:
    page.goto(f"{address}/?q={quote(FIRST)}")
    page.locator("article.ta-card").first.wait_for(timeout=60_000)
    page.wait_for_timeout(1000)
    session = page.context.new_cdp_session(page)
    session.send("Page.setBypassCSP", {"enabled": True})
    taken = []
    for question in questions:
        box = page.get_by_label("Ask your notes")
        box.fill(question[:-TYPED])
        box.press_sequentially(question[-TYPED:], delay=seconds * 1000)
        watching = session.send(
            "Runtime.evaluate", {"expression": f"window.__painted = ({PAINTED})({json.dumps(question)}), 0"}
        )
        if "exceptionDetails" in watching:
            raise RuntimeError(watching)
        page.keyboard.press("Enter")
        taken.append(float(page.evaluate("window.__painted")))
        page.wait_for_timeout(200)
    return taken


def _print_suggested(playwright: Playwright, address: str, questions: list[str]) -> None:
    """Print how long titles take to appear below the box after each key, and what of that is the server's."""
    with _browser(playwright) as browser:
        page = browser.new_page()
        page.goto(address)
        page.locator("html[data-keys=ask]").wait_for(state="attached", timeout=60_000)
        page.evaluate(SUGGESTED)
        for question in questions:
            page.get_by_label("Ask your notes").fill("")
            page.get_by_label("Ask your notes").press_sequentially(question[:SUGGESTED_KEYS], delay=KEYSTROKE * 1000)
        taken: list[list[float]] = page.evaluate("window.__suggested")
    for what, times in zip(
        ("titles under the box after a key", "of it the server"), zip(*taken, strict=True), strict=True
    ):
        _print(f"{what}, median", list(times), "ms")
        _print(f"{what}, 95th percentile of {len(times)}", sorted(times)[round(len(times) * 0.95) - 1], "ms")


def _opened(playwright: Playwright, address: str, question: str) -> list[float]:
    """Return the milliseconds from following a link to its painted answer, each in a browser of its own."""
    taken = []
    for _ in range(STARTS):
        with _browser(playwright) as browser:
            page = browser.new_page()
            started = time.perf_counter()
            page.goto(f"{address}/?q={quote(question)}", wait_until="commit")
            page.locator("article.ta-card").first.wait_for(timeout=60_000)
            taken.append((time.perf_counter() - started) * 1000)
    return taken


def _print_people(address: str, questions: list[str]) -> None:
    taken, memory = asyncio.run(_everybody(address, questions))
    _print(f"{PEOPLE} people within a second, 95th percentile", sorted(taken)[round(PEOPLE * 0.95) - 1], "ms")
    _print("memory for each of them", memory, "kB")


async def _everybody(address: str, questions: list[str]) -> tuple[list[float], float]:
    """Return the milliseconds that each of the first people waits, and the kB that each of those after them takes.

    All stay. The first two rounds fill what people share.
    """
    people: list[list[ClientConnection]] = []
    taken: list[list[float]] = []
    memory: list[float] = []
    for _ in range(ROUNDS):
        people.append(await _join(address))
        taken.append(await _ask(people[-1], questions))
        memory.append(_resident(address))
    for person in chain.from_iterable(people):
        await person.close()
    return taken[0], (memory[-1] - memory[1]) / (PEOPLE * (ROUNDS - 2))


async def _join(address: str) -> list[ClientConnection]:
    """Return the connections of people who have opened the empty page."""
    uri = address.replace("http", "ws", 1) + "/_stcore/stream"
    people = [
        await connect(uri, origin=Origin(address), subprotocols=[Subprotocol("streamlit")], max_size=None)
        for _ in range(PEOPLE)
    ]
    await asyncio.gather(*(_run(person, "") for person in people))
    return people


async def _ask(people: list[ClientConnection], questions: list[str]) -> list[float]:
    """Let each ask a question of their own, one after the other within a second."""

    async def ask(number: int, person: ClientConnection) -> float:
        await asyncio.sleep(number / len(people))
        return await _run(person, urlencode({"q": questions[number]}))

    return list(await asyncio.gather(*(ask(*numbered) for numbered in enumerate(people))))


async def _run(person: ClientConnection, query: str) -> float:
    """Ask by the address, and return the milliseconds until the page has been sent in full."""
    message = BackMsg()
    message.rerun_script.query_string = query
    started = time.perf_counter()
    await person.send(message.SerializeToString())
    has_answer = not query
    while True:
        received = ForwardMsg.FromString(await person.recv(decode=False))
        has_answer |= '<article class="ta-card"' in received.delta.new_element.html.body
        if received.WhichOneof("type") == "script_finished":
            if not has_answer:
                raise RuntimeError(f"no answer came for {query}")
            return (time.perf_counter() - started) * 1000


def _resident(address: str) -> float:
    """Return the memory of the app at an address, in kB."""
    port = address.rpartition(":")[2].encode()
    for process in Path("/proc").glob("[0-9]*"):
        if b"\0--port\0" + port + b"\0" in _text(process / "cmdline"):
            return float(_text(process / "status").partition(b"VmRSS:")[2].split()[0])
    raise ProcessLookupError(f"nothing serves {address}")


def _text(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # the process has ended
        return b""


def _print(what: str, values: list[float] | float, unit: str) -> None:
    value = statistics.median(values) if isinstance(values, list) else values
    sys.stdout.write(f"{what}: {value:,.1f} {unit}".rstrip() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
