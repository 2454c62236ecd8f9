"""What was erased or deleted stands in no file of a library any more, by any spelling of its bytes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.feedback import Feedback, journal_file
from assistant.feedback.journal import Journal
from assistant.feedback.journal_file import FILE_NAME as JOURNAL
from assistant.feedback.journal_file import JournalFile
from assistant.feedback.marks import erase, mark
from index.catalog.tables import Catalog
from index.engine.local import storage as storage_module
from index.engine.local.lexical import LexicalIndex
from index.errors import LibraryError
from index.library import Library
from index.storage.database import FILE_NAME
from tests.catalogs import catalog_of
from tests.fakes import WordCountEncoder
from tests.index.syncing import shrink

WORDS = ("zwirbelfisch", "mondgurke")
"""Words that stand in the question and in the note that go, and in no other."""
QUESTION = f"why does the {WORDS[0]} eat the {WORDS[1]}?"
NOTE = f"# Zwirbelfisch\n\n## Feeding the {WORDS[0]}\nIt eats a {WORDS[1]} a day.\n"


@pytest.fixture
def large(notes: Path, monkeypatch: pytest.MonkeyPatch, library_of: Callable[[Path], Library]) -> Library:
    """Return a library that is dealt with like a large one: some topics go without all being written anew."""
    shrink(monkeypatch)
    monkeypatch.setattr("index.engine.local.lexical.REMADE_UP_TO", 3)
    text = "".join(f"## Part {number}\nBolt {number} holds gear {number + 1}.\n\n" for number in range(30))
    (notes / "machine.md").write_text(f"# Machine\n\n{text}")
    (notes / "fish.md").write_text(NOTE)
    return library_of(notes)


def traces(folder: Path) -> list[str]:
    """Return where a library still holds one of the words, in its files or in what tantivy makes of them."""
    found = []
    for path in filter(Path.is_file, folder.rglob("*")):
        content = path.read_bytes().lower()
        for word in WORDS:
            found += [path.name for coding in ("utf-8", "utf-16-le", "utf-32-le") if word.encode(coding) in content]
    with closing(Catalog(folder)) as catalog:  # the words of its dictionary share their letters
        index = LexicalIndex.open(folder, catalog)
        found += [f"words: {word}" for word in WORDS if word in index.words_with(word[0]) or index.frequency(word)]
    return found


def delete_note(library: Library, notes: Path) -> None:
    (notes / "fish.md").unlink()
    library.sync()


def test_words_of_a_deleted_note_are_nowhere_after_the_next_sync(large: Library, notes: Path) -> None:
    assert {"catalog.sqlite3", "subject_names.npy", f"words: {WORDS[0]}"} <= set(traces(large.folder))
    delete_note(large, notes)
    assert traces(large.folder) == []
    assert large.query("zwirbelfsch").text == "zwirbelfsch"
    assert large.search("bolt 7", 1)[0].topic.title == "Part 7"
    assert large.storage.damaged_indexes() == ()


def test_words_of_an_edited_note_are_nowhere_after_the_next_sync(large: Library, notes: Path) -> None:
    (notes / "fish.md").write_text("# Bird\n\n## Feeding\nSeeds.\n")
    large.sync()
    assert traces(large.folder) == []


def test_removed_source_leaves_no_word(large: Library, notes: Path) -> None:
    large.remove(notes)
    assert traces(large.folder) == []


def test_words_of_a_deleted_note_are_gone_while_others_have_the_library_open(large: Library, notes: Path) -> None:
    with closing(Library(large.folder, WordCountEncoder())) as other:
        assert other.search(WORDS[0], 1)[0].topic.title == f"Feeding the {WORDS[0]}"
        delete_note(large, notes)
        assert traces(large.folder) == []
        assert [hit.topic.title for hit in other.search(WORDS[0], 5) if WORDS[0] in hit.topic.title] == []


def test_library_too_large_to_be_merged_keeps_words_in_its_index_until_they_are_wiped(
    large: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.engine.local.lexical.COMPACTED_UP_TO", 3)
    delete_note(large, notes)
    assert traces(large.folder) == [f"words: {word}" for word in WORDS]
    large.wipe()
    assert traces(large.folder) == []
    assert large.search("bolt 7", 1)[0].topic.title == "Part 7"


def test_large_library_of_which_much_went_is_made_anew(
    large: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.engine.local.lexical.COMPACTED_UP_TO", 3)
    monkeypatch.setattr("index.engine.local.lexical.WASTE", 0.01)
    delete_note(large, notes)
    (notes / "more.md").write_text("# More\n\n## More\nMore of it.\n")
    (notes / "machine.md").write_text("# Machine\n\n## Part 7\nBolt 7.\n")
    large.sync()
    assert traces(large.folder) == []


@pytest.fixture
def asked(large: Library, notes: Path) -> Library:
    """Return the library without the note, and with the question in its journal, marked, saved and learned."""
    delete_note(large, notes)
    with closing(Journal(large.folder)) as journal:
        journal.record(Answer(QUESTION, False, 0.1, None, None, (), (), 1.0))
        journal.save(QUESTION)
        mark(large, journal, QUESTION, large.search("bolt 7", 1)[0].id, Feedback.USEFUL)
    assert {FILE_NAME, JOURNAL, f"words: {WORDS[0]}"} <= set(traces(large.folder))
    return large


@pytest.mark.parametrize("question", [QUESTION, None])
def test_erased_question_is_nowhere_also_while_others_have_the_library_open(
    asked: Library, question: str | None
) -> None:
    with closing(Journal(asked.folder)) as journal, closing(Library(asked.folder, WordCountEncoder())) as other:
        assert [one.question for one in journal.recent(5)] == [QUESTION]
        assert other.search(QUESTION, 1)[0].score == 1.0
        with closing(Journal(asked.folder)) as erasing:
            erase(asked, erasing, question)
        assert traces(asked.folder) == []
        assert (journal.recent(5), journal.saved, other.learned()) == ([], [], [])


@pytest.mark.parametrize("file", [JOURNAL, FILE_NAME])
def test_question_that_a_reader_keeps_from_being_overwritten_is_not_said_to_be_erased(
    asked: Library, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_file, "ERASING_SECONDS", 0.05)
    monkeypatch.setattr(storage_module, "WIPING_SECONDS", 0.05)
    with closing(Journal(asked.folder)) as journal:
        with closing(sqlite3.connect(asked.folder / file, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sqlite_master").fetchall()
            with pytest.raises(LibraryError, match=r"still holds? it: another process is reading"):
                erase(asked, journal)
            assert file in " ".join(traces(asked.folder))
        erase(asked, journal)
    assert traces(asked.folder) == []


def test_erased_journal_is_as_small_as_an_empty_one(tmp_path: Path) -> None:
    sizes = []
    for count in (0, 2_000):
        (tmp_path / str(count)).mkdir()
        with closing(Journal(tmp_path / str(count))) as journal:
            journal.save("first")
            journal.dismiss(f"{number} {'question ' * 10}" for number in range(count))
            journal.erase()
            sizes.append((tmp_path / str(count) / JOURNAL).stat().st_size)
    assert sizes[0] == sizes[1]


def test_what_a_build_of_sqlite_does_not_overwrite_is_gone_all_the_same(
    asked: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(JournalFile(asked.folder)) as journal:
        journal.db().execute("PRAGMA secure_delete = OFF").fetchone()
        journal.erase(None)
    assert JOURNAL not in traces(asked.folder)


def free_pages(library: Library) -> int:
    with closing(sqlite3.connect(catalog_of(library).path)) as db:
        return int(db.execute("PRAGMA freelist_count").fetchone()[0])


def test_library_that_is_wiped_gives_back_the_room_of_what_went(large: Library, notes: Path) -> None:
    (notes / "machine.md").unlink()
    large.sync()
    assert free_pages(large) > 0
    large.wipe()
    assert free_pages(large) == 0
