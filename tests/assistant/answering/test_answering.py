"""A question goes in, an Answer comes out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answer import ReadAs
from assistant.answering.answering import ask
from index.errors import QuestionError, SettingError
from index.library import Library
from tests.fakes import TokenEncoder

QUESTION = "how do I settle merge conflicts with a rebase?"


def test_answer_names_the_sentence_its_slot_and_its_line(library: Library) -> None:
    answer = ask(library, QUESTION)
    assert answer.answered
    assert answer.answer is not None
    assert answer.answer.text == "Rebase the branch, settle each file and push again."
    assert (answer.answer.topic, answer.answer.slot) == ("Merge conflicts", "How")
    assert (answer.answer.path, answer.answer.line) == ("topics.md", 5)


def test_line_of_a_jsonl_holds_the_whole_text_of_its_topic(library: Library, notes: Path) -> None:
    record = {"_id": "1", "title": "Kettle", "text": "It is blue.\n\nDescale the kettle with vinegar."}
    (notes / "things.jsonl").write_text("\n" + json.dumps(record))
    library.sync()
    answer = ask(library, "how do I descale the kettle with vinegar?")
    assert answer.answer is not None
    assert (answer.answer.text, answer.answer.line) == ("Descale the kettle with vinegar.", 2)


def test_line_is_right_in_a_slot_that_a_note_fills_twice(library: Library, notes: Path) -> None:
    text = "# Trips\n## Alaska\n*What:* Cold.\n\n*How:* Fly.\n\n\n*What:* A whale glacier calves.\n"
    (notes / "trips.md").write_text(text)
    library.sync()
    answer = ask(library, "whale glacier calves in Alaska")
    assert answer.answer is not None
    assert (answer.answer.text, answer.answer.line) == ("A whale glacier calves.", 8)


def test_best_card_holds_every_entry_and_highlights_the_sentence(library: Library) -> None:
    card = ask(library, QUESTION).hits[0]
    assert list(card.entries) == ["What", "How", "Example"]
    (start, end) = card.highlights[0]
    assert card.text[start:end] == "Rebase the branch, settle each file and push again."
    assert card.text == card.entries["How"]


def test_question_about_something_else_is_not_answered(library: Library) -> None:
    answer = ask(library, "which pizza dough needs least yeast?")
    assert not answer.answered
    assert answer.answer is None
    assert answer.related == ()
    assert all(not card.highlights for card in answer.hits)


def test_tokens_tell_which_entry_answers_where_no_slot_is_asked_for(
    library_of: Callable[..., Library], notes: Path
) -> None:
    text = "# Pots\n## Kettle\n*What:* blue blue lime descale.\n\n*How:* vinegar descale lime.\n"
    (notes / "pots.md").write_text(text)
    library = library_of(notes, TokenEncoder())
    [hit] = library.search("vinegar lime", 1)
    assert hit.topic.title == "Kettle"
    assert ask(library, "vinegar lime").hits[0].slot == "How"
    assert ask(library, "vinegar lime", slot="What").hits[0].slot == "What"


def test_limit_is_the_number_of_topics(library: Library) -> None:
    assert len(ask(library, QUESTION, limit=1).hits) == 1
    assert len(ask(library, QUESTION, limit=3).hits) == 3


def test_limit_changes_nothing_about_the_first_topic(library: Library) -> None:
    few, many = ask(library, QUESTION, limit=1), ask(library, QUESTION, limit=3)
    assert (few.answer, few.confidence, few.hits[0]) == (many.answer, many.confidence, many.hits[0])


def test_slot_given_wins_over_the_form_of_the_question(library: Library) -> None:
    answer = ask(library, QUESTION, slot="Example")
    assert answer.slot == "Example"
    assert {card.slot for card in answer.hits} == {"Example"}


def test_slot_asked_for_is_preferred_to_a_slightly_better_entry(library: Library) -> None:
    assert ask(library, "show me merge conflicts").hits[0].slot == "Example"


def test_entry_that_holds_the_words_is_shown_where_no_slot_is_asked_for(library: Library) -> None:
    assert ask(library, "canary shift").hits[0].slot == "How"
    assert ask(library, "what is a canary shift?").hits[0].slot == "What"


def test_subject_keeps_other_subjects_out(library: Library) -> None:
    assert [card.topic for card in ask(library, QUESTION, subject="python").hits] == ["Decorators"]


def test_way_a_topic_is_also_asked_for_finds_it_and_is_never_shown(library: Library) -> None:
    answer = ask(library, "git says CONFLICT")
    assert answer.hits[0].topic == "Merge conflicts"
    assert "CONFLICT" not in json.dumps(answer.to_json()["hits"])


@pytest.mark.parametrize("question", ["", "   ", "\n"])
def test_empty_question_is_refused_with_an_example(library: Library, question: str) -> None:
    with pytest.raises(QuestionError, match="The question is empty"):
        ask(library, question)


def test_question_longer_than_the_model_reads_is_refused(library: Library) -> None:
    with pytest.raises(QuestionError, match=r"too long: 41 tokens .* at most 40"):
        ask(library, "word " * 41)


def test_half_a_surrogate_pair_does_not_break_anything(library: Library) -> None:
    assert ask(library, "merge conflicts \ud83d").hits[0].topic == "Merge conflicts"


def test_empty_library_answers_that_it_does_not_know(library: Library, notes: Path) -> None:
    library.remove(notes)
    answer = ask(library, "anything at all")
    assert (answer.answered, answer.confidence, answer.hits, answer.slot) == (False, 0.0, (), None)


def test_json_is_the_contract_field_by_field(library: Library) -> None:
    record = ask(library, QUESTION, id="q1").to_json()
    assert list(record) == [
        "id", "question", "answered", "confidence", "slot", "answer", "hits", "related", "elapsed_ms",
        "found_by", "kind", "parts", "others", "note", "read_as", "follow_up", "filter",
    ]  # fmt: skip
    assert list(record["answer"]) == ["text", "subject", "topic", "slot", "path", "line", "more", "anchor"]
    assert list(record["hits"][0]) == [
        "id", "subject", "topic", "slot", "score", "text", "highlights", "why", "path", "line", "entries",
        "parents", "anchor", "stands",
    ]  # fmt: skip
    assert record["id"] == "q1"
    assert json.loads(json.dumps(record))["hits"][0]["highlights"] == [[0, 51]]


def test_threshold_is_a_setting(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(library, QUESTION).answered
    monkeypatch.setenv("TOPICS_THRESHOLD", "1.0")
    assert not ask(library, QUESTION).answered


def test_nothing_found_is_no_answer_where_every_answer_is_trusted(
    library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.remove(notes)
    monkeypatch.setenv("TOPICS_THRESHOLD", "0")
    assert not ask(library, "anything at all").answered


@pytest.mark.parametrize("said", ["half", "1.5", "nan"])
def test_threshold_that_is_none_is_named(library: Library, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("TOPICS_THRESHOLD", said)
    with pytest.raises(SettingError, match=f"TOPICS_THRESHOLD is '{said}'"):
        ask(library, "merge conflicts")


def test_day_is_found_however_question_and_note_write_it(library: Library, notes: Path) -> None:
    log = "# Log\n## 2026-03-19\nCalled the plumber.\n## 2026-03-20\nThe pump hums.\n## 2026-05-20\nAll is well.\n"
    (notes / "log.md").write_text(log)
    (notes / "march.md").write_text("# Music\n## March\nWhat happened on stage in March: a march.\n")
    library.sync()
    for question in ("what happened on 20 March 2026?", "what happened on March 20th?", "was war am 20. März 2026?"):
        assert ask(library, question).hits[0].topic == "2026-03-20", question
    assert ask(library, "what happened on 20 March?").confidence > ask(library, "what happened on 21 March?").confidence


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("how do I publish a crate to the shelf?", False),
        ("how do I fold a crate?", True),
        ("where are crates published?", True),
    ],
)
def test_row_that_says_no_more_than_the_question_tells_no_way(
    tmp_path: Path, library_of: Callable[..., Library], question: str, *, answered: bool
) -> None:
    rows = "| shelf | crates published | shelf.example |\n| fold | a crate by its long side |"
    (tmp_path / "crates.md").write_text(f"# Crates\n\n## Tools\n\n| Tool | What for | Docs |\n|---|---|---|\n{rows}\n")
    assert ask(library_of(tmp_path / "crates.md"), question, threshold=0.05).answered is answered


def test_name_that_one_note_abbreviates_is_known_in_the_others(
    tmp_path: Path, library_of: Callable[..., Library]
) -> None:
    text = "# Mail\n\n## Very Large Queue (VLQ)\n\nFull on Mondays.\n\n## Purge\n\nThe VLQ is emptied by a purge.\n"
    (tmp_path / "mail.md").write_text(text)
    library = library_of(tmp_path / "mail.md")
    answer = ask(library, "how is the very large queue emptied by a purge?", threshold=0.05)
    assert (answer.hits[0].topic, answer.read_as) == ("Purge", (ReadAs("very large queue", "VLQ"),))
    assert ask(library, answer.question, as_typed=True).read_as == ()
