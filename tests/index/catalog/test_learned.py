"""A question that was marked for a topic finds it again, also in other words, until that is taken back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.catalog.tables import Catalog
from index.errors import QuestionError
from index.library import Library
from index.retrieval import rank_by_words
from index.storage.database import FILE_NAME
from tests.fakes import WordCountEncoder

QUESTION = "why does the frobnicator squeak on mondays?"
OTHER_WORDS = "mondays make the frobnicator squeak"


def found(library: Library, question: str) -> tuple[str, float]:
    [hit] = library.search(question, 1)
    return hit.topic.title, hit.score


def id_of(library: Library, title: str) -> str:
    return library.search(title, 1)[0].id


@pytest.fixture
def taught(library: Library) -> Library:
    """Return the library with the question marked for Decorators."""
    library.learn(QUESTION, id_of(library, "Decorators"))
    return library


def test_learned_question_finds_its_topic_as_surely_as_its_title_does(taught: Library) -> None:
    assert found(taught, QUESTION) == ("Decorators", 1.0)
    assert found(taught, "Why does the frobnicator squeak on Mondays") == ("Decorators", 1.0)


def test_learned_question_is_found_in_other_words_by_meaning_and_by_words(taught: Library) -> None:
    title, score = found(taught, OTHER_WORDS)
    assert (title, score > 0.5) == ("Decorators", True)
    assert rank_by_words(taught.reader, "frobnicator", 3) == [hit.row_id for hit in taught.search("Decorators", 1)]


def test_learned_question_is_never_a_part_of_the_topic(taught: Library) -> None:
    [hit] = taught.search(QUESTION, 1)
    assert hit.topic.asked_as == ()
    assert "frobnicator" not in str(hit.topic.entries)


def test_filters_hold_for_learned_questions_too(taught: Library) -> None:
    found_there = {hit.topic.title for hit in taught.search(QUESTION, 5, subject="DevOps")}
    assert found_there == {"Merge conflicts", "Canary releases"}


def test_learning_writes_to_no_note(taught: Library, notes: Path) -> None:
    assert "frobnicator" not in (notes / "topics.md").read_text(encoding="utf-8")


def test_learned_question_survives_the_reading_of_its_file(taught: Library, notes: Path) -> None:
    path = notes / "topics.md"
    path.write_text(path.read_text(encoding="utf-8").replace("A timer", "A stopwatch"), encoding="utf-8")
    assert len(taught.sync().updated) == 1
    assert found(taught, QUESTION) == ("Decorators", 1.0)
    assert found(taught, OTHER_WORDS)[0] == "Decorators"


@pytest.mark.parametrize("new_name", ["renamed.md", "deeper/down/topics.md"])
def test_learned_question_goes_along_with_a_note_that_is_moved(taught: Library, notes: Path, new_name: str) -> None:
    before = id_of(taught, "Decorators")
    (notes / new_name).parent.mkdir(parents=True, exist_ok=True)
    (notes / "topics.md").rename(notes / new_name)
    taught.sync()
    assert found(taught, QUESTION) == ("Decorators", 1.0)
    assert id_of(taught, "Decorators") == before
    text = (notes / new_name).read_text(encoding="utf-8")
    (notes / new_name).write_text(text.replace("A timer", "A stopwatch"), encoding="utf-8")
    taught.sync()
    assert (found(taught, QUESTION), id_of(taught, "Decorators")) == (("Decorators", 1.0), before)


def test_learned_question_goes_along_with_a_note_whose_title_is_its_name(taught: Library, notes: Path) -> None:
    text = "To reef, head up, ease the main sheet, and tie the second reef.\n"
    (notes / "Sailing.md").write_text(text, encoding="utf-8")
    taught.sync()
    taught.learn("when the wind howls", id_of(taught, "Sailing"))
    (notes / "Sailing.md").rename(notes / "Reefing.md")
    taught.sync()
    assert found(taught, "when the wind howls") == ("Reefing", 1.0)


def test_learned_question_goes_along_with_a_section_that_is_cut_out(taught: Library, notes: Path) -> None:
    text = (notes / "topics.md").read_text(encoding="utf-8")
    devops, python = text.split("# Python")
    (notes / "topics.md").write_text(devops, encoding="utf-8")
    (notes / "python.md").write_text(f"# Snakes{python}", encoding="utf-8")
    taught.sync()
    assert found(taught, QUESTION) == ("Decorators", 1.0)
    assert taught.search(QUESTION, 1)[0].path == "python.md"


def test_learned_question_works_again_when_its_topic_returns(taught: Library, notes: Path) -> None:
    text = (notes / "topics.md").read_text(encoding="utf-8")
    (notes / "topics.md").unlink()
    taught.sync(prune=True)
    assert taught.search(QUESTION, 1) == []
    (notes / "topics.md").write_text(text, encoding="utf-8")
    taught.sync()
    assert found(taught, QUESTION) == ("Decorators", 1.0)
    assert found(taught, OTHER_WORDS)[0] == "Decorators"


def test_learned_question_survives_another_model(taught: Library) -> None:
    with closing(Library(taught.folder, WordCountEncoder("other", dimension=64))) as other:
        other.sync(reembed=True)
        assert found(other, OTHER_WORDS)[0] == "Decorators"


def test_learned_question_that_is_taken_back_is_gone(taught: Library) -> None:
    before = taught.search("Decorators", 1)[0]
    taught.unlearn(QUESTION.upper(), before.id)
    assert taught.learned() == []
    assert found(taught, QUESTION)[1] < 0.5
    assert [hit.id for hit in taught.search("Decorators", 1)] == [before.id]


def test_all_that_was_learned_is_taken_back_in_one_change(taught: Library) -> None:
    taught.learn(OTHER_WORDS, id_of(taught, "Decorators"))
    taught.learn(QUESTION, id_of(taught, "Canary releases"))
    before = taught.snapshot().revision
    taught.unlearn()
    assert (taught.learned(), taught.snapshot().revision) == ([], before + 1)
    assert found(taught, QUESTION)[1] < 0.5


@pytest.mark.parametrize("is_moved", [True, False])
def test_question_that_is_taken_back_is_in_no_file_any_more_though_the_library_is_open_elsewhere(
    taught: Library, is_moved: bool
) -> None:
    with closing(Catalog(taught.folder)) as other:
        if is_moved:
            other.leave_nothing_beside(1.0)
        assert topics_containing(taught.folder, b"frobnic") != []
        taught.unlearn(QUESTION)
        assert topics_containing(taught.folder, b"frobnic") == []


def topics_containing(folder: Path, text: bytes) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and text in path.read_bytes()]


def test_other_questions_find_what_they_found_before(library: Library) -> None:
    questions = ["two people overwrite each other", "a new version for a few users", "functions that wrap functions"]
    before = [[(hit.id, round(hit.score, 5)) for hit in library.search(question, 3)] for question in questions]
    library.learn(QUESTION, id_of(library, "Decorators"))
    library.unlearn(QUESTION, id_of(library, "Decorators"))
    assert [[(hit.id, round(hit.score, 5)) for hit in library.search(question, 3)] for question in questions] == before


def test_another_reader_sees_it_at_once(library: Library) -> None:
    with closing(Library(library.folder, WordCountEncoder())) as reader:
        assert found(reader, QUESTION)[1] < 0.5
        library.learn(QUESTION, id_of(library, "Decorators"))
        assert found(reader, QUESTION) == ("Decorators", 1.0)


def test_one_new_vector_is_all_that_learning_costs(library: Library, encoder: WordCountEncoder) -> None:
    topic_id = id_of(library, "Decorators")
    encoder.encoded.clear()
    library.learn(QUESTION, topic_id)
    assert encoder.encoded == [QUESTION]


def test_topic_that_is_not_there_can_learn_nothing(library: Library) -> None:
    with pytest.raises(QuestionError, match="That topic is no longer in the library"):
        library.learn(QUESTION, "no such id")
    assert library.learned() == []


def test_library_of_the_version_before_learns_too(library: Library) -> None:
    library.close()
    with closing(sqlite3.connect(library.folder / FILE_NAME)) as db:
        db.executescript(
            "DROP TABLE learned; DROP INDEX topic_stable; DROP TABLE link; DROP TABLE topic_name; DROP TABLE past;"
            "DROP TABLE token_signs; ALTER TABLE topic DROP COLUMN properties;"
            "ALTER TABLE document DROP COLUMN inode; ALTER TABLE document DROP COLUMN changed_ns;"
            "PRAGMA user_version = 2;"
        )
    with closing(Catalog(library.folder)) as brought_forward:
        assert brought_forward.all_learned() == []
    with closing(Library(library.folder, WordCountEncoder())) as opened:
        opened.learn(QUESTION, id_of(opened, "Decorators"))
        assert found(opened, QUESTION) == ("Decorators", 1.0)
