"""The page, run without a browser."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.discovery.suggestions import OFFERED
from assistant.place import Place
from assistant.service import service
from assistant.ui.asking import request_of
from assistant.ui.frame import BOX
from assistant.ui.views.answer import answer_html
from index.library import Library

APP = Path(__file__).parents[4] / "app.py"
QUESTION = "how do I settle merge conflicts with a rebase?"
MARKED = "a squeaking frobnicator: return a wrapper that takes a function, as a timer logged slow handlers"
OTHER_WORDS = "a frobnicator that squeaks"
PRESSING = """
import streamlit as st
from assistant.ui.pages.ask import show_ask_page
from assistant.ui.frame import attempt
from assistant.ui.reactions import react
if pressed := st.session_state.pop("pressed", None):
    attempt(lambda: react(*pressed))
show_ask_page()
"""
"""The page of an answer that is told what was pressed: an AppTest knows no events of a component."""
HOLD = """
import sys, time
from pathlib import Path
from index.storage.lock import writing
with writing(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""
"""A process that holds the lock of a library until it is killed."""


@pytest.fixture
def page(library: Library) -> Iterator[AppTest]:
    service.use(library)
    yield AppTest.from_file(APP, default_timeout=30)
    service.use(None)


@pytest.fixture
def answer_page(page: AppTest) -> AppTest:
    return AppTest.from_string(PRESSING, default_timeout=30)


def shown(page: AppTest) -> str:
    """Return all HTML of the page but its style sheet."""
    assert not page.exception
    return "\n".join(html for element in page.get("html") if "<style>" not in (html := element.proto.body))


def press(page: AppTest, label: str) -> None:
    """Do what the browser asks for when a button within the HTML is pressed."""
    found = re.search(rf'data-act="(\w+)" data-topic="([^"]*)">{label}<', shown(page))
    assert found
    page.session_state["pressed"] = found[1], page.query_params["q"], found[2]
    page.run()


def first_topic(page: AppTest, question: str) -> str:
    """Return the topic that a question is answered by, or that it is not."""
    page.query_params["q"] = question
    page.run()
    answer = service.answer(request_of(Place(question)))
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
    service.use(None)
    page = AppTest.from_file(APP, default_timeout=30).run()
    assert "A library cannot be made at" in shown(page)


def test_filter_narrows_the_answer_to_its_subject_and_leads_back_out(page: AppTest) -> None:
    page.query_params["q"] = QUESTION
    page.run()
    assert f'<a href="{escape(Place(QUESTION, "Python").link)}">Python 1</a>' in shown(page)
    page.query_params["subject"] = "Python"
    page.run()
    assert f'<a href="{Place(QUESTION).link}" aria-current="true">Python 1</a>' in shown(page)
    assert "Decorators" in shown(page)
    assert "Canary releases" not in shown(page)


def test_subject_that_is_gone_is_said_with_the_way_out(page: AppTest) -> None:
    page.query_params.update({"q": QUESTION, "subject": "Gardening"})
    page.run()
    assert "There is no subject 'Gardening' in this library." in shown(page)
    assert f'<a href="{Place(QUESTION).link}">Search everything</a>' in shown(page)


def test_greeting_is_answered_with_what_can_be_asked_and_is_no_gap(page: AppTest) -> None:
    page.query_params["q"] = "hello there!"
    page.run()
    assert "Ask what your notes say, in your own words." in shown(page)
    assert shown(page).count('<a href="?q=') == OFFERED
    assert service.journal().recent(5) == []


def test_useful_topic_is_found_in_other_words_until_that_is_undone(answer_page: AppTest) -> None:
    answer_page.query_params["q"] = MARKED
    answer_page.run()
    press(answer_page, "Useful")
    assert first_topic(answer_page, OTHER_WORDS) == "Decorators"
    answer_page.query_params["q"] = MARKED
    answer_page.run()
    press(answer_page, "Marked as useful · Undo")
    assert ">Useful<" in shown(answer_page)
    assert "Your notes don’t say." in first_topic(answer_page, OTHER_WORDS)


def test_answer_that_is_marked_as_none_is_no_longer_shown_as_one_until_that_is_undone(answer_page: AppTest) -> None:
    answer_page.query_params["q"] = QUESTION
    answer_page.run()
    assert "best match" in shown(answer_page)
    press(answer_page, "Not useful")
    html = shown(answer_page)
    assert "You said that the best match does not answer “how do I settle merge conflicts" in html
    assert "<mark>" not in html
    assert "best match</span>" not in html
    assert "This answers it" in html
    press(answer_page, "Marked as not answered · Undo")
    assert "best match</span>" in shown(answer_page)


def test_nearest_topic_is_made_the_answer_and_that_is_undone(answer_page: AppTest) -> None:
    assert "Your notes don’t say." in first_topic(answer_page, OTHER_WORDS)
    nearest = service.answer(request_of(Place(OTHER_WORDS))).hits[0].topic
    press(answer_page, "This answers it")
    assert first_topic(answer_page, OTHER_WORDS) == nearest
    press(answer_page, "Marked as useful · Undo")
    assert "Your notes don’t say." in first_topic(answer_page, OTHER_WORDS)


def test_saved_question_stands_on_the_empty_page_until_that_is_undone(answer_page: AppTest) -> None:
    answer_page.query_params["q"] = QUESTION
    answer_page.run()
    press(answer_page, "Save")
    assert service.journal().saved == [QUESTION]
    press(answer_page, "Saved · Undo")
    assert service.journal().saved == []


def test_mark_while_another_process_writes_is_one_sentence(
    answer_page: AppTest, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.storage.lock.LOCK_SECONDS", 0.1)
    answer_page.query_params["q"] = MARKED
    answer_page.run()
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(library.folder)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    press(answer_page, "Useful")
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert "Another process is changing the library" in shown(answer_page)
    assert "Traceback" not in shown(answer_page)
    press(answer_page, "Useful")
    assert "Marked as useful · Undo" in shown(answer_page)


def test_address_reproduces_the_filters(page: AppTest) -> None:
    page.query_params.update({"q": QUESTION, "subject": "DevOps", "slot": "example"})
    page.run()
    assert re.findall(r'aria-current="true">([^<]+)<', shown(page)) == ["DevOps 2", "Example 3"]


def test_subjects_of_a_large_library_are_a_list_that_is_filled_when_it_is_opened(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.ui.pages.ask.MAX_SUBJECTS", 1)
    page.query_params["q"] = QUESTION
    page.run()
    assert not page.selectbox
    page.session_state["subjects"] = True
    page.run()
    page.selectbox(key="subject").set_value("Python").run()
    assert page.query_params["subject"] == "Python"


def test_address_opens_a_topic_with_the_sentence_that_answered(page: AppTest) -> None:
    topic = service.contents().topics[0]
    page.query_params.update({"q": QUESTION, "topic": topic.id})
    page.run()
    assert '<article class="ta-topic"' in shown(page)
    assert "<mark>Rebase the branch, settle each file and push again.</mark>" in shown(page)
    assert f'<a class="ta-back" href="{Place(QUESTION).link}">← Back to the answer</a>' in shown(page)


def test_empty_library_says_so_to_a_question_and_notes_no_gap(page: AppTest, library: Library) -> None:
    library.remove(library.sources()[0])
    page.query_params["q"] = QUESTION
    page.run()
    assert 'This library holds no topics yet. <a href="library">' in shown(page)
    assert "don’t say" not in shown(page)
    assert service.journal().recent(1) == []


def test_address_of_a_topic_that_is_gone_says_so(page: AppTest) -> None:
    page.query_params["topic"] = "nothing"
    page.run()
    assert "not in the library any more" in shown(page)


def test_next_best_answer_is_offered_where_the_best_was_declined_until_that_is_undone(
    answer_page: AppTest, notes: Path
) -> None:
    (notes / "more.md").write_text(
        "# Work\n## Settle merge conflicts by talking\nSettle merge conflicts with whoever made the other change.\n",
        encoding="utf-8",
    )
    service.library().sync()
    first = first_topic(answer_page, QUESTION)
    press(answer_page, "Not useful")
    html = shown(answer_page)
    assert "You said that the best match does not answer this. The next best:" in html
    assert html.count(">next best match</span>") == 1
    assert first not in re.findall(r'ta-open ta-step"[^>]*>(.*?)</a>', html)
    press(answer_page, "Marked as not answered · Undo")
    assert first_topic(answer_page, QUESTION) == first


def test_question_of_a_page_that_is_loaded_again_is_asked_once(page: AppTest) -> None:
    for visitor in (page, AppTest.from_file(APP, default_timeout=30)):
        visitor.query_params["q"] = QUESTION
        visitor.run()
    assert [asked.times for asked in service.journal().recent(1)] == [1]
    page.text_input(key=BOX).set_value("decorators").run()
    page.text_input(key=BOX).set_value(QUESTION).run()
    assert [asked.times for asked in service.journal().recent(1)] == [2]
