"""The app in a real browser, with the real model and the bundled topics."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import FLAGS, chromium, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

expect.set_options(timeout=30_000)  # the first visitor may wait for the model

QUESTION = "how do I keep two people from overwriting each other's edits?"


@pytest.fixture(scope="module")
def address(bundled_library: Path) -> Iterator[str]:
    chromium()
    with serving(bundled_library) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def requests() -> list[str]:
    """Collect the address of every request of the page."""
    return []


@pytest.fixture
def page(browser: Browser, requests: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.on("request", lambda request: requests.append(request.url))
    yield page
    context.close()


def test_typed_question_opens_the_card_that_answers_it(page: Page, address: str, requests: list[str]) -> None:
    page.goto(address)
    box = page.get_by_label("Ask your notes")
    box.fill(QUESTION)
    box.press("Enter")

    card = page.locator("details.ta-card").first
    expect(card).to_contain_text("Resolving Git Merge Conflicts")
    expect(card).to_have_attribute("open", "")
    for slot in ("What", "How", "Example"):
        expect(card.locator(".ta-slot", has_text=re.compile(f"^{slot}$"))).to_be_visible()
    expect(card.locator("mark")).to_be_visible()
    expect(card).to_contain_text(re.compile(r"devops\.md:\d+"))
    expect(page).to_have_url(re.compile(r"\?q=how\+do\+I\+keep|\?q=how%20do%20I%20keep"))

    outside = [url for url in requests if not url.startswith((address, "data:", "blob:"))]
    assert outside == []


def test_back_leads_to_the_question_before(page: Page, address: str) -> None:
    page.goto(f"{address}/?q=what is GitOps?")
    expect(page.locator("details.ta-card").first).to_contain_text("GitOps Fundamentals")
    box = page.get_by_label("Ask your notes")
    box.fill("decorators")
    box.press("Enter")
    expect(page.locator("details.ta-card").first).to_contain_text("Decorators")
    page.go_back()
    expect(page.locator("details.ta-card").first).to_contain_text("GitOps Fundamentals")
    expect(box).to_have_value("what is GitOps?")


def test_question_that_nothing_fits_is_answered_honestly(page: Page, address: str) -> None:
    page.goto(f"{address}/?q=which pizza dough needs least yeast?")
    expect(page.get_by_text("Your notes don’t say.")).to_be_visible()
    expect(page.locator("details.ta-card[open]")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_fits_a_phone(browser: Browser, address: str, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}/?q={QUESTION}")
    expect(page.locator("details.ta-card").first).to_be_visible(timeout=30_000)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    context.close()
