"""`make screenshot`: take the README's picture of the app"""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import sync_playwright

from index.library import Library
from tests.browser import FLAGS, chromium, serving

QUESTION = "how do I keep two people from overwriting each other's edits?"
PICTURE = Path(__file__).parents[1] / "docs" / "ask.png"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder))
        library.sync()
        library.close()
        with serving(Path(folder)) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            page = browser.new_page(viewport={"width": 1000, "height": 760})
            page.goto(f"{address}/?q={quote(QUESTION)}")
            page.locator("details.ta-card").first.wait_for(timeout=60_000)
            page.wait_for_timeout(500)  # the fonts
            page.screenshot(path=PICTURE)
            browser.close()


main()
