"""Who may see and change what on a server, where a password may stand, and notes that would like to be SQL."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Final

import psycopg
import pytest

from assistant.feedback import journal_of
from index.engine.server.address import read_address, read_password
from index.engine.server.connection import Server, Statement
from index.errors import LibraryError, SettingError
from index.library import Library
from tests.fakes import WordCountEncoder
from tests.servers import TestServer

HOSTILE: Final = (
    "'; DROP TABLE topics.topic; --",
    '"; DELETE FROM topics.library; --',
    "%s %(library)s %% \\' \\\\ $1 $$; SELECT pg_sleep(9) $$",
    "'||(SELECT uid FROM topics.library)||'",
    "{NULL,\"a\\\"b\"} [1,2] (1,'x') E'\\x00' U&'\\0061'",
    "Robert'); DROP SCHEMA topics CASCADE;--",
    "\u202etxet desrever\u202c \u0000 \ufffd \U0001f4a3 ﷽",
    "x" * 12_000,
)
"""What a note, a question, a file name, a link or a name may hold."""


@pytest.fixture
def library(server: TestServer, tmp_path: Path) -> Library:
    """Return an empty library on a server."""
    return Library(server.address(), WordCountEncoder(max_tokens=20_000), beside=tmp_path / "beside")


def hostile_notes(folder: Path) -> None:
    folder.mkdir()
    for number, text in enumerate(HOSTILE):
        name = f"{number} {text[:40]}".replace("/", "|").replace("\0", "")
        note = (
            f"---\ntitle: {number}\naliases: [{text[:60]!r}]\ntags: [it's, 'a\"b']\nsaid: {text[:100]!r}\n---\n"
            f"# {text[:200]}\n\n## {text}\n*What:* {text}\n*Also asked as:* {text}\n\n[[{text}]] [a](<{text[:2000]}>)\n"
        )
        (folder / f"{name}.md").write_text(note.replace("\0", ""), encoding="utf-8")
    (folder / "lines.jsonl").write_text(
        '{"_id": "\'; DROP TABLE topics.word; --", "title": "a\\u0000b", "text": "nul \\u0000 in it"}\n',
        encoding="utf-8",
    )


def test_hostile_notes_go_through_every_statement_as_values(
    library: Library, server: TestServer, tmp_path: Path
) -> None:
    hostile_notes(tmp_path / 'it\'s "notes"; --')
    with closing(library):
        library.add(tmp_path / 'it\'s "notes"; --', include=["*.md", "*.jsonl", "'; --"])
        report = library.sync()
        assert len(report.added) > len(HOSTILE)
        assert {change.document.status for change in report.added} == {"indexed"}
        [line] = [topic for _, topic in library.all_topics() if topic.title == "a\ufffdb"]
        assert line.entries[0].text == "nul \0 in it"  # as the note has it, within JSON
        for text in HOSTILE:
            question = text[:400]
            library.find(f'{question} "quoted {question[:50]}"')
            hit = library.search(f"{question} drop table", 3)[0]
            library.leads(library.topics([hit.row_id])[hit.row_id])
            library.reader.links_of(hit.row_id)
            library.learn(question, hit.id)
            assert library.search(question, 1)[0].score == 1.0
            library.lexical().topics_containing([question, "drop"], 5)
            library.lexical().words_with(question[0])
            library.snapshot().has_title(text)
        assert len(library.learned()) == len(HOSTILE)
        library.unlearn()
        library.sync(reembed=True)
        assert library.storage.damage() == ""
        library.remove(tmp_path / 'it\'s "notes"; --')
    with server.connect() as db:
        tables = db.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'topics'").fetchone()
        assert tables == (19,)


def test_readers_read_and_change_nothing(library: Library, server: TestServer, notes: Path, tmp_path: Path) -> None:
    with closing(library):
        library.add(notes)
        library.sync()
        name = library.name.rpartition("=")[2]
        with closing(Library(server.address(name, user="reads"), library.encoder, beside=tmp_path / "r")) as reader:
            assert [hit.id for hit in reader.search("decorators")] == [hit.id for hit in library.search("decorators")]
            with pytest.raises(LibraryError, match="may not be used so by this user"):
                reader.learn("wrap me", reader.search("decorators")[0].id)
            reader.storage.write_file("preferences.json", "{}")
            journal_of(reader).turn(on=True)
            assert (library.storage.read_file("preferences.json"), journal_of(library).is_on) == ("{}", True)
        with closing(Library(server.address(name, user="writes"), library.encoder, beside=tmp_path / "w")) as writer:
            writer.learn("wrap me", writer.search("decorators")[0].id)
            assert library.search("wrap me", 1)[0].score == 1.0
        with pytest.raises(LibraryError, match="may not be used so by this user"):
            Library(server.address(name, user="nobody"), library.encoder, beside=tmp_path / "n")
    with pytest.raises(LibraryError, match="A user with the role topics_writer makes one"):
        Library(server.address("not-there", user="reads"), library.encoder, beside=tmp_path / "r")


def test_the_server_shows_nobody_the_rows_of_another_library(
    library: Library, server: TestServer, notes: Path, tmp_path: Path
) -> None:
    with closing(library):
        library.add(notes)
        library.sync()
        library.storage.write_file("preferences.json", "{}")
        name = library.name.rpartition("=")[2]
        with server.connect() as db:
            db.execute("CREATE ROLE secret_team")
            db.execute(
                "UPDATE topics.library SET reader_role = 'secret_team', writer_role = 'secret_team' WHERE name = %s",
                (name,),
            )
        for user in ("reads", "writes"):
            with server.connect(user=user) as db:
                db.execute("SELECT set_config('topics.library', %s, false)", (name,))
                for table in ("topic", "passage", "vector", "posting", "learned", "source", "setting", "asked", "file"):
                    assert db.execute(f"SELECT count(*) FROM topics.{table}").fetchone() == (0,), table  # noqa: S608
                assert db.execute("SELECT count(*) FROM topics.library WHERE name = %s", (name,)).fetchone() == (0,)
        with server.connect(user="writes") as db, pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("INSERT INTO topics.setting VALUES (%s, 'a', 'b')", (library.storage.reader.state().library,))  # type: ignore[attr-defined]
        with server.connect(user="writes") as db, pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("UPDATE topics.library SET reader_role = 'writes'")


def test_a_statement_that_takes_too_long_is_stopped(server: TestServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.engine.server.connection.READING_MS", 100)
    with closing(Server(read_address(server.address()))) as asking:
        with pytest.raises(LibraryError, match="took too long"):
            asking.all("SELECT pg_sleep(5)")
        assert asking.all("SELECT 1") == [(1,)]


def test_reading_cannot_write(server: TestServer) -> None:
    asking = Server(read_address(server.address()))
    with closing(asking), asking.reading(), pytest.raises(LibraryError, match="replica, which can be asked"):
        asking.several(Statement("INSERT INTO topics.library (name) VALUES (%s)", ("x",)))


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("postgresql://ann:secret@db/notes?library=team", "holds a password"),
        ("postgresql://db/notes?library=team&password=secret", "holds a password"),
        ("postgresql://db/notes", "names no library"),
        ("postgresql://db/notes?library=a'b", "names no library"),
        ("postgresql://db/notes?library=team&options=-csearch_path%3Dx", "says options"),
        ("postgresql://[::1/notes?library=team", "no address"),
        ("/home/ann/notes?library=team", "no address of a server"),
    ],
)
def test_addresses_that_are_none_or_tell_a_secret_are_refused(address: str, says: str) -> None:
    with pytest.raises(SettingError, match=says) as refused:
        read_address(address)
    assert "secret" not in str(refused.value)


def test_another_machine_is_reached_by_verified_tls_unless_the_address_says_otherwise() -> None:
    far = read_address("postgresql://ann@db.example:5433,db2.example/notes?library=team")
    assert far.parameters["sslmode"] == "verify-full"
    assert (far.parameters["host"], far.parameters["port"]) == ("db.example,db2.example", "5433,")
    assert "sslmode" not in read_address("postgresql:///notes?library=team").parameters
    assert read_address("postgresql://db/notes?library=team&sslmode=disable").parameters["sslmode"] == "disable"


def test_the_password_stands_in_a_file_that_only_its_owner_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "password"
    file.write_text("open sesame\n")
    monkeypatch.setenv("TOPICS_PASSWORD_FILE", str(file))
    file.chmod(0o644)
    with pytest.raises(SettingError, match="chmod 600"):
        read_password()
    file.chmod(0o600)
    assert read_password() == "open sesame"
    monkeypatch.setenv("TOPICS_PASSWORD_FILE", str(tmp_path / "gone"))
    with pytest.raises(SettingError, match="cannot be read"):
        read_password()
