"""Several readers and writers of one library."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import LibraryBusyError
from index.library import Library
from index.retrieval import rank_by_words
from index.storage import lock
from index.storage.lock import writing
from index.text import compared, stem
from tests.fakes import WordCountEncoder
from tests.index.syncing import hold_lock, start_sync

COMPOST = "# Garden\n## Compost\nTurn the heap every week.\n"
QUESTION = "how often do I turn the compost heap?"


def first(library: Library) -> str:
    return library.search(QUESTION, 1)[0].topic.title


def test_sync_by_another_process_is_seen_by_a_library_that_is_open(library: Library, notes: Path) -> None:
    assert first(library) != "Compost"
    (notes / "garden.md").write_text(COMPOST)
    process, told = start_sync(library.folder)
    assert told.recv() == "done"
    process.join()
    assert first(library) == "Compost"
    assert rank_by_words(library.reader, "compost heap", 1) == [library.search(QUESTION, 1)[0].row_id]


def test_questions_are_answered_while_another_process_holds_the_lock(library: Library) -> None:
    process, told = hold_lock(library.folder)
    assert library.search("decorators", 1)[0].topic.title == "Decorators"
    told.send("let go")
    process.join()


def test_second_writer_waits_until_the_first_is_done(library: Library, notes: Path) -> None:
    (notes / "garden.md").write_text(COMPOST)
    process, told = hold_lock(library.folder)
    threading.Timer(0.3, told.send, ("let go",)).start()
    assert len(library.sync().added) == 1
    process.join()


def test_second_writer_says_who_holds_the_lock(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "LOCK_SECONDS", 0.1)
    process, told = hold_lock(library.folder)
    with pytest.raises(LibraryBusyError, match=rf"\(process {process.pid}, since \d\d:\d\d:\d\d\)"):
        library.sync()
    told.send("let go")
    process.join()


def test_lock_of_a_process_that_was_killed_is_free(library: Library) -> None:
    process, _ = hold_lock(library.folder)
    process.kill()
    process.join()
    assert library.sync().is_complete


def test_lock_names_its_holder(tmp_path: Path) -> None:
    with writing(tmp_path):
        assert re.fullmatch(rf"process {os.getpid()}, since [\d:]+", (tmp_path / lock.HOLDER_FILE).read_text())


def test_one_library_answers_in_several_threads_while_it_syncs(library: Library, notes: Path) -> None:
    failures: list[BaseException] = []
    done = threading.Event()

    def ask() -> None:
        try:
            while not done.is_set():
                assert library.search("decorators", 1)[0].topic.title == "Decorators"
        except BaseException as error:  # told by the test below
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(8):
        (notes / f"{number}.md").write_text(f"# Notes\n## Note {number}\nAbout thing{number}.\n")
        library.sync()
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert library.subjects()["Notes"] == 8


def test_library_whose_words_index_is_gone_answers_the_same(library: Library) -> None:
    before = [(hit.id, hit.score) for hit in library.search("merge conflicts")]
    (library.folder / "words.json").unlink()
    with closing(Library(library.folder, WordCountEncoder())) as other:
        assert [(hit.id, hit.score) for hit in other.search("merge conflicts")] == before


def test_subject_is_searched_however_its_notes_write_it(notes: Path, library: Library) -> None:
    (notes / "more.md").write_text("# devops\n## Rollback\n*How:* Undo the rollout of a release.\n", encoding="utf-8")
    library.sync()
    assert library.subjects() == {"DevOps": 3, "Python": 1}
    for written in ("DevOps", "devops", "DEVOPS"):
        titles = {hit.topic.title for hit in library.search("releases", subject=written)}
        assert titles == {"Merge conflicts", "Canary releases", "Rollback"}
    assert library.search('"rollout" subject:DevOps', 1)[0].topic.title == "Rollback"


@pytest.mark.parametrize(
    ("note", "question", "word"),
    [
        ("# Haus\n## Heizung\nDie Häuser sind warm.\n## Garten\nEin Baum.\n", "Wie warm ist das Haus?", "Häuser"),
        ("# Copias\n## Base\nRestaurar tarda.\n## Mesa\nVerde.\n", "¿Cómo se han restaurado?", "Restaurar"),
        ("# Maison\n## Eau\nIl faut nettoyer.\n## Toit\nVert.\n", "est-ce que je nettoie le filtre ?", "nettoyer"),
    ],
)
def test_word_in_another_form_is_found_and_shown_and_counts_as_held(
    tmp_path: Path, library_of: Callable[..., Library], note: str, question: str, word: str
) -> None:
    (tmp_path / "note.md").write_text(note, encoding="utf-8")
    library = library_of(tmp_path / "note.md")
    found = library.find(question)
    form = stem(compared(word))
    assert form not in found.terms_alone.stems
    assert form in found.terms_alone.all_stems
    assert found.terms_alone.are_in({form}).sum() == 1
    assert word in found.hits[0].topic.full_text
    assert found.query.replaced == ()


@pytest.mark.parametrize(
    ("question", "meaningful"),
    [
        ("Wie kündige ich die Wohnung?", {"kundig", "wohnung"}),
        ("comment restaurer la base de données", {"restaur", "base", "donne"}),
        ("how do they die in Los Angeles?", {"die", "los", "angel"}),
    ],
)
def test_function_words_of_other_languages_are_not_asked_for(
    library: Library, question: str, meaningful: set[str]
) -> None:
    assert set(library.find(question).terms_alone.stems) == meaningful
    assert set(library.find(question).query_terms.stems) == meaningful
