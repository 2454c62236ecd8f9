"""`topics journal`, `mark` and `gaps`: what was asked, what was useful, and what the notes lack."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tests.assistant.running import QUESTION, YEAST, Topics, asked


def test_question_marked_as_useful_is_answered_until_that_is_taken_back(own: Topics) -> None:
    assert not asked(own("ask", "--json", YEAST))["answered"]
    marked = own("mark", "useful", YEAST, "--topic", "decorators")
    assert (marked.code, "Marked 'Decorators' as useful" in marked.err) == (0, True)
    assert asked(own("ask", "--json", "pizza dough, least yeast"))["hits"][0]["topic"] == "Decorators"
    assert own("mark", "undo", YEAST).code == 0
    assert not asked(own("ask", "--json", YEAST))["answered"]


def test_mark_without_a_topic_is_about_the_one_found_first(own: Topics) -> None:
    assert "Marked 'Merge conflicts' as wrong" in own("mark", "wrong", QUESTION).err
    own("ask", QUESTION)
    assert QUESTION in own("gaps").out


def test_mark_for_a_topic_that_is_not_there_names_the_nearest(own: Topics) -> None:
    result = own("mark", "useful", YEAST, "--topic", "releasing to a few users")
    assert result.code == 1
    assert "no topic with the title 'releasing to a few users'. The nearest: 'Canary releases'." in result.err


@pytest.mark.parametrize("title", ["canary", "Canary relaeses", "DevOps > Canary releases", "2. Canary releases"])
def test_mark_forgives_how_a_title_is_typed(own: Topics, title: str) -> None:
    assert "Marked 'Canary releases' as useful" in own("mark", "useful", YEAST, "--topic", title).err
    assert own("mark", "undo", YEAST, "--topic", title).code == 0


def test_mark_for_one_of_several_topics_asks_back(own: Topics) -> None:
    result = own("mark", "useful", YEAST, "--topic", "c")
    assert result.code == 1
    assert "'c' may mean any of 2 topics; give more of the title, or a place:" in result.err


@pytest.mark.parametrize("how", ["useful", "wrong", "undo"])
def test_empty_question_is_not_marked(own: Topics, how: str) -> None:
    result = own("mark", how, " ")
    assert (result.code, "The question is empty." in result.err) == (1, True)
    assert asked(own("journal", "--json"))["marks"] == []


def test_words_in_another_encoding_are_marked_and_erased(own: Topics) -> None:
    assert own("mark", "useful", "caf\udce9", "--topic", "Decorators").code == 0
    assert own("mark", "wrong", "caf\udce9", "--topic", "Canary releases").code == 0
    assert [one["question"] for one in asked(own("journal", "--json"))["marks"]] == ["caf?", "caf?"]
    assert own("journal", "--erase", "--yes", "--question", "caf\udce9").code == 0
    assert asked(own("journal", "--json"))["marks"] == []


def test_undoing_what_was_never_marked_says_so(own: Topics) -> None:
    result = own("mark", "undo", QUESTION)
    assert (result.code, "Nothing is marked for" in result.err) == (1, True)


def test_journal_lists_what_was_asked_and_a_batch_is_not(own: Topics, tmp_path: Path) -> None:
    (tmp_path / "batch.jsonl").write_text('{"question": "decorators"}\n')
    own("ask", "--batch", tmp_path / "batch.jsonl")
    own("ask", YEAST)
    record = json.loads(own("journal", "--json").out)
    assert [(one["question"], one["answered"], one["times"]) for one in record["asked"]] == [(YEAST, False, 1)]
    assert "not answered" in own("journal").out


def test_journal_that_is_off_records_nothing(own: Topics) -> None:
    assert "not recorded any more" in own("journal", "--off").err
    own("ask", YEAST)
    assert json.loads(own("journal", "--json").out) == {"on": False, "asked": [], "saved": [], "marks": []}


def test_erasing_asks_first(own: Topics, monkeypatch: pytest.MonkeyPatch) -> None:
    own("ask", YEAST)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert own("journal", "--erase").code == 1
    assert YEAST in own("journal").out
    assert own("journal", "--erase", "--yes").code == 0
    assert "No question is recorded." in own("journal").out


def test_question_to_erase_without_erase_is_wrong_usage(own: Topics) -> None:
    assert own("journal", "--question", YEAST).code == 2


def test_question_is_answered_where_it_cannot_be_recorded(own: Topics, tmp_path: Path) -> None:
    (tmp_path / "library" / "journal.sqlite3").mkdir()
    result = own("ask", QUESTION)
    assert (result.code, result.err) == (0, "")


def test_gaps_are_written_as_topics_to_fill_in_and_no_file_is_overwritten(own: Topics, tmp_path: Path) -> None:
    stubs = tmp_path / "to-write.md"
    assert own("gaps", "--stubs", stubs).out == "No question is unanswered at present.\n"
    assert not stubs.exists()
    own("ask", YEAST)
    assert json.loads(own("gaps", "--json").out)["gaps"][0]["questions"] == [YEAST]
    assert own("gaps", "--stubs", stubs).code == 0
    assert stubs.read_text(encoding="utf-8").startswith("## Which pizza dough needs least yeast\n*What:*\n")
    again = own("gaps", "--stubs", stubs)
    assert (again.code, "exists, and is left as it is" in again.err) == (1, True)


def test_journal_as_json_says_what_a_mark_is_by_its_word_and_as_before(own: Topics) -> None:
    own("ask", "decorators")
    own("mark", "wrong", "decorators")
    record = json.loads(own("journal", "--json").out)
    assert [(one["feedback"], one["useful"]) for one in record["asked"] + record["marks"]] == [("wrong", False)] * 2
