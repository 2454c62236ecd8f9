"""A library keeps its ids, what it has learned and its answers wherever it is moved."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import LibraryError
from index.library import Library
from index.moving import move
from tests.fakes import TokenEncoder
from tests.servers import TestServer


@pytest.fixture
def places(tmp_path: Path, server: TestServer) -> Callable[[str], Path | str]:
    """Return a function that gives a new place of a kind."""
    return lambda kind: server.address() if kind == "server" else tmp_path / f"folder-{kind}"


@pytest.mark.parametrize(("first", "second"), [("one", "server"), ("server", "one"), ("one", "two")])
def test_library_is_the_same_in_another_place(
    first: str, second: str, notes: Path, tmp_path: Path, places: Callable[[str], Path | str]
) -> None:
    encoder = TokenEncoder()
    with (
        closing(Library(places(first), encoder, beside=tmp_path / "a")) as old,
        closing(Library(places(second), encoder, beside=tmp_path / "b")) as new,
    ):
        old.remove("builtin")
        old.add(notes, include=["*.md"], exclude=["drafts/"])
        old.sync()
        topic = old.search("canary", 1)[0]
        old.learn("bird in the mine", topic.id)
        embedded = len(encoder.encoded)
        assert move(old, new) == 3
        assert (new.sources(), new.reader.patterns(str(notes))) == (old.sources(), old.reader.patterns(str(notes)))
        assert new.documents() == old.documents()
        assert new.learned() == [("bird in the mine", topic.id)]
        assert {heading.topic_id for heading in new.reader.headings().values()} == {
            heading.topic_id for heading in old.reader.headings().values()
        }
        for question in ("merge conflicts", "canary", "bird in the mine", "what wraps a function"):
            assert [(hit.id, round(hit.score, 4)) for hit in new.search(question)] == [
                (hit.id, round(hit.score, 4)) for hit in old.search(question)
            ]
        assert new.storage.damage() == ""
        report = new.sync()
        assert (report.changed, report.unchanged, len(encoder.encoded)) == ([], 1, embedded)


def test_library_is_moved_to_an_empty_place_only(notes: Path, tmp_path: Path) -> None:
    encoder = TokenEncoder()
    with (
        closing(Library(tmp_path / "one", encoder)) as old,
        closing(Library(tmp_path / "two", encoder)) as new,
    ):
        with pytest.raises(LibraryError, match="never read"):
            move(old, new)
        old.sync()
        new.add(notes)
        with pytest.raises(LibraryError, match="is not empty"):
            move(old, new)
