"""A library on PostgreSQL that Milvus searches agrees with one in a folder, and what is there PostgreSQL decides."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.discovery import related_topics
from index.engine import reindex_server
from index.engine.milvus.index import MilvusIndex
from index.engine.milvus.opening import milvus_uri
from index.engine.server.storage import ServerStorage
from index.errors import LibraryError, SettingError
from index.library import Library
from index.records import Hit
from index.retrieval import rank_by_words
from tests.index.test_storage import BUNDLED, CASES, SPECIAL, opened_twice, questions
from tests.milvus_servers import START_SECONDS, MilvusServer
from tests.servers import TestServer

Both = tuple[Library, Library]


@pytest.fixture(scope="module")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusServer]:
    """Return a Milvus that runs."""
    running = MilvusServer(tmp_path_factory.mktemp("milvus"))
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of a file that milvus-lite keeps: a stand-in, which has BM25."""
    pytest.importorskip("milvus_lite", reason="milvus-lite is not installed")
    return f"milvus://{tmp_path_factory.mktemp('lite')}/notes.db"


@pytest.fixture(scope="module", params=["milvus", "lite"])
def both(
    server: TestServer, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Both]:
    """Return a library in a folder and one that Milvus searches, with the same notes, which no test changes."""
    where = request.getfixturevalue(request.param)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TOPICS_SEARCH", where if isinstance(where, str) else where.address)
        with opened_twice(
            server, tmp_path_factory.mktemp("both"), BUNDLED, CASES / "household", CASES / "written"
        ) as libraries:
            assert reindex_server(str(libraries[1].place)) == len(libraries[0].reader.headings()) > 0
            yield libraries


@pytest.fixture(params=["milvus", "lite"])
def edited(
    server: TestServer, request: pytest.FixtureRequest, tmp_path: Path, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Library]:
    """Return a library that Milvus searches, with notes that tests may change."""
    where = request.getfixturevalue(request.param)
    monkeypatch.setenv("TOPICS_SEARCH", where if isinstance(where, str) else where.address)
    with opened_twice(server, tmp_path, notes) as (_, remote):
        reindex_server(str(remote.place))
        yield remote


def agreement(both: Both, asked: list[str]) -> tuple[float, float]:
    """Return how often the first topic is the same, and how many of the first ten are."""
    first, ten = [], []
    for question in asked:
        ours, theirs = ([hit.id for hit in library.search(question)] for library in both)
        first.append(ours[:1] == theirs[:1])
        ten.append(len({*ours} & {*theirs}) / max(len(ours), 1))
    return sum(first) / len(first), sum(ten) / len(ten)


def test_it_names_the_same_topics_as_the_library_in_a_folder(both: Both) -> None:
    first, ten = agreement(both, questions()[:80])
    assert first >= 0.98
    assert ten >= 0.98


def test_filters_quotes_and_days_mean_the_same(both: Both) -> None:
    first, ten = agreement(both, list(SPECIAL))
    assert first >= 0.9
    assert ten >= 0.95


def test_topics_beside_one_are_the_same(both: Both) -> None:
    local, remote = both
    remote_ids = {heading.topic_id: id_ for id_, heading in remote.reader.headings().items()}
    for row_id, stored in list(local.topics(local.reader.headings()).items())[::10]:
        names = [
            [one.id for one in related_topics(library, id_, stored.topic)]
            for library, id_ in ((local, row_id), (remote, remote_ids[stored.topic_id]))
        ]
        assert names[0] == names[1], stored.topic.title


def test_a_question_takes_as_many_journeys_to_postgresql_as_without_milvus(both: Both) -> None:
    storage = both[1].storage
    assert isinstance(storage, ServerStorage)
    for question in (asked for asked in questions()[:20] if not both[1].query(asked).literals):
        before = storage.journeys
        both[1].find(question, as_typed=True)
        assert storage.journeys - before <= 4, question


