"""`topics server`, `work` and `move`, and the commands with an address in the place of a folder."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from assistant.cli.servers import embed_what_waits
from index.errors import LibraryError
from tests.assistant.running import QUESTION, Topics, asked
from tests.servers import TestServer


@pytest.fixture
def on_server(topics: Topics, server: TestServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Topics:
    """Return the command on a new library of a server, with a data folder of its own."""
    monkeypatch.setenv("TOPICS_LIBRARY", server.address())
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return topics


def test_database_is_prepared_once_and_brought_forward(topics: Topics, server: TestServer) -> None:
    with server.connect() as db:
        db.execute("CREATE DATABASE fresh")
    address = server.address(database="fresh").partition("&library")[0]
    first, again = topics("server", "init", address), topics("server", "upgrade", address)
    assert (first.code, again.code) == (0, 0)
    assert "was made" in first.err
    assert "GRANT topics_reader TO ann" in first.err
    assert "its schema is of version" in again.err


def test_library_that_milvus_does_not_search_stays_with_postgresql(
    on_server: Topics, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_server("add", "--no-builtin", notes)
    address = os.environ["TOPICS_LIBRARY"]
    assert "PostgreSQL searches it" in on_server("server", "reindex", address).err
    monkeypatch.setenv("TOPICS_SEARCH", "milvus://ann:secret@search.example:19530")
    refused = on_server("server", "reindex", address)
    assert (refused.code, "TOPICS_SEARCH_TOKEN_FILE" in refused.err, "secret" in refused.err) == (1, True, False)
    assert asked(on_server("ask", QUESTION, "--json"))["hits"][0]["topic"] == "Merge conflicts"


def test_every_command_takes_an_address_for_a_folder(on_server: Topics, notes: Path) -> None:
    added = on_server("add", "--no-builtin", notes)
    assert (added.code, "3 topics in all" in added.err) == (0, True)
    assert asked(on_server("ask", QUESTION, "--json"))["hits"][0]["topic"] == "Merge conflicts"
    assert asked(on_server("status", "--json"))["library"].startswith("postgresql://")
    assert on_server("related", "Merge conflicts").code == 0
    assert asked(on_server("map", "--json"))["points"]
    assert on_server("mark", "useful", "overlapping work", "--topic", "Merge conflicts").code == 0
    assert asked(on_server("ask", "overlapping work", "--json"))["hits"][0]["topic"] == "Merge conflicts"
    assert on_server("remove", notes).code == 0


def test_journal_of_a_server_is_off_until_it_is_turned_on(on_server: Topics, notes: Path) -> None:
    on_server("add", "--no-builtin", notes)
    on_server("ask", QUESTION)
    assert asked(on_server("journal", "--json"))["asked"] == []
    turned = on_server("journal", "--on")
    assert ("in the database" in turned.err, "this machine" in turned.err) == (True, False)
    on_server("ask", QUESTION)
    assert [one["question"] for one in asked(on_server("journal", "--json"))["asked"]] == [QUESTION]
    on_server("journal", "--off")
    assert not asked(on_server("journal", "--json"))["on"]


def test_library_moves_to_a_server_and_back_with_its_journal(
    own: Topics, server: TestServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    own("ask", QUESTION)
    own("mark", "useful", "bird in the mine", "--topic", "Canary releases")
    before = asked(own("ask", QUESTION, "--json"))
    address = server.address()
    there = own("move", tmp_path / "library", address)
    assert (there.code, "Moved 3 topics" in there.err) == (0, True)
    back = own("move", address, tmp_path / "again")
    assert back.code == 0
    for place in (address, str(tmp_path / "again")):
        record = asked(own("ask", QUESTION, "--json", "--library", place))
        assert record | {"elapsed_ms": 0} == before | {"elapsed_ms": 0}
        journal = asked(own("journal", "--json", "--library", place))
        assert [one["question"] for one in journal["asked"]] == [QUESTION]
        assert [mark["question"] for mark in journal["marks"]] == ["bird in the mine"]
    refused = own("move", tmp_path / "library", address)
    assert (refused.code, "is not empty" in refused.err) == (1, True)


def test_worker_serves_servers_only(own: Topics, notes: Path) -> None:
    refused = own("work", "--once")
    assert (refused.code, "Workers serve a library on a server" in refused.err) == (1, True)
    assert own("sync", "--by-workers").code == 2


class ScriptedWorker:
    """A worker that embeds so many passages each time, or fails."""

    def __init__(self, *turns: int | BaseException) -> None:
        self._turns = iter(turns)

    def work(self) -> int:
        turn = next(self._turns)
        if isinstance(turn, BaseException):
            raise turn
        return turn

    def close(self) -> None:
        pass


def test_worker_waits_for_a_server_that_has_gone_longer_each_time_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    away = [LibraryError("the server is away")] * 9
    worker = ScriptedWorker(3, *away, 2, LibraryError("it is full"), KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        embed_what_waits(worker, once=False)
    assert pauses == [0.5, 1.5, 3.5, 7.5, 15.5, 31.5, 60.0, 60.0, 60.0, 0.5]
    said = capsys.readouterr().err
    assert [said.count(text) for text in ("3 passages", "the server is away", "2 passages", "it is full")] == [1] * 4


@pytest.mark.parametrize(
    ("once", "turns"), [(False, [LibraryError("no rights")]), (True, [3, LibraryError("no rights")])]
)
def test_worker_ends_with_what_no_waiting_mends(*, once: bool, turns: list[int | BaseException]) -> None:
    with pytest.raises(LibraryError, match="no rights"):
        embed_what_waits(ScriptedWorker(*turns), once=once)


def test_worker_ends_when_nothing_waits_any_more(on_server: Topics, notes: Path) -> None:
    on_server("add", "--no-builtin", notes)
    done = on_server("work", "--once")
    assert (done.code, "Embedding what waits" in done.err) == (0, True)


@pytest.mark.parametrize(
    "command",
    [
        *("status -l AT", "sync -l AT", "work --once -l AT", "ask anything -l AT", "doctor -l AT", "map --json -l AT"),
        *("journal -l AT", "server reindex AT", "move AT COPY"),
    ],
)
def test_name_that_no_library_has_makes_none_and_is_told_which_there_are(
    topics: Topics, server: TestServer, notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    there, mistyped = server.address("gardeners"), server.address("gardenres")
    added = topics("add", "--no-builtin", notes, "--library", there)
    assert added.code == 0
    refused = topics(*command.replace("AT", mistyped).replace("COPY", str(tmp_path / "copy")).split())
    assert refused.code == 1
    assert "There is no library postgresql://" in refused.err
    assert "gardeners" in refused.err
    assert not (tmp_path / "copy").exists()
    with server.connect() as db:
        assert db.execute("SELECT count(*) FROM topics.library WHERE name = 'gardenres'").fetchone() == (0,)


def test_address_of_another_kind_of_server_makes_no_folder(
    topics: Topics, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    refused = topics("status", "--library", "mysql://ann@db.example/notes?library=team")
    assert (refused.code, "is no address of a library" in refused.err) == (1, True)
    assert sorted(tmp_path.iterdir()) == before


def test_database_is_prepared_by_a_user_who_may_make_roles(topics: Topics, server: TestServer) -> None:
    refused = topics("server", "upgrade", server.address(user="reads"))
    assert (refused.code, "as a user who may make roles" in " ".join(refused.err.split())) == (1, True)


def test_folder_without_a_library_is_not_moved_from(topics: Topics, tmp_path: Path) -> None:
    refused = topics("move", tmp_path / "nothing", tmp_path / "copy")
    assert (refused.code, "There is no library in" in refused.err) == (1, True)
    assert not list(tmp_path.glob("nothing")) + list(tmp_path.glob("copy"))


def test_address_with_a_password_is_refused_without_repeating_it(topics: Topics) -> None:
    refused = topics("status", "--library", "postgresql://ann:secret@db/notes?library=team")
    assert (refused.code, "holds a password" in refused.err) == (1, True)
    assert "secret" not in json.dumps([refused.out, refused.err])
