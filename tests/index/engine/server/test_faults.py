"""What interrupts a library on a server leaves no trace, and readers never see half of a change."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from benchmarks.killing import kill_writers
from index.engine.server import writing
from index.engine.server.address import read_address
from index.engine.server.connection import Server
from index.errors import LibraryBusyError, LibraryError
from index.library import Library
from tests.fakes import WordCountEncoder
from tests.servers import TestServer, running_server

WRITER = """
    import os, signal, sys
    from pathlib import Path
    from index.engine.server.writing import ServerWriter
    from index.library import Library
    from tests.fakes import WordCountEncoder

    address, notes, moment = sys.argv[1:]
    library = Library(address, WordCountEncoder(), beside=Path(notes).parent / "beside")

    def end(*_, **__):
        print("now", flush=True)
        signal.pause()

    if moment == "before":
        advance = ServerWriter.advance_revision
        ServerWriter.advance_revision = lambda self, **how: (advance(self, **how), end())
    else:
        ServerWriter.refresh = end
    library.sync()
"""


@pytest.fixture
def library(remote: Library) -> Library:
    """Return a library on a server that has read `notes` and nothing else."""
    return remote


def write_garden(notes: Path) -> None:
    (notes / "garden.md").write_text("# Garden\n\n## Compost\n*What:* Turn the heap every week.\n", encoding="utf-8")


def kill_writer(library: Library, notes: Path, moment: str) -> None:
    """Sync in a process of its own, and end it by force at a moment of its publishing."""
    command = [sys.executable, "-c", textwrap.dedent(WRITER), str(library.place), str(notes), moment]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[4]) as process:
        assert process.stdout
        assert process.stdout.readline() == "now\n"
        os.kill(process.pid, signal.SIGKILL)


def test_writer_that_is_killed_before_its_commit_leaves_no_trace(library: Library, notes: Path) -> None:
    write_garden(notes)
    revision = library.snapshot().revision
    kill_writer(library, notes, "before")
    assert (library.snapshot().revision, library.subjects()) == (revision, {"DevOps": 2, "Python": 1})
    assert library.storage.damage() == ""
    assert len(library.sync().added) == 1
    assert library.search("turn the heap", 1)[0].topic.title == "Compost"


def test_writer_that_is_killed_after_its_commit_has_landed_once(library: Library, notes: Path) -> None:
    write_garden(notes)
    kill_writer(library, notes, "after")
    assert library.subjects()["Garden"] == 1
    revision = library.snapshot().revision
    report = library.sync()
    assert (report.added, report.updated, library.snapshot().revision) == ([], [], revision)
    assert library.storage.damaged_indexes() == ()


def test_second_writer_is_told_who_writes(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "LOCK_SECONDS", 0.1)
    with library.storage.writing(), pytest.raises(LibraryBusyError, match=rf"process {os.getpid()} on "):
        library.sync()
    assert library.sync().unchanged == 1


def test_writer_whose_library_another_one_has_changed_is_refused(library: Library, server: TestServer) -> None:
    with library.storage.writing() as writer:
        with server.connect() as db:
            name = library.name.rpartition("=")[2]
            db.execute("UPDATE topics.library SET revision = revision + 1 WHERE name = %s", (name,))
        with pytest.raises(LibraryError, match="changed by somebody else"), writer.change():
            writer.set("never", "kept")
    assert library.reader.get("never") is None


def test_topic_that_moves_between_files_is_always_seen_once(library: Library, notes: Path) -> None:
    text = "# Garden\n\n## Compost\n*What:* Turn the heap every week in the garden, and keep it moist and covered.\n"
    places = [notes / "one.md", notes / "two.md"]
    places[0].write_text(text, encoding="utf-8")
    library.sync()
    stop, torn, asked = threading.Event(), [], []

    def ask() -> None:
        while not stop.is_set():
            with library.reading() as reader:
                hits = library.search("turn the heap", 3)
                held = reader.row_ids(hits[0].id)
                listed = [heading.title for heading in reader.headings().values()].count("Compost")
            asked.append(1)
            if (hits[0].topic.title, [hits[0].row_id], listed) != ("Compost", held, 1):
                torn.append((hits[0].topic.title, hits[0].row_id, held, listed))

    readers = [threading.Thread(target=ask) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(8):
        places[(number + 1) % 2].write_text(text, encoding="utf-8")
        places[number % 2].unlink()
        library.sync()
    stop.set()
    for reader in readers:
        reader.join()
    assert torn == []
    assert len(asked) > 8


def test_publish_is_seen_by_another_machines_next_question(library: Library, notes: Path, tmp_path: Path) -> None:
    with closing(Library(library.place, library.encoder, beside=tmp_path / "other")) as other:
        assert other.search("compost", 1)[0].topic.title != "Compost"
        for number in range(50):
            (notes / "news.md").write_text(f"# News\n\n## Number {number}\nzebra{number} escaped\n", encoding="utf-8")
            library.sync()
            assert other.search(f"zebra{number}", 1)[0].topic.title == f"Number {number}"


def test_connections_that_the_server_has_ended_are_made_anew(library: Library, server: TestServer) -> None:
    expected = library.search("decorators")[0].id
    with server.connect() as db:
        db.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'topics %'")
    time.sleep(0.1)
    assert library.search("decorators")[0].id == expected


def test_server_that_is_not_there_is_named_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.engine.server.connection.COMES_BACK_SECONDS", 0.0)
    with pytest.raises(LibraryError, match=r"cannot be reached .* See that it runs"):
        Library("postgresql://127.0.0.1:1/notes?library=team", WordCountEncoder(), beside=tmp_path)


def test_database_that_is_not_prepared_says_so(server: TestServer, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="topics server init"):
        Library(server.address(database="postgres"), WordCountEncoder(), beside=tmp_path)


def test_newer_tables_are_not_read_by_an_older_program(library: Library, server: TestServer) -> None:
    with server.connect() as db:
        db.execute("UPDATE topics.version SET oldest_writer = 99")
        try:
            assert library.search("decorators")
            with pytest.raises(LibraryError, match="newer Topic Assistant"):
                library.remove(library.sources()[0])
            db.execute("UPDATE topics.version SET oldest_reader = 99")
            with pytest.raises(LibraryError, match="can no longer read it"):
                library.search("decorators")
        finally:
            db.execute("UPDATE topics.version SET oldest_reader = 1, oldest_writer = 1")


def test_interrupted_change_is_undone_by_the_server(library: Library) -> None:
    def pull_the_cable() -> None:
        with library.storage.writing() as writer, writer.change():
            writer.set("never", "kept")
            raise psycopg.OperationalError("the cable was pulled")

    with pytest.raises(LibraryError, match="the cable was pulled"):
        pull_the_cable()
    assert library.reader.get("never") is None


def test_vectors_go_with_their_last_passage_and_stay_while_another_has_them(
    library: Library, notes: Path, server: TestServer
) -> None:
    def vectors() -> int:
        with server.connect() as db:
            row = db.execute(
                "SELECT count(*) FROM topics.vector v JOIN topics.library l ON l.id = v.library WHERE l.name = %s",
                (library.name.rpartition("=")[2],),
            ).fetchone()
        return int(row[0]) if row else -1

    before = vectors()
    (notes / "garden.md").write_text("# Garden\n\n## Compost\nTurn the heap.\n", encoding="utf-8")
    (notes / "copy.md").write_text("# Garden\n\n## Compost\nTurn the heap.\n", encoding="utf-8")
    library.sync()
    held = vectors()
    assert held > before
    (notes / "copy.md").unlink()
    library.sync()
    assert vectors() == held
    (notes / "garden.md").unlink()
    library.sync()
    assert vectors() == before
    assert library.storage.left_over().unused_vectors == 0


def test_writers_that_are_killed_at_any_moment_tear_and_lose_nothing(server: TestServer, tmp_path: Path) -> None:
    notes, address, encoder = tmp_path / "herd", server.address(), WordCountEncoder()
    notes.mkdir()

    def open_library(who: str) -> Library:
        return Library(address, encoder, beside=tmp_path / who)

    with closing(open_library("first")) as library:
        library.remove("builtin")
        library.add(notes)
    shown = kill_writers(open_library, notes, 6)
    assert (shown.torn, shown.lost, shown.damage) == (0, 0, "")
    assert shown.questions > 6


def test_server_that_is_started_again_is_asked_and_written_to_as_before(
    tmp_path: Path, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        running_server() as server,
        closing(Library(server.address(), WordCountEncoder(), beside=tmp_path / "beside")) as library,
    ):
        library.add(notes)
        library.sync()
        assert not library.storage.news(0.0)
        worker = library.storage.worker("any", library.encoder.encode_documents)
        assert worker
        expected = library.search("decorators")[0].id
        server.run_as_owner("pg_ctl", "-D", str(server.folder), "-m", "fast", "-w", "stop")
        with monkeypatch.context() as impatient:
            impatient.setattr("index.engine.server.connection.COMES_BACK_SECONDS", 0.0)
            with pytest.raises(LibraryError, match=r"cannot be reached .* then repeat\.") as away:
                library.search("decorators")
            assert "\n" not in str(away.value)
            write_garden(notes)
            with pytest.raises(LibraryError, match="cannot be reached"):
                library.sync()
            with pytest.raises(LibraryError, match="cannot be reached"):
                worker.work()
        options = f"-k {server.folder} -c listen_addresses="
        log = str(server.folder / "log")
        starting = threading.Timer(
            1.0,
            lambda: server.run_as_owner("pg_ctl", "-D", str(server.folder), "-w", "-l", log, "-o", options, "start"),
        )
        starting.start()
        assert library.search("decorators")[0].id == expected  # waited for, as it comes back
        starting.join()
        with closing(worker):
            assert worker.work() == 0
        assert len(library.sync().added) == 1
        assert any(library.storage.news(0.2) for _ in range(20))
        assert library.search("turn the heap", 1)[0].topic.title == "Compost"


def test_end_of_a_question_is_not_waited_for_and_leaves_no_transaction_open(server: TestServer) -> None:
    with closing(Server(read_address(server.address()))) as asking, server.connect() as db:
        processes = []
        for _ in range(4):
            with asking.reading():
                processes += asking.all("SELECT pg_backend_pid()")
        assert (processes, asking.journeys) == ([processes[0]] * 4, 4)
        until = time.monotonic() + 10
        while db.execute("SELECT state FROM pg_stat_activity WHERE pid = %s", processes[0]).fetchone() != ("idle",):
            assert time.monotonic() < until, "the transaction is still open"
