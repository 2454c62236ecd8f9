"""The app in a real browser, with the real model and the bundled topics: what is seen, pressed and sent."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect, sync_playwright

from index.library import Library
from tests.assistant.ui.html import HOSTILE
from tests.browser import FLAGS, Watch, chromium, our_violations, serving, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

expect.set_options(timeout=60_000)  # the first visitor may wait for the model

QUESTION = "how do I keep two people from overwriting each other's edits?"
MERGING = "Resolving Git Merge Conflicts"


@pytest.fixture(scope="module")
def library(bundled_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a library that the tests of this module may change."""
    folder = tmp_path_factory.mktemp("app") / "library"
    shutil.copytree(bundled_library, folder)
    return folder


@pytest.fixture(scope="module")
def address(library: Path) -> Iterator[str]:
    chromium()
    with serving(library) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Yield a page of a visitor of their own; whatever it did, nothing left the machine and nothing was forbidden."""
    with visit(browser, address) as (page, watch):
        yield page
        assert watch.outside == []
        assert watch.complaints == []


def ask(page: Page, question: str) -> None:
    box = page.get_by_label("Ask your notes")
    box.fill(question)
    box.press("Enter")


def first_card(page: Page) -> str:
    return page.locator("article.ta-card h2").first.inner_text()


def test_typed_question_is_answered_with_its_source_marked_in_the_open_card(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_label("Ask your notes")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")

    expect(page.locator(".ta-answer")).to_contain_text(re.compile(r"git rebase.*\[1\]"))
    card = page.locator("article.ta-card").first
    expect(card).to_contain_text(MERGING)
    assert card.locator(".ta-slot").all_inner_texts() == ["How", "What", "Example"]
    expect(card.locator("details mark")).to_be_visible()
    expect(card).to_contain_text(re.compile(r"devops\.md:\d+"))
    expect(page).to_have_url(f"{address}/?q={quote_plus(QUESTION)}")
    expect(page.locator("#ta-status")).to_contain_text(f"Answered by {MERGING}")


def test_keys_reach_everything(page: Page, address: str) -> None:
    page.goto(f"{address}/?q={quote(QUESTION)}")
    steps = page.locator("a.ta-step")
    box = page.get_by_label("Ask your notes")
    expect(page.locator("html[data-keys=ask]")).to_be_attached()
    expect(steps.first).to_be_visible()
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(steps.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(steps.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("article.ta-topic h2")).to_be_focused()
    expect(page.locator("article.ta-topic mark")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(steps.nth(0)).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).to_be_focused()
    steps.nth(2).focus()
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("/")
    expect(box).to_have_value("/")
    steps.nth(2).focus()
    page.keyboard.press("Control+k")
    expect(box).to_be_focused()


def test_question_box_is_one_key_away_from_every_page(page: Page, address: str) -> None:
    page.goto(f"{address}/library")
    expect(page.locator("html[data-keys=library]")).to_be_attached()
    page.keyboard.press("/")
    expect(page.get_by_label("Ask your notes")).to_be_focused()


def test_back_and_forward_go_through_questions_and_topics(page: Page, address: str) -> None:
    page.goto(f"{address}/?q=what is GitOps?")
    heading = page.locator("article.ta-card h2").first
    expect(heading).to_contain_text("GitOps Fundamentals")
    ask(page, "decorators")
    expect(heading).to_contain_text("Decorators")
    page.locator("a.ta-open").first.click()
    expect(page.locator("article.ta-topic h2")).to_have_text("Decorators")
    page.locator(".ta-list a.ta-step").first.click()
    expect(page.locator("article.ta-topic h2")).not_to_have_text("Decorators")
    page.go_back()
    expect(page.locator("article.ta-topic h2")).to_have_text("Decorators")
    page.go_back()
    expect(heading).to_contain_text("Decorators")
    page.go_back()
    expect(heading).to_contain_text("GitOps Fundamentals")
    expect(page.get_by_label("Ask your notes")).to_have_value("what is GitOps?")
    page.go_forward()
    expect(heading).to_contain_text("Decorators")


def test_address_reproduces_question_filters_and_topic(page: Page, address: str) -> None:
    page.goto(f"{address}/?q={quote(QUESTION)}&slot=example&subject=DevOps")
    expect(page.locator("[aria-current=true]", has_text="DevOps 20")).to_be_visible()
    expect(page.locator("[aria-current=true]", has_text="Example 31")).to_be_visible()
    page.locator("a.ta-open").first.click()
    expect(page.locator("article.ta-topic mark")).to_be_visible()
    shared = page.url
    page.goto("about:blank")
    page.goto(shared)
    expect(page.locator("article.ta-topic h2")).to_have_text(MERGING)
    expect(page.locator("article.ta-topic mark")).to_be_visible()
    expect(page.locator("html[data-keys=ask]")).to_be_attached()
    page.keyboard.press("Escape")
    expect(page.locator("article.ta-card").first).to_be_visible()
    expect(page).to_have_url(re.compile("slot=example"))


def test_question_that_nothing_fits_is_answered_honestly(page: Page, address: str) -> None:
    page.goto(f"{address}/?q=which pizza dough needs least yeast?")
    expect(page.locator(".ta-sentence")).to_have_text("Your notes don’t say.")
    expect(page.locator("article.ta-card").first).to_be_visible()
    assert page.locator("mark").count() == 0
    assert page.locator("article.ta-card details[open]").count() == 0


def test_useful_answer_is_found_in_other_words_until_that_is_undone(page: Page, address: str) -> None:
    asked, other_words = "what is shift-left testing, our broccoli stage?", "is there broccoli in the stage?"
    page.goto(f"{address}/?q={quote(asked)}")
    card = page.locator("article.ta-card h2").first
    expect(card).to_contain_text("Shift-Left Testing")
    page.get_by_role("button", name="Useful", exact=True).click()
    undo = page.get_by_role("button", name="Marked as useful · Undo")
    expect(undo).to_be_focused()
    ask(page, other_words)
    expect(page.locator(".ta-answer .ta-meta")).to_contain_text("Shift-Left Testing")
    ask(page, asked)
    undo.click()
    expect(page.get_by_role("button", name="Useful", exact=True)).to_be_visible()
    ask(page, other_words)
    expect(page.locator(".ta-sentence")).to_have_text("Your notes don’t say.")


def test_table_of_contents_is_filtered_while_typing(page: Page, address: str) -> None:
    page.goto(f"{address}/browse")
    expect(page.locator(".ta-list a")).to_have_count(31)
    page.get_by_label("Filter topics").press_sequentially("argo")
    expect(page.locator(".ta-list a")).to_have_count(6)
    page.locator(".ta-list a", has_text="Argo CD Troubleshooting").click()
    expect(page.locator("article.ta-topic h2")).to_have_text("Argo CD Troubleshooting")


def test_dot_on_the_map_opens_its_topic_and_back_leads_to_the_map(page: Page, address: str) -> None:
    page.goto(f"{address}/map")
    dot = page.locator(".stVegaLiteChart .layer_0_marks path").first
    dot.click()
    expect(page.locator("article.ta-topic h2")).to_be_visible()
    page.go_back()
    expect(dot).to_be_visible()


def test_uploaded_notes_are_found_while_someone_else_asks(browser: Browser, page: Page, address: str) -> None:
    page.goto(f"{address}/library")
    page.get_by_role("tab", name="Upload files").click()
    note = FilePayload(
        name="garden.md",
        mimeType="text/markdown",
        buffer=b"# Garden\n## Compost\n*What:* Turn the compost heap every second week.\n",
    )
    page.locator("input[type=file]").first.set_input_files([note])
    page.get_by_role("button", name="Keep and read them").first.click()
    with visit(browser, address) as (other, _):
        other.goto(f"{address}/?q=what is GitOps?")
        expect(other.locator("article.ta-card h2").first).to_contain_text("GitOps Fundamentals")
        expect(page.get_by_text(re.compile("Last sync at .* 1 added"))).to_be_visible()
        ask(other, "how often do I turn the compost heap?")
        expect(other.locator(".ta-answer mark, .ta-answer .ta-sentence")).to_contain_text("every second week")


def test_source_is_only_removed_after_asking(page: Page, address: str, library: Path, tmp_path: Path) -> None:
    (tmp_path / "tools.md").write_text("# Workshop\n## Lathe\nA lathe turns wood.\n")
    page.goto(f"{address}/library")
    page.get_by_label("Path of a folder or file").fill(str(tmp_path))
    page.get_by_role("button", name="Add and read it").click()
    source = page.locator("[class*=st-key-source-]", has_text=str(tmp_path))
    expect(source).to_contain_text("1 topic")
    source.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Remove it from the library").click()
    expect(source).to_have_count(0)
    assert (tmp_path / "tools.md").exists()


def test_note_edited_elsewhere_is_found_without_pressing_anything(
    page: Page, address: str, library: Path, tmp_path: Path
) -> None:
    reader = Library(library)
    (tmp_path / "bees.md").write_text("# Bees\n## Swarming\nA colony swarms in May.\n")
    reader.add(tmp_path)
    page.goto(f"{address}/browse")
    (tmp_path / "bees.md").write_text("# Bees\n## Swarming\nA colony swarms in May.\n## Honey\nTake it in July.\n")
    expect(page.locator(".ta-list a").first).to_be_visible()
    for _ in range(40):
        if "Bees" in reader.subjects() and reader.subjects()["Bees"] == 2:
            break
        page.wait_for_timeout(250)
    page.reload()
    expect(page.get_by_role("link", name="Honey")).to_be_visible()
    reader.remove(tmp_path)
    reader.close()


def test_half_typed_question_is_not_asked_and_gives_way_to_the_question_gone_to(page: Page, address: str) -> None:
    page.goto(address)
    box, card = page.get_by_label("Ask your notes"), page.locator("article.ta-card h2").first
    expect(page.locator(".ta-chips").first).to_be_visible()
    ask(page, "what is GitOps?")
    expect(card).to_contain_text("GitOps Fundamentals")
    ask(page, "decorators")
    expect(card).to_contain_text("Decorators")
    box.fill("half a ques")
    page.get_by_role("link", name=re.compile(r"^What \d+$")).click()
    expect(page).to_have_url(f"{address}/?q=decorators&slot=what")
    expect(box).to_have_value("half a ques")
    page.go_back()
    expect(page).to_have_url(f"{address}/?q=decorators")
    page.go_back()
    expect(card).to_contain_text("GitOps Fundamentals")
    expect(box).to_have_value("what is GitOps?")


def test_two_people_ask_at_once_and_each_gets_their_own_answer(browser: Browser, page: Page, address: str) -> None:
    with visit(browser, address) as (other, _):
        page.goto(address)
        other.goto(address)
        expect(page.locator(".ta-chips").first).to_be_visible()
        expect(other.locator(".ta-chips").first).to_be_visible()
        ask(page, "what is GitOps?")
        ask(other, "what is the GIL?")
        expect(page.locator("article.ta-card h2").first).to_contain_text("GitOps Fundamentals")
        expect(other.locator("article.ta-card h2").first).to_contain_text("Global Interpreter Lock")


def test_hostile_notes_and_questions_run_style_and_load_nothing(
    browser: Browser, bundled_library: Path, tmp_path: Path
) -> None:
    library, notes = tmp_path / "library", tmp_path / "notes"
    shutil.copytree(bundled_library, library)
    notes.mkdir()
    topics = "".join(f"## {text}\n*What:* {text}\n\n*How:* hostile {text}\n\n" for text in HOSTILE)
    (notes / "<img src=x onerror=alert(1)>.md").write_text(f"# <script>alert(1)</script>\n{topics}", encoding="utf-8")
    opened = Library(library)
    opened.remove("builtin")
    opened.add(notes)
    opened.sync()
    ids = [heading.stable_id for heading in opened.headings().values()]
    opened.close()
    with serving(library) as address, visit(browser, address) as (page, watch):
        for path in (
            "/browse",
            "/map",
            "/library",
            *(f"/?q={quote(text)}" for text in HOSTILE[:12]),
            f"/?topic={ids[0]}",
        ):
            page.goto(f"{address}{path}")
            expect(page.locator(".ta-card, .ta-topic, .ta-subject, .ta-source-line").first).to_be_visible()
            assert (
                page.locator(".ta-text script, .ta-text img, .ta-text iframe, .ta-text style, .ta-text form").count()
                == 0
            )
        assert watch.dialogs == []
        assert watch.outside == []
        assert watch.complaints == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_and_break_no_rule_of_accessibility(browser: Browser, address: str, scheme: str, width: int) -> None:
    with visit(browser, address, width=width, scheme=scheme) as (page, _):
        for path, shown in (
            ("/", ".ta-chips"),
            (f"/?q={quote(QUESTION)}", "article.ta-card"),
            ("/?q=which pizza dough needs least yeast?", "article.ta-card"),
            ("/browse", ".ta-subject"),
            ("/map", ".ta-subject"),
            ("/library", ".ta-source-line"),
        ):
            page.goto(f"{address}{path}")
            expect(page.locator(shown).first).to_be_visible()
            expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert our_violations(page) == [], f"{path} in {scheme}, {width} px wide"


def test_nothing_jumps_when_an_answer_lands(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".ta-chips").first).to_be_visible()
    before = page.get_by_label("Ask your notes").bounding_box()
    ask(page, "what is GitOps?")
    expect(page.locator("article.ta-card").first).to_be_visible()
    page.evaluate(Watch.OBSERVE_SHIFTS)
    ask(page, "what is the GIL?")
    expect(page.locator("article.ta-card h2").first).to_contain_text("Global Interpreter Lock")
    page.wait_for_timeout(300)
    assert page.evaluate("window.__shifted") < 0.1
    assert before is not None


def test_printed_topic_shows_the_topic_and_none_of_the_buttons(page: Page, address: str) -> None:
    page.goto(f"{address}/?q={quote(QUESTION)}")
    expect(page.locator("article.ta-card").first).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".ta-answer")).to_be_visible()
    for hidden in (".stTextInput", ".ta-reactions", ".ta-filters", ".stAppHeader", "button.ta-copy"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("article.ta-card").nth(1).locator(".ta-entry").first).to_be_visible()