def test_words_of_many_postings_are_looked_for_by_its_bm25(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    _, remote = both
    if not index_of(remote).has_words:
        pytest.skip("this Milvus has no BM25, which came with 2.5")
    asked = questions()[:60]
    whole = [rank_by_words(remote.reader, question, 10) for question in asked]
    monkeypatch.setattr("index.engine.server.searching.posting_budget.POSTINGS", 40)
    monkeypatch.setattr("index.engine.server.searching.lexical.NOMINATED", 60)
    found = [rank_by_words(remote.reader, question, 10) for question in asked]
    recall = [len({*some} & {*all_}) / len(all_) for some, all_ in zip(found, whole, strict=True) if all_]
    assert sum(recall) / len(recall) > 0.95


def test_publish_is_seen_by_another_machines_next_question(edited: Library, notes: Path, tmp_path: Path) -> None:
    with closing(Library(edited.place, edited.encoder, beside=tmp_path / "other")) as other:
        for number in range(10):
            (notes / "news.md").write_text(f"# News\n\n## Number {number}\nzebra{number} escaped\n", encoding="utf-8")
            edited.sync()
            vector = edited.encoder.encode_queries([f"zebra{number} escaped"])[0]
            near = other.reader.neighbours(vector, 1, [], 0, []).views.row_ids.tolist()
            assert [other.topics(near)[id_].topic.title for id_ in near] == [f"Number {number}"]


def test_of_fifty_notes_that_are_deleted_none_is_found_or_left(edited: Library, notes: Path) -> None:
    for number in range(50):
        (notes / f"{number}.md").write_text(f"# Heap\n\n## Heap {number}\nturn the compost\n", encoding="utf-8")
    edited.sync()
    assert {hit.topic.subject for hit in edited.search("turn the compost")} == {"Heap"}
    for number in range(50):
        (notes / f"{number}.md").unlink()
    edited.sync()
    assert "Heap" not in {hit.topic.subject for hit in edited.search("turn the compost", 20)}
    assert holds_only_what_is_there(edited)


def test_what_milvus_holds_too_much_falls_away_until_it_is_filled_anew(
    edited: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: MilvusIndex, row_ids: object) -> None:
        raise LibraryError("Milvus is away")

    for number in range(30):
        (notes / f"{number}.md").write_text(f"# Heap\n\n## Heap {number}\nturn the compost\n", encoding="utf-8")
    edited.sync()
    with monkeypatch.context() as patched:
        patched.setattr(MilvusIndex, "remove", refuse)
        for number in range(30):
            (notes / f"{number}.md").unlink()
        edited.sync()
    assert held(edited) > set(edited.reader.headings())
    assert {hit.topic.subject for hit in edited.search("turn the compost", 3)} == {"DevOps", "Python"}
    assert reindex_server(str(edited.place)) == 3
    assert holds_only_what_is_there(edited)


def test_change_that_milvus_does_not_take_is_not_made(
    edited: Library, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: MilvusIndex, shelf: int, passages: object) -> None:
        raise LibraryError("Milvus is away")

    revision = edited.snapshot().revision
    (notes / "news.md").write_text("# News\n\n## Zebra\nescaped\n", encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(MilvusIndex, "put_passages", refuse)
        with pytest.raises(LibraryError, match="Milvus is away"):
            edited.sync()
    assert edited.snapshot().revision == revision
    assert len(edited.sync().added) == 1


def test_milvus_that_is_lost_is_named_and_filled_by_one_command(edited: Library) -> None:
    expected = [hit.id for hit in edited.search("decorators")]
    index_of(edited).drop()
    with pytest.raises(LibraryError, match="topics server reindex"):
        edited.search("decorators")
    assert reindex_server(str(edited.place)) == 3
    assert [hit.id for hit in edited.search("decorators")] == expected


def test_library_goes_back_to_postgresql_and_says_meanwhile_what_is_missing(
    edited: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("TOPICS_SEARCH")
    with closing(Library(edited.place, edited.encoder, beside=tmp_path / "other")) as other:
        with pytest.raises(LibraryError, match="Set TOPICS_SEARCH to that address"):
            other.search("decorators")
        assert reindex_server(str(edited.place)) == 0
        assert other.search("decorators", 1)[0].topic.title == "Decorators"


@pytest.mark.parametrize("edited", ["milvus"], indirect=True)
def test_questions_go_on_after_milvus_was_ended_by_force(edited: Library, milvus: MilvusServer, notes: Path) -> None:
    expected = [hit.id for hit in edited.search("decorators")]
    milvus.stop()
    with pytest.raises(LibraryError, match="cannot be asked"):
        edited.search("canary releases")
    milvus.start()
    assert [hit.id for hit in searched_again(edited, "decorators")] == expected
    (notes / "news.md").write_text("# News\n\n## Zebra\nzebra escaped\n", encoding="utf-8")
    edited.sync()
    assert edited.search("zebra escaped", 1)[0].topic.title == "Zebra"


@pytest.mark.parametrize(
    ("address", "said"), [("http://search:19530", "no address"), ("milvus://ann:secret@search:19530", "TOKEN_FILE")]
)
def test_address_that_is_none_or_holds_a_password_is_refused(address: str, said: str) -> None:
    with pytest.raises(SettingError, match=said) as refused:
        milvus_uri(address)
    assert "secret" not in str(refused.value)


def searched_again(library: Library, question: str) -> list[Hit]:
    """Return what is found once Milvus has loaded its collections again, for which questions say that they fail."""
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            return library.search(question)
        except LibraryError:
            assert time.monotonic() < until
            time.sleep(0.5)


def index_of(library: Library) -> MilvusIndex:
    """Return what Milvus holds of a library."""
    assert isinstance(library.storage, ServerStorage)
    reader = library.storage.reader
    index = reader.search_index(reader.state())
    assert index
    return index


def held(library: Library) -> set[int]:
    """Return the topics that Milvus holds; what was taken out a moment ago may be among them."""
    return {id_ for some in index_of(library).row_ids() for id_ in some}


def holds_only_what_is_there(library: Library) -> bool:
    """Return whether, within half a minute, Milvus holds the topics that PostgreSQL does and no other."""
    until = time.monotonic() + 30
    while not (is_so := held(library) == set(library.reader.headings())) and time.monotonic() < until:
        time.sleep(0.5)
    return is_so
