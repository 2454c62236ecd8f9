"""Whatever changes what a library holds, confidence is calibrated on what is there then."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from assistant.calibration import KEY
from assistant.changes import change, follow
from assistant.keeper import Keeper
from assistant.ui.engine import Engine
from assistant.ui.state import Place
from index.errors import LibraryBusyError, TopicsError
from index.library import Library
from index.sync import Progress, SyncReport
from tests.fakes import WordCountEncoder

COMPOST = "# Garden\n## Compost\nTurn the heap every second week.\n"


def calibrated_on(library: Library) -> int:
    """Return the number of topics that a library was last calibrated with; 0 for none."""
    return int((library.recall(KEY) or "0 0").split()[1])


def test_change_returns_what_it_did_and_calibrates_after_it(library: Library, notes: Path) -> None:
    told: list[str] = []
    (notes / "new.md").write_text(COMPOST)
    report = change(library, Library.sync, lambda what, done, total: told.append(what))
    assert len(report.added) == 1
    assert calibrated_on(library) == 4
    assert told[-1] == "Calibrating"


def test_change_that_fails_is_not_followed_by_calibration(library: Library) -> None:
    with pytest.raises(LibraryBusyError, match="Another process is writing"):
        change(library, busy)
    assert calibrated_on(library) == 0


def busy(*_: object) -> None:
    raise LibraryBusyError("Another process is writing.")


def test_change_that_is_made_is_no_failure_where_another_process_writes_next(
    library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (notes / "new.md").write_text(COMPOST)
    monkeypatch.setattr(Library, "remember", busy)
    assert len(change(library, Library.sync).added) == 1


def test_source_that_is_removed_in_the_app_is_not_calibrated_with_any_more(library: Library, notes: Path) -> None:
    (notes.parent / "garden.md").write_text(COMPOST)
    library.add(notes.parent / "garden.md")
    keeper = Keeper(lambda: Library(library.folder, library.encoder))
    keeper.start(Library.sync)
    keeper.join(10)
    assert calibrated_on(library) == 4

    def remove(library: Library, progress: Progress) -> None:
        library.remove(notes)

    keeper.start(remove)
    keeper.join(10)
    assert calibrated_on(library) == 1


def test_answer_that_the_app_keeps_is_given_anew_once_confidence_is_believed_less(library: Library) -> None:
    engine = Engine()
    engine.use(library)
    before = engine.answer(Place("merge conflicts"))
    assert engine.answer(Place("merge conflicts")) is before
    library.remember(KEY, f"-9.0 3 {library.model}")
    assert (before.answered, engine.answer(Place("merge conflicts")).answered) == (True, False)


def test_library_that_the_app_indexes_first_is_calibrated(tmp_path: Path, encoder: WordCountEncoder) -> None:
    engine = Engine()
    with closing(Library(tmp_path / "library", encoder)) as library:
        engine.use(library)
        assert calibrated_on(engine.library()) == 31


def test_what_is_followed_is_calibrated_and_an_error_in_that_ends_nothing(
    library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def edit_twice(library: Library, _: threading.Event, on_sync: Callable[[SyncReport], None], __: object) -> None:
        on_sync(library.sync())
        assert calibrated_on(library) == 3
        (notes / "new.md").write_text(COMPOST)
        monkeypatch.setattr(Library, "remember", busy)
        on_sync(library.sync())

    monkeypatch.setattr("index.watch.follow", edit_twice)
    reports: list[SyncReport] = []
    errors: list[TopicsError] = []
    follow(library, threading.Event(), reports.append, errors.append)
    assert [len(report.added) for report in reports] == [0, 1]
    assert [str(error) for error in errors] == ["Another process is writing."]
