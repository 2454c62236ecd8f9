"""Changes in the background: progress, cancel, errors, and what others see of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.operations.jobs import JobProgress, JobRunner
from assistant.service import Service
from index.errors import LibraryBusyError, SourceError
from index.indexing import SyncReport
from index.library import Library
from index.progress import CancelToken, Phase, Progress
from index.storage.lock import writing

COMPOST = "# Garden\n## Compost\nTurn the heap every second week.\n"


@pytest.fixture
def runner(library: Library) -> JobRunner:
    return JobRunner(lambda: Library(library.folder, library.encoder))


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "it did not happen within 10 s"
        time.sleep(0.01)


def test_change_lands_in_the_library_that_is_being_asked(runner: JobRunner, library: Library, notes: Path) -> None:
    (notes / "new.md").write_text(COMPOST)
    runner.start(Library.sync)
    runner.join(10)
    assert runner.last is not None
    assert runner.last.report is not None
    assert len(runner.last.report.added) == 1
    assert not runner.is_busy
    assert library.subjects()["Garden"] == 1
    assert library.renewed_at is not None
    assert library.renewed_at < runner.last.at, "it is told when the change has landed"


def test_second_change_waits_its_turn(runner: JobRunner, library: Library, notes: Path) -> None:
    (notes / "new.md").write_text(COMPOST)
    release = threading.Event()

    def slow(library: Library, progress: Progress, is_cancelled: CancelToken) -> None:
        release.wait(10)

    runner.start(slow)
    runner.start(Library.sync)
    assert runner.is_busy
    assert "Garden" not in library.subjects()
    release.set()
    runner.join(10)
    assert library.subjects()["Garden"] == 1
    assert not runner.is_busy


def test_change_that_waits_for_a_cancelled_one_is_not_made_either(
    runner: JobRunner, library: Library, notes: Path
) -> None:
    (notes / "new.md").write_text(COMPOST)

    def cancelled(library: Library, progress: Progress, is_cancelled: CancelToken) -> SyncReport:
        runner.start(Library.sync)
        runner.cancel()
        return library.sync(progress, is_cancelled)

    runner.start(cancelled)
    runner.join(10)
    assert runner.last is not None
    assert runner.last.cancelled
    assert "Garden" not in library.subjects()


def test_cancelled_change_leaves_the_library_as_it_was(runner: JobRunner, library: Library, notes: Path) -> None:
    (notes / "new.md").write_text(COMPOST)
    reached = threading.Event()

    def held(library: Library, progress: Progress, is_cancelled: CancelToken) -> SyncReport:
        def report(phase: Phase, done: int, total: int) -> None:
            if phase == Phase.EMBEDDING:
                reached.set()
                runner.cancel()
            progress(phase, done, total)

        return library.sync(report, is_cancelled)

    runner.start(held)
    runner.join(10)
    assert reached.is_set()
    assert runner.last is not None
    assert runner.last.cancelled
    assert "Garden" not in library.subjects()
    runner.start(Library.sync)
    runner.join(10)
    assert library.subjects()["Garden"] == 1


def test_change_that_is_written_is_cancelled_no_more_and_is_found(
    runner: JobRunner, library: Library, notes: Path
) -> None:
    (notes / "new.md").write_text(COMPOST)

    def held(library: Library, progress: Progress, is_cancelled: CancelToken) -> SyncReport:
        def report(phase: Phase, done: int, total: int) -> None:
            if phase == Phase.WRITING:
                runner.cancel()
            progress(phase, done, total)

        return library.sync(report, is_cancelled)

    runner.start(held)
    runner.join(10)
    assert runner.last is not None
    assert not runner.last.cancelled
    assert runner.last.report is not None
    assert library.search("compost heap", 1)[0].topic.title == "Compost"


def test_error_is_kept_to_be_shown(runner: JobRunner) -> None:
    def broken(library: Library, progress: Progress, is_cancelled: CancelToken) -> None:
        raise SourceError("There is no folder.")

    runner.start(broken)
    runner.join(10)
    assert runner.last is not None
    assert runner.last.error == "There is no folder."
    assert not runner.is_busy


def test_change_waits_for_another_process_to_end_its_own(runner: JobRunner) -> None:
    tries: list[int] = []

    def busy_once(library: Library, progress: Progress, is_cancelled: CancelToken) -> SyncReport:
        tries.append(1)
        if len(tries) == 1:
            raise LibraryBusyError("someone else")
        return library.sync(progress, is_cancelled)

    runner.start(busy_once)
    runner.join(10)
    assert len(tries) == 2
    assert runner.last is not None
    assert runner.last.report is not None


def test_note_edited_in_an_editor_is_found_without_pressing_anything(
    runner: JobRunner, library: Library, notes: Path
) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=runner.follow, args=(stop,), daemon=True)
    thread.start()
    wait_until(lambda: runner.last is not None)
    (notes / "new.md").write_text(COMPOST)
    wait_until(lambda: "Garden" in library.subjects())
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_source_that_is_unplugged_and_back_is_known_to_whoever_follows(runner: JobRunner, notes: Path) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=runner.follow, args=(stop,), daemon=True)
    thread.start()

    def away() -> list[str] | None:
        return runner.last.report.away if runner.last and runner.last.report else None

    wait_until(lambda: away() == [])
    notes.rename(notes.with_name("unplugged"))
    wait_until(lambda: away() == [str(notes)])
    notes.with_name("unplugged").rename(notes)
    wait_until(lambda: away() == [])
    stop.set()
    thread.join(10)


def test_error_of_waiting_for_another_process_is_over_when_the_waiting_is(
    runner: JobRunner, library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.storage.lock.LOCK_SECONDS", 0.1)
    stop = threading.Event()
    thread = threading.Thread(target=runner.follow, args=(stop,), daemon=True)
    thread.start()
    wait_until(lambda: runner.last is not None)
    with writing(library.folder):
        (notes / "topics.md").touch()
        wait_until(lambda: runner.last is not None and "Another process" in runner.last.error)
    wait_until(lambda: runner.last is not None and not runner.last.error)
    stop.set()
    thread.join(10)


def test_follower_survives_a_library_that_cannot_be_opened_and_says_so(
    library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stop = threading.Event()
    opens: list[int] = []

    def open_another(_: Service) -> Library:
        opens.append(1)
        if len(opens) < 3:
            raise ZeroDivisionError("by nought")
        return Library(library.folder, library.encoder)

    monkeypatch.setattr("assistant.service.facade.RETRY_SECONDS", 0.01)
    monkeypatch.setattr(Service, "open_another", open_another)
    service = Service()
    service.use(library)
    service.start(stop)
    wait_until(lambda: len(opens) == 3)
    wait_until(lambda: service.jobs.last is not None and service.jobs.last.report is not None)
    (notes / "new.md").write_text(COMPOST)
    wait_until(lambda: "Garden" in library.subjects())
    stop.set()
    said = capsys.readouterr().err
    assert said.count("Something went wrong that should not have (ZeroDivisionError('by nought')).") == 1


def test_pace_tells_speed_and_remaining_time_of_the_present_part() -> None:
    pace = JobProgress(Phase.READING, 10, 10).at(Phase.EMBEDDING, 100, 1100, 0.0)
    assert (pace.speed, pace.remaining) == (0.0, None)
    pace = pace.at(Phase.EMBEDDING, 300, 1100, 4.0)
    assert pace.speed == 50.0
    assert pace.remaining == 16.0
    assert pace.share == pytest.approx(0.2727, abs=1e-4)


def test_pace_of_work_whose_end_nobody_knows_says_nothing() -> None:
    pace = JobProgress(Phase.ORDERING).at(Phase.ORDERING, 0, 0, 3.0)
    assert (pace.share, pace.speed, pace.remaining) == (0.0, 0.0, None)
