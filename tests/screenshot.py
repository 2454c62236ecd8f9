"""`make screenshot`: take the pictures of the app anew"""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import sync_playwright

from index.library import Library
from tests.browser import FLAGS, chromium, serving, visit

QUESTION = "how do I stop two people editing the same lines?"
DOCS = Path(__file__).parents[1] / "docs"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder))
        library.sync()
        library.close()
        with serving(Path(folder)) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            with visit(browser, address, width=1000) as (page, _):
                page.goto(f"{address}/?q={quote(QUESTION)}")
                page.locator("article.ta-card").first.wait_for()
                page.wait_for_timeout(1000)  # the fonts
                page.screenshot(path=DOCS / "ask.png")
            with visit(browser, address, width=1000, scheme="dark") as (page, _):
                page.goto(f"{address}/?q={quote(QUESTION)}")
                page.locator("article.ta-card").first.wait_for()
                page.get_by_role("link", name="Map").click()
                page.locator(".stVegaLiteChart .layer_0_marks").wait_for()
                page.locator(".ta-subject").first.wait_for()
                page.wait_for_timeout(1500)  # the drawing
                page.screenshot(path=DOCS / "map.png")
            browser.close()


main()
