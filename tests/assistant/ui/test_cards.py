"""Answers as HTML that shows every text faithfully and lets none of it run."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from assistant.answer import Answer, Card, Evidence
from assistant.ui.cards import answer_html, confidence_words, highlighted_html, message_html, snippet

HOSTILE = (Path(__file__).parents[2] / "cases" / "hostile.txt").read_text(encoding="utf-8").splitlines()

ALLOWED_TAGS = set(
    "a blockquote br code details div em h1 h2 h3 h4 h5 h6 hr li mark ol p pre s span strong summary table tbody "
    "td th thead tr ul".split()
)
ALLOWED_ATTRIBUTES = {"class", "data-topic", "href", "open", "role", "start", "style", "title"}


class Tags(HTMLParser):
    """Collects the tags, attributes and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def card(text: str = "Rebase. Push.", title: str = "Merging") -> Card:
    return Card(
        id=text,
        subject=text,
        topic=title,
        slot="How",
        score=0.5,
        text=text,
        highlights=((0, min(7, len(text))),),
        why=(text,),
        path=text,
        line=3,
        entries={"What": text, "How": text},
    )


def answer(text: str = "Rebase. Push.", *, answered: bool = True) -> Answer:
    evidence = Evidence(text, text, text, "How", text, 3) if answered else None
    return Answer(text, answered, 0.93, "How", evidence, (card(text, text), card(text, text)), (), 1.0)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("answered", [True, False])
def test_hostile_note_or_question_is_text_and_nothing_else(text: str, answered: bool) -> None:
    found = Tags(answer_html(answer(text, answered=answered)) + message_html(text))
    assert found.tags <= ALLOWED_TAGS
    assert {name for name, _ in found.attributes} <= ALLOWED_ATTRIBUTES
    for name, value in found.attributes:
        if name == "href":
            assert (value or "").split(":")[0] not in {"javascript", "data", "vbscript", "file"}
        if name == "style":
            assert value in {"text-align:left", "text-align:right", "text-align:center"}


def test_best_card_is_open_and_marked_and_the_others_are_closed() -> None:
    html = answer_html(answer())
    assert html.count("<details") == 2
    assert html.count('" open>') == 1
    assert html.count("best match") == 1


def test_answering_sentence_is_marked_in_its_slot_only() -> None:
    html = answer_html(Answer("q", True, 0.9, "How", None, (card(),), (), 1.0))
    assert html.count("<mark>") == 1
    assert '<div class="ta-slot">How</div><div class="ta-text"><p><mark>Rebase.</mark> Push.</p>' in html


def test_unanswered_question_says_so_and_opens_nothing() -> None:
    html = answer_html(answer(answered=False))
    assert "Your notes don’t say." in html
    assert " open>" not in html
    assert "best match" not in html


@pytest.mark.parametrize(
    ("text", "span", "html"),
    [
        ("One. Two.", (5, 9), "<p>One. <mark>Two.</mark></p>\n"),
        ("- one\n- two", (6, 11), "<ul>\n<li>one</li>\n<li><mark>two</mark></li>\n</ul>\n"),
        ("**Bold.** Rest.", (0, 9), "<p><mark><strong>Bold.</strong></mark> Rest.</p>\n"),
        ("_One_ two.", (0, 10), "<p><mark><em>One</em> two.</mark></p>\n"),
        ("one\n\ntwo", (0, 8), "<p>one</p>\n<p>two</p>\n"),
        ("a ⸨b⸩ c", (0, 3), "<p>a ⸨b⸩ c</p>\n"),
    ],
)
def test_highlight_marks_a_span_within_one_block_and_else_leaves_the_text(
    text: str, span: tuple[int, int], html: str
) -> None:
    assert highlighted_html(text, [span]) == html


def test_endless_entry_is_cut_with_a_sign() -> None:
    assert highlighted_html("word " * 10_000, []).endswith(" …</p>\n")


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (1.0, "very likely the answer (99 %)"),
        (0.72, "likely the answer (72 %)"),
        (0.5, "possibly the answer (50 %)"),
    ],
)
def test_confidence_is_told_in_words_and_as_a_number(confidence: float, words: str) -> None:
    assert confidence_words(confidence) == words


def test_snippet_is_one_line_cut_between_words() -> None:
    assert snippet("one\n\ntwo") == "one two"
    assert snippet("word " * 100).endswith("word …")
