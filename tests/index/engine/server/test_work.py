"""Passages that a sync hands out are embedded by workers, each once, whoever of them ends."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from index.engine.server import work
from index.library import Library
from index.records import Encoded
from index.storage import Worker
from tests.fakes import TokenEncoder
from tests.servers import TestServer


def worker_of(library: Library, encoder: TokenEncoder) -> Worker:
    worker = library.storage.worker(encoder.name, encoder.encode_documents)
    assert worker
    return worker


@pytest.mark.parametrize("workers", [1, 3])
def test_workers_embed_what_a_sync_hands_out(
    workers: int, server: TestServer, notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BATCH", 4)
    of_sync, encoders = TokenEncoder(), [TokenEncoder() for _ in range(workers)]
    stop = threading.Event()

    def serve(encoder: TokenEncoder) -> None:
        with closing(worker_of(library, encoder)) as worker:
            while not stop.is_set():
                if not worker.work():
                    stop.wait(0.02)

    with closing(Library(server.address(), of_sync, beside=tmp_path / "beside")) as library:
        library.remove("builtin")
        library.add(notes)
        threads = [threading.Thread(target=serve, args=[encoder]) for encoder in encoders]
        for thread in threads:
            thread.start()
        report = library.sync(by_workers=True)
        stop.set()
        for thread in threads:
            thread.join()
        texts = [text for encoder in encoders for text in encoder.encoded]
        assert report.embedded == len(texts) == len(set(texts)) > 8
        assert of_sync.encoded == []
        assert library.search("rebase the branch", 1)[0].topic.title == "Merge conflicts"
        assert library.storage.damage() == ""


def test_batch_of_a_worker_that_ends_is_done_by_the_next(server: TestServer, notes: Path, tmp_path: Path) -> None:
    encoder = TokenEncoder()

    def die(_: Sequence[str]) -> Encoded:
        raise KeyboardInterrupt

    with closing(Library(server.address(), encoder, beside=tmp_path / "beside")) as library:
        library.remove("builtin")
        library.add(notes)
        sync = threading.Thread(target=library.sync, kwargs={"by_workers": True})
        sync.start()
        wait_for_rows(server)
        dying = library.storage.worker(encoder.name, die)
        assert dying
        with pytest.raises(KeyboardInterrupt):
            dying.work()
        dying.close()
        with closing(worker_of(library, encoder)) as worker:
            while sync.is_alive():
                worker.work()
                sync.join(0.02)
        assert sum(library.subjects().values()) == 3
        assert len(encoder.encoded) == len(set(encoder.encoded))


def test_sync_beside_a_worker_in_mid_batch_waits_for_nothing_that_waits_for_it(
    server: TestServer, notes: Path, tmp_path: Path
) -> None:
    encoder, has_taken, may_go_on = TokenEncoder(), threading.Event(), threading.Event()

    def encode_late(texts: Sequence[str]) -> Encoded:
        has_taken.set()
        assert may_go_on.wait(20)
        return encoder.encode_documents(texts)

    def interrupt(what: str, *_: int) -> None:
        if "orkers" in what:
            raise KeyboardInterrupt

    with closing(Library(server.address(), encoder, beside=tmp_path / "beside")) as library:
        library.remove("builtin")
        library.add(notes)
        with pytest.raises(KeyboardInterrupt):
            library.sync(interrupt, by_workers=True)
        worker = library.storage.worker(encoder.name, encode_late)
        assert worker
        with closing(worker):
            working = threading.Thread(target=worker.work)
            working.start()
            assert has_taken.wait(20)
            library.sync()  # what the worker has taken, and still holds
            may_go_on.set()
            working.join()
        assert sum(library.subjects().values()) == 3
        with server.connect() as db:
            assert db.execute("SELECT count(*) FROM topics.to_embed").fetchone() == (0,)


def wait_for_rows(server: TestServer) -> None:
    with server.connect() as db:
        for _ in range(1_000):
            if db.execute("SELECT count(*) FROM topics.to_embed").fetchone() != (0,):
                return
            threading.Event().wait(0.01)
    raise AssertionError("nothing was handed out")


def test_text_that_no_worker_can_embed_is_the_fault_of_its_file(
    server: TestServer, notes: Path, tmp_path: Path
) -> None:
    class Choosy(TokenEncoder):
        def encode_documents(self, texts: Sequence[str]) -> Encoded:
            if any("poison" in text for text in texts):
                raise RuntimeError("that is not to be eaten")
            return super().encode_documents(texts)

    (notes / "bad.md").write_text("# Bad\n\n## Apple\nIt holds poison.\n", encoding="utf-8")
    encoder = Choosy()
    with closing(Library(server.address(), encoder, beside=tmp_path / "beside")) as library:
        library.remove("builtin")
        library.add(notes)
        stop = threading.Event()

        def serve() -> None:
            with closing(worker_of(library, encoder)) as worker:
                while not stop.is_set():
                    worker.work()
                    stop.wait(0.02)

        thread = threading.Thread(target=serve)
        thread.start()
        report = library.sync(by_workers=True)
        stop.set()
        thread.join()
        failed = [change.document for change in report.added if change.document.status == "failed"]
        assert [document.path for document in failed] == ["bad.md"]
        assert "not to be eaten" in failed[0].reason
        assert sum(library.subjects().values()) == 3


def test_only_writers_see_what_waits(server: TestServer) -> None:
    with server.connect(user="reads") as db, pytest.raises(psycopg.errors.InsufficientPrivilege):
        db.execute("INSERT INTO topics.to_embed VALUES (1, 1, '', true, 'x')")
