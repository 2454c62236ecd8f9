"""What lands on a server is told to the other machines at once."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from index.engine.server.storage import ServerStorage
from index.errors import LibraryError
from index.library import Library
from tests.servers import TestServer


@pytest.fixture
def other(remote: Library, tmp_path: Path) -> Library:
    """Return the same library as another machine has it."""
    return Library(remote.place, remote.encoder, beside=tmp_path / "other")


def test_a_change_is_told_to_another_machine_as_it_lands(remote: Library, other: Library, notes: Path) -> None:
    with closing(other):
        assert not other.storage.news(0.0)
        told: list[float] = []
        waiting = threading.Thread(target=lambda: told.append(time.monotonic()) if wait_for_news(other) else None)
        waiting.start()
        time.sleep(0.3)
        (notes / "garden.md").write_text("# Garden\n\n## Compost\nTurn the heap.\n", encoding="utf-8")
        remote.sync()
        landed = time.monotonic()
        waiting.join(30)
        assert told
        assert told[0] - landed < 2
        assert not other.storage.news(0.1)


def wait_for_news(library: Library) -> bool:
    return any(library.storage.news(5.0) for _ in range(6))


def test_a_change_of_another_library_is_no_news(remote: Library, server: TestServer, tmp_path: Path) -> None:
    with closing(Library(server.address(), remote.encoder, beside=tmp_path / "x")) as another:
        assert not remote.storage.news(0.0)
        another.sync()
        assert not remote.storage.news(0.2)


def test_what_landed_while_nobody_could_listen_is_news(remote: Library, server: TestServer, notes: Path) -> None:
    assert not remote.storage.news(0.0)
    with server.connect() as db:
        db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'topics listens%'"
        )
    (notes / "garden.md").write_text("# Garden\n\n## Compost\nTurn the heap.\n", encoding="utf-8")
    remote.sync()
    assert remote.storage.news(0.1)


def test_a_folder_tells_of_another_process_too(library: Library, notes: Path) -> None:
    assert not library.storage.news(0.1)
    syncing = threading.Timer(0.3, lambda: sync_anew(library, notes))
    syncing.start()
    assert library.storage.news(30.0)
    syncing.join()


def sync_anew(library: Library, notes: Path) -> None:
    (notes / "garden.md").write_text("# Garden\n\n## Compost\nTurn the heap.\n", encoding="utf-8")
    with closing(library.another()) as writing:
        writing.sync()


def test_state_of_a_server_names_its_version_queue_and_workers(remote: Library, notes: Path) -> None:
    assert isinstance(remote.storage, ServerStorage)
    until = time.monotonic() + 30
    while (before := remote.storage.server_state()).writer and time.monotonic() < until:
        time.sleep(0.02)  # the server notices in a moment that who made the library writes no more
    assert (before.version[:2], before.pgvector[:2], before.is_replica) == ("18", "0.", False)
    assert (before.waiting, before.failed, before.workers, before.writer, before.replicas) == (0, 0, (), "", ())
    (notes / "garden.md").write_text("# Garden\n\n## Compost\nTurn the heap.\n", encoding="utf-8")
    syncing = threading.Thread(target=lambda: remote.sync(by_workers=True))
    syncing.start()
    while not (during := remote.storage.server_state()).waiting and time.monotonic() < until:
        time.sleep(0.02)
    with closing(remote.storage.worker(remote.encoder.name, remote.encoder.encode_documents)) as worker:
        assert len(remote.storage.server_state().workers) == 1
        while syncing.is_alive():
            worker.work()
            time.sleep(0.02)
    assert during.waiting > 0
    assert "@" in during.writer
    while remote.storage.server_state().workers and time.monotonic() < until:
        time.sleep(0.02)  # the server notices in a moment that a connection was closed
    assert remote.storage.server_state().workers == ()


def test_users_that_only_ask_may_see_the_state(remote: Library, server: TestServer, tmp_path: Path) -> None:
    address = server.address(remote.name.rpartition("=")[2], user="reads")
    with closing(Library(address, remote.encoder, beside=tmp_path / "r")) as reading:
        state = reading.storage.server_state()
        assert state
        assert state.megabytes > 0
    with pytest.raises(LibraryError, match="may not be used"), server_of(server, "nobody") as refused:
        refused.server_state()


def server_of(server: TestServer, user: str) -> closing[ServerStorage]:
    from index.engine.server.address import read_address

    return closing(ServerStorage(read_address(server.address("x", user=user))))
