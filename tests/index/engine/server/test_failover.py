"""A primary that is lost and a replica that takes its place: nothing acknowledged is lost, and questions go on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from index.errors import LibraryError
from index.library import Library
from tests.fakes import WordCountEncoder
from tests.libraries import reading_only
from tests.servers import TestServer, running_server

READ_GAP: Final = 2.0
WRITE_GAP: Final = 10.0
"""Seconds that questions and publishes may be without an answer on quiet cores; four times that is let pass here."""


@pytest.fixture
def pair() -> Iterator[tuple[TestServer, TestServer]]:
    """Return a primary and a replica that each commit waits for."""
    with running_server() as primary:
        folder = Path(f"{primary.folder}-replica")
        folder.mkdir(0o700)
        if os.geteuid() == 0:
            shutil.chown(folder, primary.folder.owner())
        primary.run_as_owner(
            "pg_basebackup", "-D", str(folder), "-R", "-X", "stream", "-c", "fast", "-C", "-S", "second"
        )
        for lock in folder.glob(".s.PGSQL.*"):  # of the primary, whose socket lies among its data
            lock.unlink()
        primary.run_as_owner(
            "pg_ctl", "-D", str(folder), "-w", "-l", f"{folder}/log", "-o", f"-k {folder} -c listen_addresses=", "start"
        )
        with primary.connect() as db:
            db.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            db.execute("SELECT pg_reload_conf()")
            for _ in range(200):
                if db.execute("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'").fetchone():
                    break
                time.sleep(0.05)
        try:
            yield primary, TestServer(folder, primary.programs)
        finally:
            with suppress(subprocess.SubprocessError):
                primary.run_as_owner("pg_ctl", "-D", str(folder), "-m", "immediate", "stop")
            shutil.rmtree(folder, ignore_errors=True)


def test_nothing_acknowledged_is_lost_when_a_replica_takes_over(
    pair: tuple[TestServer, TestServer], notes: Path, tmp_path: Path
) -> None:
    primary, replica = pair
    hosts = f"postgresql://postgres@/topics?host={primary.folder},{replica.folder}&library=team"
    encoder = WordCountEncoder()
    stop, answered, published = threading.Event(), list[float](), dict[str, float]()

    def ask() -> None:
        with closing(Library(f"{hosts}&target_session_attrs=any", encoder, beside=tmp_path / "b")) as asking:
            while not stop.is_set():
                with suppress(LibraryError):
                    assert asking.search("decorators")
                    answered.append(time.monotonic())
                stop.wait(0.01)

    with closing(Library(f"{hosts}&target_session_attrs=read-write", encoder, beside=tmp_path / "a")) as library:
        reading_only(library, notes)
        state = library.storage.server_state()
        assert state
        assert [(replica.state, replica.is_synchronous) for replica in state.replicas] == [("streaming", True)]

        def publish() -> None:
            number = 0
            while not stop.is_set():
                (notes / f"{number}.md").write_text(f"# News\n\n## Number {number}\nzebra{number}\n", encoding="utf-8")
                with suppress(LibraryError):
                    library.sync()
                    published[f"{number}.md"] = time.monotonic()
                    number += 1
                stop.wait(0.01)

        threads = [threading.Thread(target=ask), threading.Thread(target=publish)]
        for thread in threads:
            thread.start()
        wait_for(lambda: len(published) > 5 and len(answered) > 5)
        lost_at = time.monotonic()
        primary.run_as_owner("pg_ctl", "-D", str(primary.folder), "-m", "immediate", "stop")
        with replica.connect() as db:
            db.execute("ALTER SYSTEM SET synchronous_standby_names = ''")
        replica.run_as_owner("pg_ctl", "-D", str(replica.folder), "-w", "promote")
        wait_for(lambda: max(published.values()) > lost_at + 1.5 and answered[-1] > lost_at + 1.5)
        stop.set()
        for thread in threads:
            thread.join()
        held = {document.path for document in library.documents()}
        assert published.keys() <= held
        assert library.storage.damage() == ""
    gaps = [longest_gap(times) for times in (answered, list(published.values()))]
    sys.stdout.write(f"without an answer for {gaps[0]:.2f} s, without a publish for {gaps[1]:.2f} s")
    assert gaps[0] < READ_GAP * 4, f"questions were without an answer for {gaps[0]:.1f} s"
    assert gaps[1] < WRITE_GAP * 4, f"nothing could be published for {gaps[1]:.1f} s"


def longest_gap(times: list[float]) -> float:
    return max(later - earlier for earlier, later in pairwise(times))


def wait_for(is_so: object, seconds: float = 60.0) -> None:
    assert callable(is_so)
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.02)
