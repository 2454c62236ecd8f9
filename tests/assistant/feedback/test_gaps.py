"""What the notes leave unanswered, grouped, with a stub that becomes a topic when it is filled in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.answering.answering import ask
from assistant.feedback import Feedback
from assistant.feedback import marks as learning
from assistant.feedback.gaps import find_gaps, stub, title
from assistant.feedback.journal import Journal
from index.formats.note import read_note
from index.library import Library

YEAST = "which pizza dough needs least yeast?"


@pytest.fixture
def journal(library: Library) -> Iterator[Journal]:
    """Return the library's journal."""
    with closing(Journal(library.folder)) as made:
        yield made


def ask_all(library: Library, journal: Journal, *questions: str) -> None:
    for question in questions:
        assert journal.record(ask(library, question))


def test_unanswered_questions_alike_are_one_gap_and_the_most_asked_comes_first(
    library: Library, journal: Journal
) -> None:
    ask_all(library, journal, "rotate tls certificate", YEAST, "pizza dough yeast", YEAST)
    assert [(gap.questions, gap.count) for gap in find_gaps(library, journal)] == [
        ((YEAST, "pizza dough yeast"), 3),
        (("rotate tls certificate",), 1),
    ]


def test_answered_question_is_no_gap(library: Library, journal: Journal) -> None:
    ask_all(library, journal, "merge conflicts")
    assert find_gaps(library, journal) == []


def test_answer_marked_as_wrong_is_a_gap(library: Library, journal: Journal) -> None:
    ask_all(library, journal, "merge conflicts")
    learning.mark(library, journal, "Merge conflicts?", ask(library, "merge conflicts").hits[0].id, Feedback.WRONG)
    assert [gap.questions for gap in find_gaps(library, journal)] == [("merge conflicts",)]


def test_words_that_nobody_knows_are_a_gap_once_they_are_asked_again(
    library: Library, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(library.encoder.tokenizer), "count_tokens", lambda _, text: 1 if text == "pizza" else 3)
    ask_all(library, journal, "blorf wug tam", "pizza oven", "what is blorf?", "snorf florn", "snorf florn")
    assert {question for gap in find_gaps(library, journal) for question in gap.questions} == {
        *("pizza oven", "what is blorf?", "snorf florn"),
    }


def test_gap_is_closed_by_a_note_that_answers(library: Library, journal: Journal, notes: Path) -> None:
    ask_all(library, journal, YEAST)
    (notes / "pizza.md").write_text("# Pizza\n## Which pizza dough needs least yeast\nThe one that rests overnight.\n")
    library.sync()
    assert find_gaps(library, journal) == []


def test_gap_is_closed_by_a_mark(library: Library, journal: Journal) -> None:
    ask_all(library, journal, YEAST)
    learning.mark(library, journal, YEAST, library.search("Decorators", 1)[0].id, Feedback.USEFUL)
    assert find_gaps(library, journal) == []
    learning.take_back(library, journal, YEAST, library.search("Decorators", 1)[0].id)
    assert len(find_gaps(library, journal)) == 1


def test_stub_that_is_filled_in_becomes_a_topic_found_by_its_questions() -> None:
    made = stub(["How do I rotate a TLS certificate?", "new certificate; how"])
    [topic] = read_note(made.replace("*How:*", "*How:* Renew it and reload."), "stubs").topics
    assert (topic.title, [entry.slot for entry in topic.entries]) == ("Rotate a TLS certificate", ["How"])
    assert topic.asked_as == ("How do I rotate a TLS certificate?", "new certificate, how")


def test_stub_that_is_not_filled_in_answers_nothing() -> None:
    assert read_note(stub([YEAST]), "stubs").topics == ()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("how to undo a release", "Undo a release"),
        ("Can we use GPUs in Docker?", "Use GPUs in Docker"),
        ("what's the GIL?", "GIL"),
        ("why does my pod crash", "Why does my pod crash"),
        ("`is` vs `==`", "`is` vs `==`"),
        ("# hash\nand more", "Hash and more"),
        ("???", "???"),
    ],
)
def test_title_is_what_a_question_asks_about(question: str, expected: str) -> None:
    assert title(question) == expected


def test_erasing_forgets_what_was_asked_and_what_was_learned(library: Library, journal: Journal) -> None:
    ask_all(library, journal, YEAST)
    decorators = library.search("Decorators", 1)[0].id
    for question in (YEAST, "tall ships"):
        learning.mark(library, journal, question, decorators, Feedback.USEFUL)
    learning.erase(library, journal, "Tall ships?")
    assert [mark.question for mark in learning.marked(library, journal)] == [YEAST]
    learning.erase(library, journal)
    assert (library.learned(), journal.recent(10), learning.marked(library, journal)) == ([], [], [])


def test_what_was_dismissed_and_what_asks_for_nothing_is_no_gap(library: Library, journal: Journal) -> None:
    ask_all(library, journal, YEAST, "asdfghjkl", "sdfkjh", "rotate tls certificate")
    journal.dismiss([YEAST])
    assert [(gap.title, gap.questions) for gap in find_gaps(library, journal)] == [
        ("Rotate tls certificate", ("rotate tls certificate",))
    ]


def test_question_that_only_its_own_filter_leaves_unanswered_is_no_gap(library: Library, journal: Journal) -> None:
    subject = next(name for name in library.subjects() if name != ask(library, "merge conflicts").hits[0].subject)
    ask_all(library, journal, f'merge conflicts subject:"{subject}"', f'{YEAST} subject:"{subject}"')
    assert [gap.questions for gap in find_gaps(library, journal)] == [(f'{YEAST} subject:"{subject}"',)]
