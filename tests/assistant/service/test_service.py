"""One library behind every door: what is made of it once, and what happens when another takes its place."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from assistant.service import AskRequest, Service, opened
from assistant.service.revisions import OfRevision
from index.embedding import CrossEncoder
from index.errors import LibraryError
from index.library import Library
from index.records import Encoded, Vectors
from tests.fakes import WordCountEncoder
from tests.libraries import reading_only
from tests.servers import TestServer

QUESTION = AskRequest("how do I settle merge conflicts?")


class SlowEncoder(WordCountEncoder):
    """Waits before it encodes a question."""

    def __init__(self) -> None:
        super().__init__()
        self.started, self.released = threading.Event(), threading.Event()

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        self.started.set()
        assert self.released.wait(30)
        return super().encode_queries(texts)


class SlowDocuments(WordCountEncoder):
    """Waits before it embeds documents."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.started, self.released = threading.Event(), threading.Event()

    def encode_documents(self, texts: Sequence[str]) -> Encoded:
        self.started.set()
        assert self.released.wait(30)
        return super().encode_documents(texts)


@pytest.fixture
def service(library: Library) -> Service:
    service = Service()
    service.use(library)
    return service


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Library]:
    (tmp_path / "other.md").write_text("# Garden\n\n## Merge conflicts of hedges\nCut both.\n", encoding="utf-8")
    with closing(Library(tmp_path / "other", WordCountEncoder())) as library:
        reading_only(library, tmp_path / "other.md")
        yield library


def test_value_of_a_revision_is_made_once_however_many_threads_ask(library: Library, notes: Path) -> None:
    made: list[int] = []

    def make(library: Library) -> int:
        made.append(library.snapshot().revision)
        return made[-1]

    value = OfRevision(make)
    threads = [threading.Thread(target=value.get, args=(library,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(made) == 1
    before = value.get(library)
    (notes / "new.md").write_text("# Garden\n\n## Compost\nTurn it.\n", encoding="utf-8")
    library.sync()
    assert value.get(library) > before
    assert len(made) == 2


def test_what_was_made_of_one_library_is_not_given_for_another(service: Service, other: Library) -> None:
    before = service.answer(QUESTION), service.contents(), service.journal()
    service.use(other)
    assert service.answer(QUESTION).hits[0].path == "other.md"
    assert list(service.contents().subjects) == ["Garden"]
    assert service.journal() is not before[2]
    assert before[0].hits[0].path == "topics.md"


def test_library_that_gets_ready_late_does_not_make_the_next_one_ready(tmp_path: Path, library: Library) -> None:
    slow = SlowEncoder()
    service = Service()
    service.use(Library(library.folder, slow))
    opening = threading.Thread(target=service.library)
    opening.start()
    assert slow.started.wait(30)
    service.use(library)
    slow.released.set()
    opening.join(30)
    assert not service.is_ready
    assert service.library() is library
    assert service.is_ready


def test_why_a_library_cannot_be_opened_is_kept_and_gone_when_it_can(
    service: Service, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise LibraryError("its disk is away")

    with monkeypatch.context() as patched:
        patched.setattr(library.encoder, "encode_queries", fail)
        with pytest.raises(LibraryError, match="its disk is away"):
            service.library()
    assert service.problem == "its disk is away"
    assert service.library() is library
    assert service.problem == ""


def test_library_that_another_process_has_read_by_another_model_is_answered_by_the_old_one_until_then(
    service: Service, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = SlowDocuments(name="another")
    monkeypatch.setattr(opened, "open_library", lambda place, *, measure: Library(place, WordCountEncoder("another")))

    def switch() -> None:
        with closing(Library(library.folder, slow)) as switched:
            switched.sync(reembed=True)

    switching = threading.Thread(target=switch)
    switching.start()
    assert slow.started.wait(30)
    assert service.library() is library
    before = service.search(QUESTION, 0).results[0].topic
    library.reranker = CrossEncoder(library.folder / "reranker", library.folder)
    slow.released.set()
    switching.join(30)
    after = service.library()
    assert (library.encoder.name, after.encoder.name, after.place) == ("word-count", "another", library.place)
    assert after.reranker is library.reranker
    after.reranker = None
    assert service.search(QUESTION, 0).results[0].topic == before
    assert service.library() is after
    after.close()


def test_journal_is_one_for_all_threads(service: Service) -> None:
    journals: list[object] = []
    threads = [threading.Thread(target=lambda: journals.append(service.journal())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(set(map(id, journals))) == 1


def test_on_a_server_what_another_machine_reads_is_followed_and_no_file(
    remote: Library, notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Library, "sync", lambda *_, **__: pytest.fail("the files are another machine's to read"))
    service, stop = Service(), threading.Event()
    with closing(Library(remote.place, remote.encoder, beside=tmp_path / "app")) as library:
        service.use(library)
        service.start(stop)
        wait_until(lambda: service.is_ready)
        monkeypatch.undo()
        (notes / "garden.md").write_text("# Garden\n\n## Compost\nTurn the heap.\n", encoding="utf-8")
        remote.sync()
        wait_until(lambda: service.landed > 0)
        assert service.answer(AskRequest("turn the heap")).hits[0].topic == "Compost"
        stop.set()


def test_server_that_was_away_is_followed_again_and_its_failure_forgotten(
    remote: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.service.facade.RETRY_SECONDS", 0.05)
    is_away = threading.Event()
    news = remote.storage.news

    def answer(seconds: float) -> bool:
        if is_away.is_set():
            raise LibraryError("The server cannot be reached.")
        return news(min(seconds, 0.05))

    monkeypatch.setattr(remote.storage, "news", answer)
    service, stop = Service(), threading.Event()
    service.use(remote)
    is_away.set()
    service.start(stop)
    wait_until(lambda: bool(service.jobs.last and "cannot be reached" in service.jobs.last.error))
    is_away.clear()
    wait_until(lambda: service.jobs.last is None)
    stop.set()


def test_app_on_a_server_where_nothing_was_read_yet_says_so_and_goes_on_once_it_was(
    server: TestServer, notes: Path, encoder: WordCountEncoder, tmp_path: Path
) -> None:
    address = server.address()
    with closing(Library(address, encoder, beside=tmp_path / "app")) as library:
        service = Service()
        service.use(library)
        assert service.waiting() is None
        with pytest.raises(LibraryError, match=r"Nothing was read .* yet\. Run `topics sync`"):
            service.library()
        with closing(Library(address, encoder, beside=tmp_path / "worker")) as worker:
            worker.add(notes)
            worker.sync()
        assert service.answer(QUESTION).hits[0].path == "topics.md"


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.02)
