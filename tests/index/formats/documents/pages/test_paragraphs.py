"""Lines joined to paragraphs, across lines and pages."""

from __future__ import annotations

import pytest

from index.formats.documents.blocks import Block
from index.formats.documents.pages.page import Page
from index.formats.documents.pages.paragraphs import blocks_between
from tests.index.formats.documents.pages.setting import HEIGHT, WIDTH, line, page


def texts(*pages: Page) -> list[str]:
    return [block.text for block in blocks_between(pages, {})]


@pytest.mark.parametrize(
    ("others", "joined"),
    [("", "The saddle is adjustable by hand."), ("A self-adjust able one, self-adjustable.", "self-adjustable saddle")],
    ids=["a hyphen that only ends a line", "a word that the document writes with its hyphen"],
)
def test_hyphen_at_the_end_of_a_line_goes_unless_it_belongs_to_the_word(others: str, joined: str) -> None:
    lines = (
        ("The saddle is adjust-", "able by hand.") if not others else (others, "This is a self-", "adjustable saddle.")
    )
    assert joined in " ".join(texts(page(1, *lines)))


def test_line_moved_in_or_farther_below_begins_a_paragraph() -> None:
    rows = [
        line("A wheel is round and it has spokes, which are thin and", 700),
        line("made of steel, and a rim that holds the tyre in place.", 686),
        line("The tyre is full of air that is pressed in by a pump,", 672, x0=75.0),
        line("and it loses some of that air in each of the months.", 658),
        line("Chains are cleaned with a brush before they are oiled.", 620),
    ]
    assert [text.split()[0] for text in texts(Page(1, WIDTH, HEIGHT, rows))] == ["A", "The", "Chains"]


def test_items_of_a_list_are_paragraphs_of_their_own_with_a_sign_of_markdown() -> None:
    assert texts(page(1, "• oil for the chain", "• a brush", "1. Clean it first.")) == [
        "- oil for the chain",
        "- a brush",
        "1. Clean it first.",
    ]


def test_sentence_that_goes_on_upon_the_next_page_is_one_paragraph_in_a_block_for_each_page() -> None:
    first, second = blocks_between([page(1, "The chain is oiled after"), page(2, "each long ride in the rain.")], {})
    assert (first.text + second.joint + second.text) == "The chain is oiled after each long ride in the rain."
    assert (first.anchor, second.anchor) == ((("page", 1),), (("page", 2),))


def test_sentence_that_begins_on_the_next_page_begins_a_paragraph() -> None:
    _, second = blocks_between([page(1, "The chain is oiled."), page(2, "Wheels need air.")], {})
    assert second.joint == "\n\n"


def test_heading_stands_between_the_lines_around_it_and_takes_the_place_of_its_own() -> None:
    headings = {(1, 1): Block("Spokes", level=2)}
    blocks = blocks_between([page(1, "Wheels need air.", "Spokes", "They break.")], headings)
    assert [(block.text, block.level) for block in blocks] == [
        ("Wheels need air.", 0),
        ("Spokes", 2),
        ("They break.", 0),
    ]
