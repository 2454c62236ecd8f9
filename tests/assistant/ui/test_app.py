"""The page, run without a browser."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.suggest import OFFERED
from assistant.ui.cards import answer_html
from assistant.ui.engine import engine
from assistant.ui.state import Place
from index.library import Library

APP = Path(__file__).parents[3] / "app.py"
QUESTION = "how do I settle merge conflicts with a rebase?"
MARKED = "functions that wrap functions, squeaking like a frobnicator"
OTHER_WORDS = "a frobnicator that squeaks"
HOLD = """
import sys, time
from pathlib import Path
from index.lock import writing
with writing(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""
"""A process that holds the lock of a library until it is killed."""


@pytest.fixture
def page(library: Library) -> Iterator[AppTest]:
    engine.use(library)
    yield AppTest.from_file(APP, default_timeout=30)
    engine.use(None)


def shown(page: AppTest) -> str:
    """Return all HTML of the page but its style sheet."""
    assert not page.exception
    return "\n".join(html for element in page.get("html") if "<style>" not in (html := element.proto.body))


def first_topic(page: AppTest, question: str) -> str:
    """Return the topic that a question is answered by, or that it is not."""
    page.query_params["q"] = question
    page.run()
    answer = engine.answer(Place(question))
    assert answer_html(answer, Place(question)) in shown(page)
    return answer.answer.topic if answer.answer else shown(page)


def test_empty_page_offers_questions_the_library_can_answer(page: AppTest) -> None:
    page.run()
    for question in ("two people overwrite each other", "Decorators", "Canary releases"):
        assert f'<a href="{Place(question).link}">{question}</a>' in shown(page)


def test_typed_question_is_answered_and_kept_in_the_address(page: AppTest) -> None:
    page.run()
    page.text_input[0].set_value(QUESTION).run()
    assert page.query_params["q"] == QUESTION
    assert "<mark>Rebase the branch, settle each file and push again.</mark>" in shown(page)
    assert "topics.md:5" in shown(page)


def test_address_reproduces_the_question(page: AppTest) -> None:
    page.query_params["q"] = QUESTION
    page.run()
    assert page.text_input[0].value == QUESTION
    assert "<mark>Rebase the branch" in shown(page)


def test_emptied_box_leads_back_to_the_examples(page: AppTest) -> None:
    page.query_params["q"] = QUESTION
    page.run()
    page.text_input[0].set_value("").run()
    assert "q" not in page.query_params
    assert "For example" in shown(page)


def test_question_that_nothing_fits_is_answered_honestly(page: AppTest) -> None:
    page.query_params["q"] = "which pizza dough needs least yeast?"
    page.run()
    assert "Your notes don’t say." in shown(page)
    assert "<mark>" not in shown(page)


def test_question_that_is_too_long_is_one_sentence(page: AppTest) -> None:
    page.query_params["q"] = "word " * 2000
    page.run()
    assert "The question is too long: 2000 tokens" in shown(page)


def test_note_that_changed_is_found_without_a_restart(page: AppTest, library: Library, notes: Path) -> None:
    page.run()
    (notes / "new.md").write_text("# Garden\n## Compost\nTurn the heap every second week.\n", encoding="utf-8")
    other_process = Library(library.folder, library.encoder)
    other_process.sync()
    other_process.close()
    page.text_input[0].set_value("how often do I turn the compost heap?").run()
    assert "<mark>Turn the heap every second week.</mark>" in shown(page)


def test_hostile_question_is_shown_as_text(page: AppTest) -> None:
    page.query_params["q"] = "<script>alert(1)</script>"
    page.run()
    assert "&lt;script&gt;" in shown(page)
    assert "<script>" not in shown(page)


def test_library_that_cannot_be_opened_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("TOPICS_LIBRARY", str(tmp_path / "file" / "library"))
    engine.use(None)
    page = AppTest.from_file(APP, default_timeout=30).run()
    assert "A library cannot be made at" in shown(page)


def test_filter_narrows_the_answer_and_becomes_part_of_the_address(page: AppTest) -> None:
    page.query_params["q"] = QUESTION
    page.run()
    assert list(page.pills(key="subject").options) == ["DevOps 2", "Python 1"]
    page.pills(key="subject").set_value("Python").run()
    assert page.query_params["subject"] == "Python"
    assert "Decorators" in shown(page)
    assert "Canary releases" not in shown(page)


def test_subject_that_is_gone_is_said_with_the_way_out(page: AppTest) -> None:
    page.query_params.update({"q": QUESTION, "subject": "Gardening"})
    page.run()
    assert "There is no subject &#x27;Gardening&#x27; in this library." in shown(page)
    assert f'<a href="{Place(QUESTION).link}">Search everything</a>' in shown(page)


def test_greeting_is_answered_with_what_can_be_asked_and_is_no_gap(page: AppTest) -> None:
    page.query_params["q"] = "hello there!"
    page.run()
    assert "Ask what your notes say, in your own words." in shown(page)
    assert shown(page).count('<a href="?q=') == OFFERED
    assert engine.journal().recent(5) == []


def test_useful_topic_is_found_in_other_words_until_that_is_undone(page: AppTest) -> None:
    page.query_params["q"] = MARKED
    page.run()
    page.button(key="useful").click().run()
    assert first_topic(page, OTHER_WORDS) == "Decorators"
    page.query_params["q"] = MARKED
    page.run()
    page.button(key="undo").click().run()
    assert page.button(key="useful").label == "Useful"
    assert "Your notes don’t say." in first_topic(page, OTHER_WORDS)


def test_mark_while_another_process_writes_is_one_sentence(
    page: AppTest, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.lock.LOCK_SECONDS", 0.1)
    page.query_params["q"] = MARKED
    page.run()
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(library.folder)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    page.button(key="useful").click().run()
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert "Another process is changing the library" in shown(page)
    assert "Traceback" not in shown(page)
    page.button(key="useful").click().run()
    assert page.button(key="undo").label == "Marked as useful · Undo"


def test_address_reproduces_the_filters(page: AppTest) -> None:
    page.query_params.update({"q": QUESTION, "subject": "DevOps", "slot": "example"})
    page.run()
    assert (page.pills(key="subject").value, page.pills(key="slot").value) == ("DevOps", "Example")


def test_address_opens_a_topic_with_the_sentence_that_answered(page: AppTest) -> None:
    topic = engine.contents().named("DevOps", "Merge conflicts")
    assert topic is not None
    page.query_params.update({"q": QUESTION, "topic": topic.id})
    page.run()
    assert '<article class="ta-topic"' in shown(page)
    assert "<mark>Rebase the branch, settle each file and push again.</mark>" in shown(page)
    page.button(key="back").click().run()
    assert "topic" not in page.query_params
    assert page.query_params["q"] == QUESTION
    assert '<article class="ta-card"' in shown(page)


def test_address_of_a_topic_that_is_gone_says_so(page: AppTest) -> None:
    page.query_params["topic"] = "nothing"
    page.run()
    assert "not in the library any more" in shown(page)
