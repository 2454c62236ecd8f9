"""The pages while a library is read for the first time, run without a browser."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.place import Place
from assistant.service import service
from assistant.ui.asking import request_of
from assistant.ui.pages.first_start import first_start_words
from index.errors import ModelError
from index.library import Library
from index.records import Encoded
from tests.assistant.ui.pages.test_ask import shown
from tests.fakes import WordCountEncoder

APP = Path(__file__).parents[4] / "app.py"
QUESTION = "how do I settle merge conflicts with a rebase?"


class SlowEncoder(WordCountEncoder):
    """Is made ready, and embeds, once it is let."""

    def __init__(self) -> None:
        super().__init__(ready=False)
        self.may_prepare, self.may_embed = threading.Event(), threading.Event()
        self.fails = False

    def prepare(self) -> None:
        assert self.may_prepare.wait(30)
        if self.fails:
            raise ModelError("The model is damaged. Install it again.")
        super().prepare()

    def encode_documents(self, texts: Sequence[str]) -> Encoded:
        assert self.may_embed.wait(30)
        return super().encode_documents(texts)

    def finish(self) -> None:
        self.may_embed.set()
        self.may_prepare.set()


@pytest.fixture
def slow() -> SlowEncoder:
    return SlowEncoder()


@pytest.fixture
def page(tmp_path: Path, notes: Path, slow: SlowEncoder) -> Iterator[AppTest]:
    library = Library(tmp_path / "library", slow)
    library.remove("builtin")
    library.add(notes)
    service.use(library)
    yield AppTest.from_file(APP, default_timeout=30)
    slow.finish()
    service.jobs.join(30)
    service.join(30)
    service.use(None)
    library.close()


def run_until(page: AppTest, text: str) -> str:
    deadline = time.monotonic() + 30
    while text not in (html := shown(page.run())):
        assert time.monotonic() < deadline, html
        time.sleep(0.05)
    return html


def wait_for_the_model_to_be_prepared() -> None:
    deadline = time.monotonic() + 30
    while not (service.jobs.progress and service.jobs.progress.phase == "Preparing the model"):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_question_is_answered_by_words_and_says_so_until_meaning_follows(page: AppTest, slow: SlowEncoder) -> None:
    page.query_params["q"] = QUESTION
    html = run_until(page, "Merge conflicts")
    assert "Found by words; meaning follows, and then whether your notes answer this." in html
    assert "Topics that hold your words" in html
    assert "1 file can be searched by words." in html
    assert "don’t say" not in html
    assert "best match" not in html
    slow.finish()
    html = run_until(page, "best match")
    assert "Found by words" not in html
    assert [one.question for one in service.journal().recent(5)] == [QUESTION]


def test_what_is_found_by_words_is_no_question_without_an_answer(page: AppTest, slow: SlowEncoder) -> None:
    page.query_params["q"] = "zebra rebase"
    run_until(page, "Found by words")
    slow.finish()
    run_until(page, "The nearest topics")
    assert len(service.journal().recent(5)) == 1


def test_a_question_whose_words_no_note_holds_is_told_so_without_an_answer_being_denied(page: AppTest) -> None:
    page.query_params["q"] = "zebra"
    html = run_until(page, "can be searched by words")
    assert "None of the notes read so far holds a word of your question." in html
    assert "don’t say" not in html


@pytest.mark.parametrize("of", ["show_browse_page", "show_map_page", "show_library_page"])
def test_every_page_shows_how_far_it_is_and_goes_over(page: AppTest, slow: SlowEncoder, of: str) -> None:
    module = of.removeprefix("show_").removesuffix("_page")
    other = AppTest.from_string(f"from assistant.ui.pages.{module} import {of}\n{of}()", default_timeout=30)
    assert "Your notes are read for the first time." in shown(other.run())
    slow.finish()
    deadline = time.monotonic() + 30
    while "for the first time" in shown(other.run()):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_is_done_is_said_with_how_long_it_takes(page: AppTest) -> None:
    page.run()
    first = service.waiting()
    assert first
    wait_for_the_model_to_be_prepared()
    assert first_start_words(first, service.jobs.progress) == "Preparing the model … · all is read in about 40 s"


def test_a_model_that_cannot_be_used_is_told_and_words_are_found_all_the_same(page: AppTest, slow: SlowEncoder) -> None:
    slow.fails = True
    slow.finish()
    page.query_params["q"] = QUESTION
    assert "The model is damaged. Install it again." in run_until(page, "The model is damaged.")
    assert "The model is damaged. Install it again." in run_until(page, "Merge conflicts")


def test_a_cancelled_first_start_leaves_a_library_without_topics(page: AppTest, slow: SlowEncoder) -> None:
    page.run()
    wait_for_the_model_to_be_prepared()
    service.jobs.cancel()
    slow.finish()
    assert "This library holds no topics yet" in run_until(page, "holds no topics yet")


def test_a_library_that_was_read_before_is_waited_for_as_ever(library: Library) -> None:
    service.use(library)
    assert service.waiting() is None
    assert service.first_start is None
    assert service.answer(request_of(Place(QUESTION))).found_by == "meaning"
    service.use(None)


def test_while_the_rest_is_read_the_first_notes_answer_in_full_and_the_others_by_words(
    page: AppTest, slow: SlowEncoder, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.indexing.instalments.INSTALMENT", 1)
    (notes / "zebra.md").write_text("# Animals\n\n## Zebra\n\nIt has black stripes on white ground.\n")
    ordinary = slow.encode_documents

    def only_the_first(texts: Sequence[str]) -> Encoded:
        assert not slow.encoded or slow.may_embed.wait(30)
        slow.encoded.extend(texts)
        return WordCountEncoder().encode_documents(texts)

    monkeypatch.setattr(slow, "encode_documents", only_the_first)
    slow.may_prepare.set()
    page.query_params["q"] = QUESTION
    html = run_until(page, "best match")
    assert "Found by words" not in html
    assert len(page.get("progress")) == 1
    page.query_params["q"] = "which animal has black stripes on white ground?"
    html = run_until(page, "Zebra")
    assert "Found by words; meaning follows" in html
    assert service.journal().recent(5)[0].question == QUESTION
    monkeypatch.setattr(slow, "encode_documents", ordinary)
    slow.finish()
    html = run_until(page, "best match")
    assert "Zebra" in html
    service.jobs.join(30)
    assert "best match" in shown(page.run())
    assert not page.get("progress")
    assert service.first_start is None
