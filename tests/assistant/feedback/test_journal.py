"""The journal keeps what was asked, never fails a question, and is erased at will."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.answer import Answer, TopicResult
from assistant.feedback import Feedback, journal_file
from assistant.feedback import journal as journal_module
from assistant.feedback.journal import Journal, Mark
from assistant.feedback.journal_file import FILE_NAME, JournalFile
from index.engine.server.address import read_address
from index.engine.server.storage import ServerStorage
from index.errors import LibraryError
from index.storage import JournalStore
from tests.disks import read_only
from tests.servers import TestServer


@pytest.fixture(params=["in a folder", "on a server"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[JournalStore]:
    """Return where an empty journal is kept."""
    if request.param == "in a folder":
        yield JournalFile(tmp_path)
    else:
        server: TestServer = request.getfixturevalue("server")
        with closing(ServerStorage(read_address(server.address()))) as storage:
            yield storage.journal()


@pytest.fixture
def journal(store: JournalStore) -> Iterator[Journal]:
    """Return an empty journal, wherever it is kept."""
    with closing(Journal(store)) as made:
        yield made


@pytest.fixture
def in_folder(tmp_path: Path) -> Iterator[Journal]:
    """Return the journal of an empty folder."""
    with closing(Journal(tmp_path)) as made:
        yield made


def answer(question: str, *, answered: bool = True, topic: str = "Decorators") -> Answer:
    card = TopicResult(
        f"id of {topic}", "Python", topic, "What", 0.8, "Text.", (), (), "topics.md", 3, {"What": "Text."}
    )
    return Answer(question, answered, 0.75, "What", None, (card,), (), 1.5)


def test_question_is_kept_with_what_came_of_it(journal: Journal) -> None:
    assert journal.record(answer("what wraps a function?", answered=False))
    [asked] = journal.recent(10)
    assert (asked.question, asked.answered, asked.confidence) == ("what wraps a function?", False, 0.75)
    assert (asked.topic_id, asked.topic, asked.feedback) == ("id of Decorators", "Decorators", None)
    assert asked.at.tzname() == "UTC"


def test_question_without_any_topic_is_kept_too(journal: Journal) -> None:
    journal.record(Answer("anything?", False, 0.0, None, None, (), (), 1.0))
    assert [(one.topic_id, one.topic) for one in journal.recent(10)] == [("", "")]


def test_recent_questions_are_each_there_once_the_last_first(journal: Journal) -> None:
    for question in ("Decorators?", "canaries", "decorators", "merging"):
        journal.record(answer(question))
    assert [(one.question, one.times) for one in journal.recent(2)] == [("merging", 1), ("decorators", 2)]


def test_oldest_questions_go(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "KEPT", 2)
    for question in ("first", "second", "third"):
        journal.record(answer(question))
    assert [one.question for one in journal.recent(10)] == ["third", "second"]


def test_unanswered_are_those_without_an_answer_and_those_marked_wrong_most_asked_first(journal: Journal) -> None:
    journal.record(answer("good"))
    journal.record(answer("wrong one"))
    journal.record(answer("unknown", answered=False))
    journal.record(answer("unknown", answered=False))
    journal.mark("wrong one", "id of Decorators", Feedback.WRONG)
    assert [(one.question, one.times) for one in journal.unanswered(10)] == [("unknown", 2), ("wrong one", 1)]


def test_question_answered_when_last_asked_is_not_unanswered(journal: Journal) -> None:
    journal.record(answer("late", answered=False))
    journal.record(answer("late"))
    assert journal.unanswered(10) == []


def test_mark_is_seen_beside_its_question_and_the_last_one_counts(journal: Journal) -> None:
    journal.record(answer("What wraps?"))
    journal.mark("what wraps", "id of Decorators", Feedback.USEFUL)
    journal.mark("what wraps", "id of Decorators", Feedback.WRONG)
    assert [one.feedback for one in journal.recent(1)] == [Feedback.WRONG]
    assert journal.marks("WHAT WRAPS?") == [Mark("what wraps", "id of Decorators", Feedback.WRONG)]


def test_undone_mark_is_gone_and_others_stay(journal: Journal) -> None:
    journal.mark("q", "a", Feedback.USEFUL)
    journal.mark("q", "b", Feedback.WRONG)
    journal.undo("Q?", "a")
    assert journal.marks() == [Mark("q", "b", Feedback.WRONG)]


def test_saved_questions_are_listed_until_they_are_unsaved(journal: Journal) -> None:
    journal.save("first?")
    journal.save("second?")
    assert journal.saved == ["second?", "first?"]
    journal.unsave("First")
    assert journal.saved == ["second?"]


def test_turned_off_it_records_nothing_whoever_opens_it(journal: Journal, store: JournalStore) -> None:
    journal.turn(on=False)
    other = Journal(store)
    assert not other.is_on
    assert not other.record(answer("private"))
    journal.turn(on=True)
    assert journal.is_on
    assert journal.recent(10) == []


def test_turned_off_it_keeps_what_is_marked_by_hand(journal: Journal) -> None:
    journal.turn(on=False)
    journal.mark("q", "a", Feedback.USEFUL)
    assert len(journal.marks()) == 1


def test_erasing_leaves_nothing_on_the_disk_but_the_switch(in_folder: Journal, tmp_path: Path) -> None:
    in_folder.turn(on=False)
    in_folder.save("the heron's nest")
    in_folder.mark("the heron's nest", "a", Feedback.USEFUL)
    in_folder.erase()
    assert (in_folder.saved, in_folder.marks(), in_folder.is_on) == ([], [], False)
    assert [path.name for path in tmp_path.iterdir() if b"heron" in path.read_bytes()] == []


def test_erasing_one_question_keeps_the_others(journal: Journal) -> None:
    journal.record(answer("heron"))
    journal.record(answer("stork"))
    journal.erase("Heron?")
    assert [one.question for one in journal.recent(10)] == ["stork"]


def test_nothing_is_made_by_looking(in_folder: Journal, tmp_path: Path) -> None:
    assert (in_folder.recent(10), in_folder.marks(), in_folder.saved, in_folder.is_on) == ([], [], [], True)
    in_folder.erase()
    assert list(tmp_path.iterdir()) == []


def test_folder_that_cannot_be_written_fails_no_question(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "nowhere")
    assert not journal.record(answer("q"))
    with pytest.raises(LibraryError, match=r"The journal at .* cannot be used .* no note\."):
        journal.save("q")


def test_what_was_kept_is_read_in_a_read_only_folder_where_nothing_more_can_be(
    in_folder: Journal, tmp_path: Path
) -> None:
    in_folder.record(answer("before"))
    in_folder.save("heron")
    in_folder.close()
    top = Path(tempfile.mkdtemp())  # every user may enter it, unlike the folder of a test
    top.chmod(0o755)
    shutil.copy(tmp_path / FILE_NAME, top)
    with read_only(top), closing(Journal(top)) as copied:
        assert [one.question for one in copied.recent(10)] == ["before"]
        assert copied.saved == ["heron"]
        assert not copied.record(answer("after"))
        with pytest.raises(LibraryError, match="See that its folder can be written"):
            copied.mark("before", "a", Feedback.USEFUL)
    shutil.rmtree(top)


def test_damaged_file_fails_no_question(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite3").write_bytes(b"neither a database nor short enough to be an empty one" * 40)
    journal = Journal(tmp_path)
    assert not journal.record(answer("q"))
    with pytest.raises(LibraryError, match="not a database"):
        journal.recent(10)


def test_locked_file_fails_no_question_and_holds_it_up_for_a_moment_only(
    in_folder: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_file, "BUSY_SECONDS", 0.01)
    in_folder.record(answer("before"))
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert not in_folder.record(answer("meanwhile"))
    assert in_folder.record(answer("after"))
    assert [one.question for one in in_folder.recent(10)] == ["after", "before"]


def test_file_that_was_deleted_is_made_anew(in_folder: Journal, tmp_path: Path) -> None:
    in_folder.record(answer("before"))
    for path in tmp_path.iterdir():
        path.unlink()
    assert in_folder.record(answer("after"))
    assert [one.question for one in in_folder.recent(10)] == ["after"]


def test_page_that_is_loaded_again_counts_its_question_once(journal: Journal) -> None:
    asked = answer("what is GitOps?", answered=False)
    assert journal.record(asked, is_shown_again=True)
    journal.record(asked, is_shown_again=True)
    assert [one.times for one in journal.recent(5)] == [1]
    journal.record(asked)
    assert [one.times for one in journal.recent(5)] == [2]


def test_dismissed_question_is_unanswered_no_more_until_it_is_brought_back(journal: Journal) -> None:
    journal.record(answer("what is GitOps?", answered=False))
    journal.dismiss(["What is GitOps"])
    assert (journal.unanswered(5), journal.dismissed) == ([], ["What is GitOps"])
    journal.restore("what is gitops?")
    assert [one.question for one in journal.unanswered(5)] == ["what is GitOps?"]
    journal.dismiss(["what is GitOps?"])
    journal.erase()
    assert journal.dismissed == []


def test_journal_of_an_older_format_is_read_and_can_dismiss(in_folder: Journal, tmp_path: Path) -> None:
    in_folder.record(answer("what is GitOps?", answered=False))
    in_folder.close()
    with closing(sqlite3.connect(tmp_path / "journal.sqlite3")) as older:
        older.executescript("DROP TABLE dismissed; PRAGMA user_version = 1;")
    with closing(Journal(tmp_path)) as opened:
        assert len(opened.unanswered(5)) == 1
        opened.dismiss(["what is GitOps?"])
        assert opened.unanswered(5) == []


def test_all_of_it_comes_along_to_another_place_but_that_it_was_turned_on(
    journal: Journal, store: JournalStore, tmp_path: Path, server: TestServer
) -> None:
    journal.turn(on=True)
    journal.record(answer("heron", answered=False))
    journal.record(answer("heron", answered=False))
    journal.mark("stork", "a", Feedback.WRONG)
    journal.save("crane")
    journal.dismiss(["swan"])
    (tmp_path / "other").mkdir()
    with closing(ServerStorage(read_address(server.address()))) as storage:
        for other in (Journal(tmp_path / "other"), Journal(storage.journal(), is_on_at_first=False)):
            journal.copy_to(other)
            assert other.recent(5) == journal.recent(5)
            assert [question.times for question in other.unanswered(5)] == [2]
            assert (other.marks(), other.saved, other.dismissed) == (journal.marks(), ["crane"], ["swan"])
            assert other.is_on == other.is_on_at_first
        journal.turn(on=False)
        journal.copy_to(other)
        assert not other.is_on
