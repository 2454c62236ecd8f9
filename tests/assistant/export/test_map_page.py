"""The map as a page: whatever notes hold, it shows as text, and nothing is loaded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.discovery.mapping import Cluster, Point, TopicMap
from assistant.export.map_page import map_html

HOSTILE = [
    line
    for line in (Path(__file__).parents[2] / "cases" / "hostile.txt").read_text(encoding="utf-8").splitlines()
    if line.strip()
]


def drawn(titles: list[str]) -> TopicMap:
    return TopicMap(
        1,
        tuple(
            Point(number, str(number), f"Subject {title}", title, number / len(titles), 0.5, 0, "a/b.md", number + 1)
            for number, title in enumerate(titles)
        ),
        (Cluster(titles[0], len(titles), 0.5, 0.5),),
    )


def test_data_in_the_page_is_the_map_and_cannot_end_its_element() -> None:
    original = drawn([*HOSTILE, "</script><script>alert(1)</script>", "\u2028"])
    page = map_html(original)
    data = re.search(r'<script type="application/json" id="map">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    assert not set("<>&") & set(data[1])
    assert json.loads(data[1]) == json.loads(json.dumps(original.to_json()))


def test_page_loads_nothing_and_says_so_to_the_browser() -> None:
    page = map_html(drawn(["One"]))
    assert "default-src 'none'" in page
    assert "innerHTML" not in page
    assert set(re.findall(r"https?://[\w./]+", page)) == {"http://www.w3.org/2000/svg"}  # a name, not an address


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    file = tmp_path / "map.html"
    file.write_text(map_html(drawn(["Drift", "Agents", *HOSTILE])), encoding="utf-8")
    page = browser.new_page(viewport={"width": 390, "height": 844})
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    page.on("request", lambda request: wrong.append(request.url) if request.url.startswith("http") else None)
    page.goto(file.as_uri())
    yield page
    assert wrong == []
    page.close()


@pytest.mark.browser
def test_hostile_titles_are_shown_as_they_are(page: Page) -> None:
    shown = page.locator("#list button").evaluate_all("all => all.map(one => one.firstChild.textContent)")
    assert shown == ["Drift", "Agents", *HOSTILE]


@pytest.mark.browser
def test_page_is_no_wider_than_a_telephone(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.browser
def test_list_works_from_the_keyboard_and_shows_the_dot(page: Page) -> None:
    page.get_by_label("Find a topic").fill("subject agents")
    expect(page.get_by_role("status")).to_have_text("1 topics")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("circle.chosen")).to_have_attribute("data-n", "1")
    expect(page.locator("output")).to_have_text("Agents · Subject Agents")
    expect(page.locator("#list button")).to_have_attribute("aria-current", "true")


@pytest.mark.browser
def test_dot_under_the_pointer_is_named_and_a_click_chooses_it(page: Page) -> None:
    page.locator("circle[data-n='0']").hover()
    expect(page.locator("output")).to_have_text("Drift · Subject Drift")
    page.locator("circle[data-n='0']").click()
    expect(page.locator("#list [aria-current]")).to_contain_text("Drift")
