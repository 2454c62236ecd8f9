"""A dump of the database, restored into another one, gives the same answers."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from index.engine import prepare_server
from index.library import Library
from tests.fakes import TokenEncoder
from tests.servers import TestServer


def test_dump_that_is_restored_gives_the_same_answers(server: TestServer, notes: Path, tmp_path: Path) -> None:
    encoder, address = TokenEncoder(), server.address("kept-safe")
    with closing(Library(address, encoder, beside=tmp_path / "a")) as library:
        library.add(notes)
        library.sync()
        topic = library.search("canary", 1)[0]
        library.learn("bird in the mine", topic.id)
        server.run("pg_dump", "--format=custom", f"--file={tmp_path / 'dump'}", "topics")
        server.run("createdb", "restored")
        prepare_server(server.address(database="restored").partition("&library")[0])
        server.run("pg_restore", "--clean", "--if-exists", "--dbname=restored", str(tmp_path / "dump"))
        again = server.address("kept-safe", database="restored")
        with closing(Library(again, encoder, beside=tmp_path / "b")) as restored:
            for question in ("merge conflicts", "bird in the mine", "what wraps a function"):
                assert [(hit.id, hit.score) for hit in restored.search(question)] == [
                    (hit.id, hit.score) for hit in library.search(question)
                ]
            assert restored.learned() == library.learned()
            (notes / "garden.md").write_text("# Garden\n\n## Compost\nTurn the heap.\n", encoding="utf-8")
            assert len(restored.sync().added) == 1
            assert restored.storage.damage() == ""
