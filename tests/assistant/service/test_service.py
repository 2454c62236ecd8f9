"""One library behind every door: what is made of it once, and what happens when another takes its place."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from assistant.service import AskRequest, Service
from assistant.service.revisions import OfRevision
from index.errors import LibraryError
from index.library import Library
from index.records import Vectors
from tests.fakes import WordCountEncoder

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


@pytest.fixture
def service(library: Library) -> Service:
    service = Service()
    service.use(library)
    return service


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Library]:
    (tmp_path / "other.md").write_text("# Garden\n\n## Merge conflicts of hedges\nCut both.\n", encoding="utf-8")
    with closing(Library(tmp_path / "other", WordCountEncoder())) as library:
        library.remove("builtin")
        library.add(tmp_path / "other.md")
        library.sync()
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


def test_journal_is_one_for_all_threads(service: Service) -> None:
    journals: list[object] = []
    threads = [threading.Thread(target=lambda: journals.append(service.journal())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(set(map(id, journals))) == 1
