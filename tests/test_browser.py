"""Asking in a real browser, with the real model and the bundled topics, and all that is done with an answer."""

from __future__ import annotations

import re
from urllib.parse import quote, quote_plus

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import Watch, ask, our_violations, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

QUESTION = "how do I keep two people from overwriting each other's edits?"
MERGING = "Resolving Git Merge Conflicts"


def test_typed_question_is_answered_with_its_source_marked_in_its_card(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_label("Ask your notes")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")

    expect(page.locator(".ta-answer")).to_contain_text(re.compile(r"git rebase.*\[1\] ", re.DOTALL))
    card = page.locator("article.ta-card").first
    expect(card).to_contain_text(MERGING)
    assert card.locator(".ta-slot").all_text_contents() == ["How", "What", "Example"]
    expect(card.locator("details mark")).to_be_hidden()  # it stands above already
    card.locator("summary").click()
    expect(card.locator("details mark")).to_be_visible()
    expect(card).to_contain_text(re.compile(r"devops\.md:\d+"))
    expect(page).to_have_url(f"{address}/?q={quote_plus(QUESTION)}")
    expect(page.locator("#ta-status")).to_contain_text(f"Answered by {MERGING}")


def test_answer_is_made_while_the_finger_goes_to_enter_and_none_is_shown_before(page: Page, address: str) -> None:
    page.goto(f"{address}/?subject=DevOps")
    expect(page.get_by_label("Ask your notes")).to_be_focused()
    # where a busy machine types slowly, the beginning of the question is asked ahead, too
    with page.expect_response(f"{address}/ahead?subject=DevOps&q={quote_plus(QUESTION)}") as made:
        page.keyboard.type(QUESTION)
    assert made.value.status == 204
    assert page.locator("article.ta-card").count() == 0
    page.get_by_label("Ask your notes").fill("long " * 20_000)
    page.wait_for_timeout(500)  # the page fails where the console complains: an address has no room for this


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


def test_titles_appear_under_the_box_while_typing_and_arrows_and_enter_open_one(page: Page, address: str) -> None:
    page.goto(address)
    box, titles = page.get_by_label("Ask your notes"), page.get_by_role("option")
    expect(page.locator("html[data-keys=ask]")).to_be_attached()
    expect(page.locator(".ta-chips").first).to_be_visible()
    page.evaluate(Watch.OBSERVE_SHIFTS)
    page.keyboard.type("merg conflcts")
    expect(titles.first).to_have_text(re.compile(rf"^{MERGING} DevOps"))
    assert page.evaluate("window.__shifted") == 0
    assert our_violations(page) == []
    page.keyboard.press("Escape")
    expect(titles).to_have_count(0)
    expect(box).to_have_value("merg conflcts")
    page.keyboard.type(" ")
    expect(titles.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(titles.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "ta-suggestion-0")
    page.keyboard.press("Enter")
    expect(page.locator("article.ta-topic h2")).to_have_text(MERGING)
    expect(box).to_have_value("")
    page.go_back()
    expect(page.locator(".ta-chips").first).to_be_visible()
    box.fill("what is git")
    expect(titles.first).to_be_visible()
    box.press("Enter")
    expect(page).to_have_url(f"{address}/?q=what+is+git")
    expect(titles).to_have_count(0)


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
    page.get_by_role("link", name="Browse").click()
    expect(page.locator("html[data-keys=browse]")).to_be_attached()
    page.go_back()
    expect(heading).to_contain_text("Decorators")
    expect(page.get_by_label("Ask your notes")).to_have_value("decorators")


def test_what_was_said_of_one_answer_is_not_said_of_the_next(page: Page, address: str) -> None:
    page.goto(f"{address}/?q=decorators")
    expect(page.locator("#ta-status")).to_contain_text("Answered by")
    ask(page, "slot:how")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#ta-status")).to_have_text("")


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


def test_printed_answer_shows_its_question_and_none_of_the_buttons(page: Page, address: str) -> None:
    page.goto(f"{address}/?q={quote(QUESTION)}")
    expect(page.locator("article.ta-card").first).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".ta-answer")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value(QUESTION)
    expect(page.get_by_role("searchbox")).to_be_visible()
    for hidden in (".ta-reactions", ".ta-filters", ".stAppHeader", "button.ta-copy"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("article.ta-card").nth(1).locator(".ta-entry").first).to_be_visible()


def test_follow_up_is_read_with_the_answer_on_the_page_until_a_click_asks_it_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/?q={quote('what is argo rollouts?')}")
    expect(page.locator("html[data-keys=ask]")).to_be_attached()
    expect(page.locator("article.ta-card h2").first).to_contain_text("Argo Rollouts")
    ask(page, "how do I undo it?")
    about = page.locator(".ta-note", has_text="about: Argo Rollouts Strategies")
    expect(about).to_contain_text("read as “how do I undo Argo Rollouts Strategies?”")
    expect(page.locator("article.ta-card h2").first).to_contain_text("Argo Rollouts")
    expect(page).to_have_url(re.compile(r"q=how\+do\+I\+undo\+it%3F&after=what\+is\+argo\+rollouts%3F"))
    about.get_by_role("link", name="Ask it alone").click()
    expect(about).to_have_count(0)
    expect(page).to_have_url(f"{address}/?q=how+do+I+undo+it%3F")
    ask(page, "what is the GIL?")
    expect(page).to_have_url(f"{address}/?q=what+is+the+GIL%3F")


def test_answer_is_narrowed_by_what_is_typed_and_by_a_click_and_widened_again(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, "what runs in stages? source:builtin -argo")
    expect(page.locator("article.ta-card").first).to_be_visible()
    expect(page.locator("article.ta-card h2", has_text="Argo")).to_have_count(0)
    page.goto(f"{address}/?q=what+is+GitOps%3F&filter=-argo+after%3A2001")
    chosen = page.locator(".ta-filters [aria-current=true]")
    expect(chosen).to_have_text(["from 1 January 2001 on", "without “argo”"])
    chosen.first.click()
    expect(chosen).to_have_text(["without “argo”"])
    expect(page).to_have_url(re.compile(r"filter=-argo$"))
    page.goto(f"{address}/?q=what+is+GitOps%3F&filter=tag%3Anowhere")
    expect(page.get_by_role("alert")).to_contain_text("There is no tag 'nowhere'")
    page.get_by_role("link", name="Search everything").click()
    expect(page.locator("article.ta-card h2").first).to_contain_text("GitOps Fundamentals")
