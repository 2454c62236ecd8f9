from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.answering.by_words import ask_by_words
from index.errors import QuestionError
from index.indexing.unindexed import FirstWords
from index.library import Library
from tests.fakes import WordCountEncoder


@pytest.fixture
def words(tmp_path: Path, notes: Path) -> FirstWords:
    library = Library(tmp_path / "library", WordCountEncoder())
    library.remove("builtin")
    library.add(notes)
    words = FirstWords()
    words.read_all(library.compared())
    return words


def asked(words: FirstWords, question: str) -> Answer:
    return ask_by_words(words, question, limit=5)


def test_the_topics_that_hold_the_words_come_and_no_word_on_whether_they_answer(words: FirstWords) -> None:
    answer = asked(words, "how do I settle conflicts when I rebase?")
    assert answer.hits[0].topic == "Merge conflicts"
    assert (answer.answered, answer.confidence, answer.answer, answer.related) == (False, 0.0, None, ())
    assert answer.to_json()["found_by"] == "words"


def test_the_entry_that_holds_most_of_the_words_is_shown_with_them(words: FirstWords) -> None:
    [card] = asked(words, "which service rolled back within a minute?").hits
    assert (card.slot, card.highlights) == ("Example", ())
    assert set(card.why) >= {"service", "rolled", "minute"}
    assert (card.path, card.line) == ("topics.md", 12)


def test_a_slot_that_is_asked_for_is_the_one_shown(words: FirstWords) -> None:
    [card] = asked(words, "which service rolled back within a minute? slot:what").hits
    assert card.slot == "What"


def test_a_word_that_no_note_holds_finds_nothing(words: FirstWords) -> None:
    assert asked(words, "what is a frobnicator?").hits == ()


def test_no_question_is_refused_as_ever(words: FirstWords) -> None:
    with pytest.raises(QuestionError, match="The question is empty"):
        asked(words, "  ")
