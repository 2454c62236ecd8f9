"""An answer in words on the page: a button where a model server was named, and nothing that was not checked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from assistant.answering import InWords, Writer, ask
from assistant.answering.generation import WithheldSentence, WrittenSentence
from assistant.answering.prompt_sources import PromptSource
from assistant.llm import ModelServer
from assistant.service import service
from assistant.ui.pages.in_words import in_words_html
from index.library import Library
from tests.assistant.answering.stub_model_server import Stub, serving
from tests.assistant.running import QUESTION, YEAST
from tests.fakes import TokenEncoder

SUPPORTED = "Rebase the branch, settle each file and push again [1]."


@pytest.fixture(autouse=True)
def _library(library: Library) -> Iterator[None]:
    service.use(library)
    yield
    service.use(None)
    service.writer = None


def ask_page(question: str) -> AppTest:
    page = AppTest.from_string("from assistant.ui.pages.ask import show_ask_page\nshow_ask_page()", default_timeout=60)
    page.query_params["q"] = question
    return page.run()


def html_of(page: AppTest) -> str:
    assert not page.exception
    return "\n".join(element.proto.body for element in page.get("html"))


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def test_without_a_server_there_is_no_button() -> None:
    assert "In words" not in labels(ask_page(QUESTION))


def test_the_button_puts_the_answer_in_words_with_links_to_the_cards(library: Library) -> None:
    with serving(Stub([SUPPORTED, " Buy a lamp [1]."])) as stub:
        service.writer = Writer(ModelServer(stub.url, "small"), (), TokenEncoder())
        page = ask_page(QUESTION)
        assert stub.asked == []
        next(button for button in page.button if button.label == "In words").click()
        words = html_of(page.run())
    assert f"small at {stub.url}" in words
    assert "Rebase the branch, settle each file and push again." in words
    assert 'href="#ta-1"' in words
    assert "1 sentence withheld" in words
    assert "<s>Buy a lamp.</s>" in words


def test_where_the_notes_do_not_answer_there_is_no_button() -> None:
    service.writer = Writer(ModelServer("http://127.0.0.1:9", "small"))
    assert "In words" not in labels(ask_page(YEAST))


def test_whatever_a_model_writes_is_text(library: Library) -> None:
    answer = ask(library, QUESTION, threshold=0.0)
    source = PromptSource(1, answer.hits[0].id, "S", "<b>T</b>", None, "t.md", 3, "t.md:3", "S > T", "x")
    state = InWords(
        "<i>m</i>",
        (source,),
        (WrittenSentence("<script>alert(1)</script>", (1,), 0.9),),
        (WithheldSentence("<img src=x>", "it & more"),),
        is_done=True,
    )
    html = in_words_html(state, answer)
    assert "<script>" not in html
    assert "<img" not in html
    assert "<i>" not in html
    assert "it &amp; more" in html
