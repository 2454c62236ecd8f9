"""Edits are in the library within two seconds; these wait ten times as long before they give up."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index import watch
from index.errors import LibraryBusyError, LibraryError, TopicsError
from index.indexing import SyncReport
from index.library import Library
from index.watch import OPEN, Gate, follow
from tests.fakes import WordCountEncoder

PATIENCE_SECONDS = 20


class Following:
    """A library that is followed in a thread, and what it told."""

    def __init__(self, library: Library, gate: Gate = OPEN) -> None:
        self.told: queue.Queue[SyncReport | TopicsError] = queue.Queue()
        self.stop = threading.Event()
        self.thread = threading.Thread(target=follow, args=(library, self.stop, self.told.put, self.told.put, gate))
        self.thread.start()

    def until(self, is_it: Callable[[SyncReport], bool]) -> list[SyncReport | TopicsError]:
        """Wait for a report, and return all that came until then."""
        seen: list[SyncReport | TopicsError] = []
        while True:
            seen.append(self.told.get(timeout=PATIENCE_SECONDS))
            if isinstance(seen[-1], SyncReport) and is_it(seen[-1]):
                return seen

    def until_read(self, name: str) -> list[SyncReport | TopicsError]:
        return self.until(lambda report: name in {change.document.path for change in report.changed})


@pytest.fixture
def following(library: Library) -> Iterator[Following]:
    """Follow the library, whose first sync is over."""
    followed = Following(library)
    followed.until(lambda _: True)
    yield followed
    followed.stop.set()
    followed.thread.join(PATIENCE_SECONDS)
    assert not followed.thread.is_alive()


def first(library: Library, question: str) -> str:
    return library.search(question, 1)[0].topic.title


def test_edit_is_found_without_asking_for_a_sync(following: Following, library: Library, notes: Path) -> None:
    (notes / "garden.md").write_text("# Garden\n## Compost\nTurn the heap every week.\n")
    following.until_read("garden.md")
    assert first(library, "how often is the heap turned?") == "Compost"


def test_deleted_note_vanishes(following: Following, library: Library, notes: Path) -> None:
    (notes / "garden.md").write_text("# Garden\n## Compost\nTurn the heap every week.\n")
    following.until_read("garden.md")
    (notes / "garden.md").unlink()
    following.until(lambda report: bool(report.removed))
    assert first(library, "how often is the heap turned?") != "Compost"


def test_folder_moved_in_as_a_whole_is_read(following: Following, notes: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "garden.md").write_text("# Garden\n## Compost\nTurn the heap every week.\n")
    (tmp_path / "elsewhere").rename(notes / "inside")
    following.until_read("inside/garden.md")


def test_storm_of_saves_is_few_syncs(following: Following, notes: Path) -> None:
    for number in range(200):
        (notes / "garden.md").write_text(f"# Garden\n## Compost\nTurn the heap {number} times.\n")
    (notes / "last.md").write_text("# Garden\n## Last\nThe storm is over.\n")
    assert len(following.until_read("last.md")) <= 5


def test_files_that_are_no_notes_cause_no_sync(following: Following, notes: Path) -> None:
    (notes / ".obsidian").mkdir()
    (notes / ".obsidian" / "workspace.md").write_text("{}")
    (notes / "picture.png").write_bytes(b"\x89PNG")
    (notes / ".garden.md.swp").write_text("half a note")
    (notes / "last.md").write_text("# Garden\n## Last\nA note.\n")
    [report] = following.until_read("last.md")
    assert isinstance(report, SyncReport)
    assert len(report.changed) == 1


def test_single_file_replaced_as_editors_do_is_read_again(
    following: Following, library: Library, tmp_path: Path
) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Page\n## One\nFirst text.\n")
    library.add(page)
    following.until_read("page.md")
    draft = tmp_path / "page.tmp"
    draft.write_text("# Page\n## Two\nSecond text, longer.\n")
    draft.rename(page)
    following.until_read("page.md")


def test_source_that_another_process_adds_is_followed_from_then_on(
    following: Following, library: Library, tmp_path: Path
) -> None:
    more = tmp_path / "more"
    more.mkdir()
    (more / "one.md").write_text("# More\n## One\nText.\n")
    with closing(Library(library.folder, WordCountEncoder())) as other:
        other.add(more)
    following.until_read("one.md")
    (more / "two.md").write_text("# More\n## Two\nText.\n")
    following.until_read("two.md")


def test_failing_sync_is_told_and_the_next_edit_is_followed(
    following: Following, library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Library) -> SyncReport:
        raise LibraryError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Library, "sync", fail)
        (notes / "one.md").write_text("# More\n## One\nText.\n")
        assert isinstance(following.told.get(timeout=PATIENCE_SECONDS), LibraryError)
    (notes / "two.md").write_text("# More\n## Two\nText.\n")
    following.until_read("two.md")
    assert {document.path for document in library.documents()} >= {"one.md", "two.md"}


def test_edit_saved_while_somebody_else_writes_is_read_once_they_have_ended_which_is_told_once(
    following: Following, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: queue.Queue[int] = queue.Queue()

    def fail(_: Library) -> SyncReport:
        tries.put(1)
        raise LibraryBusyError("somebody else is writing")

    with monkeypatch.context() as patch:
        patch.setattr(Library, "sync", fail)
        (notes / "one.md").write_text("# More\n## One\nText.\n")
        for _ in range(3):
            tries.get(timeout=PATIENCE_SECONDS)
    errors = [told for told in following.until_read("one.md") if isinstance(told, TopicsError)]
    assert [str(error) for error in errors] == ["somebody else is writing"]


def test_whatever_a_sync_raises_is_told_once_and_it_is_tried_again_without_an_edit(
    following: Following, library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: queue.Queue[int] = queue.Queue()

    def fail(_: Library) -> SyncReport:
        tries.put(1)
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr(watch, "FIRST_PAUSE", 0.1)
    with monkeypatch.context() as patch:
        patch.setattr(Library, "sync", fail)
        (notes / "one.md").write_text("# More\n## One\nText.\n")
        for _ in range(2):
            tries.get(timeout=PATIENCE_SECONDS)
    errors = [told for told in following.until_read("one.md") if isinstance(told, TopicsError)]
    assert [str(error) for error in errors] == [
        "Your notes could not be followed for the moment, which is tried again (ZeroDivisionError('by nought'))."
    ]


def test_notes_that_the_system_does_not_watch_are_looked_at_every_now_and_then(
    library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system: Callable[..., Iterator[object]] = vars(watch)["watch"]

    def limited(*folders: Path, force_polling: bool | None, **options: object) -> Iterator[object]:
        if not force_polling:
            raise OSError(28, "OS file watch limit reached")
        return system(*folders, force_polling=True, **options)

    monkeypatch.setattr(watch, "watch", limited)
    monkeypatch.setattr(watch, "POLL_MS", 100)
    followed = Following(library)
    error = followed.told.get(timeout=PATIENCE_SECONDS)
    assert "OS file watch limit reached" in str(error)
    followed.until(lambda _: True)
    (notes / "one.md").write_text("# More\n## One\nText.\n")
    followed.until_read("one.md")
    followed.stop.set()
    followed.thread.join(PATIENCE_SECONDS)


def test_what_a_cancelled_change_has_left_waits_for_the_next_edit(
    library: Library, notes: Path, tmp_path: Path
) -> None:
    held, cancelled = threading.Event(), [True]
    held.set()
    looks: queue.Queue[int] = queue.Queue()

    def is_held() -> bool:
        looks.put(1)
        return held.is_set()

    followed = Following(library, Gate(is_held, lambda: bool(cancelled and cancelled.pop())))
    looks.get(timeout=PATIENCE_SECONDS)
    held.clear()
    looks.get(timeout=PATIENCE_SECONDS)
    while cancelled:
        time.sleep(0.01)
    assert followed.told.empty(), "it was not read though nobody held it any more"
    (notes / "one.md").write_text("# More\n## One\nText.\n")
    assert followed.until_read("one.md")
    followed.stop.set()
    followed.thread.join(PATIENCE_SECONDS)


def test_source_that_is_back_while_it_is_told_away_is_read(
    library: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rename a folder away, and back before it is looked at again; of that the system says nothing."""
    unplugged, stop, reports = notes.with_name("unplugged"), threading.Event(), queue.Queue[SyncReport]()
    is_plugged_in = iter((True,))

    def changes(*_: object, **__: object) -> Iterator[bool]:
        yield False
        if next(is_plugged_in, False):
            notes.rename(unplugged)
            yield True
        while not stop.wait(0.01):
            yield False

    def plug_in(report: SyncReport) -> None:
        if report.away:
            unplugged.rename(notes)
        reports.put(report)

    monkeypatch.setattr(watch, "_changes", changes)
    thread = threading.Thread(target=follow, args=(library, stop, plug_in, pytest.fail))
    thread.start()
    try:
        is_away = [bool(reports.get(timeout=PATIENCE_SECONDS).away) for _ in range(3)]
    finally:
        stop.set()
        thread.join(PATIENCE_SECONDS)
    assert is_away == [False, True, False]
