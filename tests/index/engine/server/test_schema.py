"""Tables that an older version has made are brought forward with all that is in them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from index.engine.server import schema
from index.errors import LibraryError
from index.library import Library
from tests.fakes import WordCountEncoder
from tests.servers import TestServer


def test_tables_of_every_version_before_are_brought_forward_with_what_they_hold(
    server: TestServer, tmp_path: Path, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server.connect() as db:
        db.execute("CREATE DATABASE older")
    with server.connect(database="older") as db:
        with monkeypatch.context() as older:
            older.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
            older.setattr(schema, "VERSION", 1)
            assert schema.init(db) == schema.Prepared(0, 1)
            db.execute("INSERT INTO topics.library (name) VALUES ('team')")
        address = server.address("team", database="older")
        with closing(Library(address, WordCountEncoder(), beside=tmp_path / "beside")) as library:
            library.add(notes)
            with pytest.raises(LibraryError, match="topics server upgrade"):
                library.storage.read_file("preferences.json")
            assert schema.init(db) == schema.Prepared(1, schema.VERSION)
            assert schema.init(db) == schema.Prepared(schema.VERSION, schema.VERSION)
            library.storage.write_file("preferences.json", "{}")
            assert library.storage.read_file("preferences.json") == "{}"
            library.sync()
            assert library.search("decorators", 1)[0].topic.title == "Decorators"


def test_tables_that_a_newer_version_has_made_are_left_alone(
    server: TestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server.connect() as db:
        monkeypatch.setattr(schema, "VERSION", schema.VERSION - 1)
        with pytest.raises(LibraryError, match="Update this one first"):
            schema.init(db)


def test_an_owner_that_may_not_hand_out_the_statistics_prepares_all_the_rest(server: TestServer) -> None:
    with server.connect() as db:
        db.execute("CREATE ROLE landlord LOGIN CREATEROLE")
        db.execute("CREATE DATABASE rented OWNER landlord")
        db.execute("GRANT topics_owner, topics_writer, topics_reader TO landlord WITH ADMIN OPTION")
    with server.connect(database="rented") as db:
        db.execute("CREATE EXTENSION vector")
    with server.connect(user="landlord", database="rented") as db:
        assert schema.init(db) == schema.Prepared(0, schema.VERSION)
        rows = db.execute(
            """SELECT relname, relrowsecurity, has_table_privilege('topics_reader', oid, 'INSERT') FROM pg_class
               WHERE oid IN ('topics.asked'::regclass, 'topics.noted'::regclass, 'topics.file'::regclass)"""
        ).fetchall()
        assert sorted(rows) == [("asked", True, True), ("file", True, True), ("noted", True, True)]
