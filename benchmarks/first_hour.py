"""the first hour of a new user: `python -m benchmarks.first_hour`, how many clicks and seconds each task takes

Makes a vault and a library of its own in a temporary folder, starts the app, does the tasks one after the other in
Chromium, and prints a table. A key counts as a click, and so does a text that is typed. The first task that cannot be
done within `WAIT_SECONDS` ends the run with an error.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import quote

from playwright.sync_api import Browser, Page, expect, sync_playwright

from index.library import Library
from tests.browser import FLAGS, chromium, serving

NOTES: Final = {
    "trips/lisbon.md": """# Lisbon

## Packing

- Passport
- Charger

![[map.png]]

## Flights

Flight TP 571 leaves at 06:40.
""",
    "food/rye bread.md": """# Rye bread

## Starter

Feed the starter with 50 g of rye flour every evening.

## Baking

Bake it for 55 minutes at 220 degrees.
""",
    "drafts/novel.md": "# Novel\n\n## Chapter one\n\nThe rain began on a Tuesday.\n",
}
PICTURE: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


WAIT_SECONDS: Final = 30
"""How long something may take to appear: some ten times the slowest task, for a machine that does other work."""


@dataclass
class Visitor:
    """A person before the app, whose clicks are counted."""

    page: Page
    address: str
    vault: Path
    clicks: int = 0
    results: list[tuple[str, int, float]] = field(default_factory=list)
    """What each task took: its name, clicks and seconds."""

    def rest(self) -> None:
        """Wait until the page has come to rest, as a person does before the next click."""
        self.page.locator("[data-test-script-state=notRunning]").wait_for()

    def click(self, selector: str, *, text: str | None = None) -> None:
        """Click the first of what a selector means."""
        self.rest()
        self.page.locator(selector, has_text=text).first.click()
        self.clicks += 1

    def choose(self, text: str) -> None:
        """Choose one of several that stand side by side."""
        self.rest()
        self.page.get_by_text(text, exact=True).first.click()
        self.clicks += 1

    def press(self, key: str) -> None:
        """Press a key."""
        self.page.keyboard.press(key)
        self.clicks += 1

    def fill(self, label: str, text: str) -> None:
        """Type a text into a field and leave it with Enter."""
        self.rest()
        box = self.page.get_by_label(label, exact=True).first
        box.fill(text)
        box.press("Enter")
        self.clicks += 1

    def go(self, title: str) -> None:
        """Go to a page by its link at the top."""
        self.rest()
        self.page.get_by_role("link", name=title, exact=True).first.click()
        self.clicks += 1
        self.page.locator(f"html[data-keys={title.lower()}]").wait_for(state="attached")

    def visit(self, path: str = "") -> None:
        """Open an address and wait until keys and buttons are listened to."""
        self.page.goto(f"{self.address}/{path}")
        self.page.locator("html[data-keys]").wait_for(state="attached")

    def sees(self, selector: str, text: str | re.Pattern[str] = "") -> None:
        """Wait until something stands on the page."""
        expect(self.page.locator(selector, has_text=text or None).first).to_be_visible()


def require(is_true: bool, problem: str) -> None:
    """End the run where something is not as it must be."""
    if not is_true:
        raise AssertionError(problem)


def understand(visitor: Visitor) -> None:
    """Understand from the first page what this is."""
    visitor.visit()
    visitor.sees(".ta-welcome", "answers questions from your own notes")


def try_an_example(visitor: Visitor) -> None:
    """Try an example question."""
    visitor.click(".ta-chips a")
    visitor.sees(".ta-answer")


def find_the_vault(visitor: Visitor) -> None:
    """Find the own vault and see what it holds."""
    visitor.visit()
    visitor.click("button.ta-first")
    visitor.sees("button", "Obsidian vault")
    visitor.click("button", text="Obsidian vault")
    visitor.sees(".ta-preview", "3 notes")


def exclude_a_folder(visitor: Visitor) -> None:
    """Exclude a folder."""
    visitor.fill("Leave out", "drafts/")
    visitor.sees(".ta-preview", "2 notes")


def add_the_vault(visitor: Visitor) -> None:
    """Add the vault."""
    visitor.click("button", text="Add and read it")
    visitor.sees("[data-testid=stCaptionContainer]", "added")


def remove_the_samples(visitor: Visitor) -> None:
    """Remove the sample notes."""
    visitor.go("Ask")
    visitor.click("button", text="Take the samples out")
    expect(visitor.page.locator(".ta-welcome")).to_have_count(0)


def ask_a_question(visitor: Visitor) -> None:
    """Ask a question."""
    visitor.fill("Ask your notes", "when does the flight leave?")
    visitor.sees(".ta-answer", "06:40")


def ask_a_follow_up(visitor: Visitor) -> None:
    """Ask a question that leans on the one before, and go back."""
    visitor.fill("Ask your notes", "and what do I pack?")
    visitor.sees(".ta-note", "read as")
    visitor.sees(".ta-answer, .ta-card", "Passport")
    visitor.page.go_back()
    visitor.clicks += 1
    visitor.sees(".ta-answer", "06:40")


def find_a_note_of_last_week(visitor: Visitor) -> None:
    """Find a note of last week, and go back."""
    visitor.fill("Ask your notes", "last week's notes on rye")
    visitor.sees(".ta-note", "were searched")
    visitor.sees(".ta-card", "Rye bread")
    visitor.page.go_back()
    visitor.clicks += 1
    visitor.sees(".ta-answer", "06:40")


def read_the_answer_in_its_place(visitor: Visitor) -> None:
    """Read the answer in its place."""
    visitor.click(".ta-card summary")
    visitor.sees(".ta-card details mark")


def open_the_topic(visitor: Visitor) -> None:
    """Open the topic."""
    visitor.click("a.ta-open")
    visitor.sees(".ta-topic h2", "Flights")


def read_the_whole_note(visitor: Visitor) -> None:
    """Read the whole note, with its picture."""
    visitor.click("a.ta-button", text="The whole note")
    visitor.sees(".ta-outline", "Packing")
    visitor.sees("img.ta-picture")


def go_to_the_section_before(visitor: Visitor) -> None:
    """Go to the section before."""
    visitor.click(".ta-sections a[rel=prev]")
    visitor.sees(".ta-outline a[aria-current]", "Packing")


def choose_the_editor(visitor: Visitor) -> None:
    """Choose the editor that opens the note.

    Chromium asks at once whether it may start the program and takes no click before that is answered, on a page of any
    site. Without a screen nobody can answer: the page is opened anew instead, and the answer counts as a click.
    """
    opened: list[str] = []
    protocol = visitor.page.context.new_cdp_session(visitor.page)
    protocol.send("Page.enable")
    protocol.on("Page.frameRequestedNavigation", lambda event: opened.append(event["url"]))
    visitor.click(".ta-choice summary")
    visitor.click("button", text="VS Code")
    visitor.sees("button", "Open in VS Code")
    require(len(opened) == 1 and opened[0].endswith("vault/trips/lisbon.md:3"), f"the editor was asked for {opened}")
    asking_page, visitor.page = visitor.page, visitor.page.context.new_page()
    visitor.page.goto(asking_page.url)
    asking_page.close()
    visitor.clicks += 1
    visitor.sees("button", "Open in VS Code")


def copy_the_full_path(visitor: Visitor) -> None:
    """Copy the full path of the note."""
    visitor.click("button", text="Copy full path")
    visitor.sees("button", "Copied")
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    require(copied == f"{visitor.vault / 'trips/lisbon.md'}:3", f"what was copied is {copied!r}")


def make_it_a_favourite(visitor: Visitor) -> None:
    """Make it a favourite."""
    visitor.click("button", text="Favourite")
    visitor.sees("button", "★")


def find_a_favourite(visitor: Visitor) -> None:
    """Find a favourite."""
    visitor.go("Browse")
    visitor.choose("Favourites")
    visitor.sees(".ta-subject", "Favourites")


def find_what_was_written_last(visitor: Visitor) -> None:
    """Find what was written last."""
    visitor.choose("Changed last")
    visitor.sees(".ta-subject", "Today")
    visitor.fill("Filter topics", "starter")
    visitor.sees(".ta-list", "Starter")


def find_it_on_the_map(visitor: Visitor) -> None:
    """Find a topic on the map."""
    visitor.go("Map")
    visitor.fill("Find on the map", "baking")
    visitor.sees("[data-testid=stCaptionContainer]", "1 topic found")


def say_that_an_answer_is_useful(visitor: Visitor) -> None:
    """Ask something else, and say that the answer is useful."""
    visitor.press("Control+k")
    expect(visitor.page.get_by_label("Ask your notes")).to_be_focused()
    visitor.fill("Ask your notes", "how long does the bread bake?")
    visitor.sees(".ta-answer", "55 minutes")
    visitor.click("button", text="Useful")
    visitor.sees("button", "Marked as useful")


def see_an_edit_follow(visitor: Visitor) -> None:
    """Edit a note, and see the answer follow."""
    note = visitor.vault / "food/rye bread.md"
    note.write_text(note.read_text().replace("55 minutes", "65 minutes"), encoding="utf-8")
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        visitor.visit(f"?q={quote('how long does the bread bake?')}")
        visitor.sees(".ta-answer")
        if "65 minutes" in visitor.page.locator(".ta-answer").first.inner_text():
            return
    require(is_true=False, problem=f"the edit was not followed within {WAIT_SECONDS} s")


def dismiss_a_gap(visitor: Visitor) -> None:
    """Ask what no note says, and dismiss it as a gap."""
    visitor.fill("Ask your notes", "which zeppelin flies to Lapland?")
    visitor.sees(".ta-none", "Your notes don’t say.")
    visitor.go("Library")
    visitor.click("summary", text="which zeppelin flies to Lapland? (asked once)")
    visitor.click("button", text="Dismiss")
    visitor.sees("summary", "Dismissed: 1")


def choose_the_dark_theme(visitor: Visitor) -> None:
    """Choose the dark theme."""
    visitor.go("Settings")
    visitor.click("button[data-theme=Dark]")
    visitor.sees("html[data-keys=settings] .stApp")
    visitor.page.wait_for_function("getComputedStyle(document.querySelector('.stApp')).colorScheme === 'dark'")


TASKS: Final[tuple[Callable[[Visitor], None], ...]] = (
    understand,
    try_an_example,
    find_the_vault,
    exclude_a_folder,
    add_the_vault,
    remove_the_samples,
    ask_a_question,
    ask_a_follow_up,
    find_a_note_of_last_week,
    read_the_answer_in_its_place,
    open_the_topic,
    read_the_whole_note,
    go_to_the_section_before,
    choose_the_editor,
    copy_the_full_path,
    make_it_a_favourite,
    find_a_favourite,
    find_what_was_written_last,
    find_it_on_the_map,
    say_that_an_answer_is_useful,
    see_an_edit_follow,
    dismiss_a_gap,
    choose_the_dark_theme,
)


def make_vault(home: Path) -> Path:
    """Write a vault below a home folder, with what Obsidian remembers of it."""
    vault = home / "vault"
    (vault / ".obsidian").mkdir(parents=True)
    for name, text in NOTES.items():
        (vault / name).parent.mkdir(exist_ok=True)
        (vault / name).write_text(text, encoding="utf-8")
    last_week = time.time() - timedelta(days=7).total_seconds()
    os.utime(vault / "food/rye bread.md", (last_week, last_week))
    (vault / "trips/map.png").write_bytes(PICTURE)
    settings = home / ".config/obsidian/obsidian.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"vaults": {"1": {"path": str(vault)}}}), encoding="utf-8")
    return vault


def do_tasks(visitor: Visitor) -> None:
    """Do every task, one after the other, and keep what each took."""
    for task in TASKS:
        visitor.clicks = 0
        began = time.perf_counter()
        task(visitor)
        name = (task.__doc__ or task.__name__).splitlines()[0].rstrip(".")
        visitor.results.append((name, visitor.clicks, time.perf_counter() - began))


@contextmanager
def new_visitor(browser: Browser, address: str, vault: Path) -> Iterator[Visitor]:
    """Yield somebody whom the app has never seen, with the clipboard to look into."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)  # for wait_for_function
    context.set_default_timeout(WAIT_SECONDS * 1000)
    expect.set_options(timeout=WAIT_SECONDS * 1000)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield Visitor(context.new_page(), address, vault)
    context.close()


def table(results: Iterable[tuple[str, int, float]]) -> str:
    """Return what the tasks took as a table, with the sums below."""
    rows = list(results)
    rows.append((f"All {len(rows)} tasks", sum(clicks for _, clicks, _ in rows), sum(spent for *_, spent in rows)))
    lines = [f"{name:56} {clicks:6} {seconds:8.1f}" for name, clicks, seconds in rows]
    return "\n".join([f"{'task':56} {'clicks':>6} {'seconds':>8}", *lines])


def main(arguments: list[str] | None = None) -> None:
    """Do the tasks and print what each took; after a failure, what those before it took."""
    argparse.ArgumentParser(prog="python -m benchmarks.first_hour", description=__doc__).parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home, library = Path(folder, "home"), Path(folder, "library")
        vault = make_vault(home)
        opened = Library(library)
        opened.sync()
        opened.close()
        environment = {**os.environ, "HOME": str(home), "TOPICS_CONFIG": str(home / "config")}
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        with serving(library, environment=environment) as address, new_visitor(browser, address, vault) as visitor:
            try:
                do_tasks(visitor)
            finally:
                sys.stdout.write(table(visitor.results) + "\n")
        browser.close()


if __name__ == "__main__":
    main()
