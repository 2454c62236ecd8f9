"""Ways to ask that a model writes are kept where they find their topic, are erased again, and are written once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answering import WaysProgress, WaysToAsk
from assistant.answering.ways_to_ask import MAX_WAYS, WAYS_FILE
from assistant.llm import ModelServer, ModelServerError
from index.library import Library
from tests.assistant.answering.stub_model_server import Stub, serving

WAYS = {
    "Merge conflicts": "1. how do I settle a branch that two people changed?\n2. a decorator timer for slow handlers\n",
    "Canary releases": "how can few users get a new version with little traffic?\nhow do 99 users get it?\n",
    "Decorators": "what are functions that wrap functions for?\n",
}


@pytest.fixture
def library(library_of: Callable[..., Library], notes: Path) -> Library:
    return library_of(notes)


def stub_of_ways() -> Stub:
    return Stub(answer=lambda prompt: next(ways for topic, ways in WAYS.items() if f"> {topic}" in prompt))


def enriched(library: Library, stub: Stub, *, dry_run: bool = False, subject: str | None = None) -> list[WaysProgress]:
    with serving(stub):
        ways = WaysToAsk(library)
        server = ModelServer(stub.url, "small")
        topics = ways.missing(subject, (), "small")
        return list(ways.write(server, topics, threading.Event(), dry_run=dry_run))


def asked(stub: Stub) -> int:
    return len([path for path, _ in stub.asked if path.endswith("completions")])


def test_a_way_is_kept_where_it_finds_its_topic_and_dropped_where_another_fits_better(library: Library) -> None:
    progress = enriched(library, stub_of_ways())
    assert [(each.done, each.count) for each in progress] == [(1, 3), (2, 3), (3, 3)]
    of_topic = {each.ways.topic: each.ways for each in progress}
    assert of_topic["Merge conflicts"].accepted == ("how do I settle a branch that two people changed?",)
    assert of_topic["Merge conflicts"].dropped == ("a decorator timer for slow handlers",)
    assert of_topic["Canary releases"].dropped == ("how do 99 users get it?",)
    learned = [way for way, _ in library.learned()]
    assert sorted(learned) == sorted(way for ways in of_topic.values() for way in ways.accepted)
    assert library.find("what are functions that wrap functions for?", 1).hits[0].topic.title == "Decorators"


def test_a_dry_run_keeps_nothing(library: Library) -> None:
    assert enriched(library, stub_of_ways(), dry_run=True)
    assert library.learned() == []
    assert not (library.folder / WAYS_FILE).exists()


def test_only_what_changed_is_written_anew(library: Library, notes: Path) -> None:
    enriched(library, stub_of_ways())
    stub = stub_of_ways()
    assert enriched(library, stub) == []
    assert asked(stub) == 0
    note = notes / "topics.md"
    note.write_text(
        note.read_text(encoding="utf-8").replace("wrap functions.", "wrap functions well."), encoding="utf-8"
    )
    library.sync()
    stub = stub_of_ways()
    assert [each.ways.topic for each in enriched(library, stub)] == ["Decorators"]
    assert asked(stub) == 1


def test_an_interrupted_run_goes_on_from_where_it_was(library: Library) -> None:
    stub = stub_of_ways()
    with serving(stub):
        ways = WaysToAsk(library)
        run = ways.write(ModelServer(stub.url, "small"), ways.missing(None, (), "small"), threading.Event())
        first = next(run).ways.topic
    rest = [each.ways.topic for each in enriched(library, stub_of_ways())]
    assert len(rest) == 2
    assert first not in rest


def test_a_fault_of_the_server_keeps_what_was_written(library: Library) -> None:
    with pytest.raises(ModelServerError, match="500"):
        enriched(library, Stub(status=500))
    assert library.learned() == []


def test_what_was_written_is_erased_and_what_a_person_marked_stays(library: Library) -> None:
    topic_id = library.find("decorators", 1).hits[0].id
    library.learn("how do I time my handlers?", topic_id)
    enriched(library, stub_of_ways())
    assert WaysToAsk(library).erase() == 3
    assert library.learned() == [("how do I time my handlers?", topic_id)]
    assert not (library.folder / WAYS_FILE).exists()


def test_what_is_remembered_holds_no_word_of_the_ways(library: Library) -> None:
    enriched(library, stub_of_ways())
    assert "functions" not in (library.folder / WAYS_FILE).read_text(encoding="utf-8")


def test_ways_that_were_erased_by_hand_are_written_again(library: Library) -> None:
    enriched(library, stub_of_ways())
    library.unlearn()
    assert len(enriched(library, stub_of_ways())) == 3


def test_no_private_note_is_sent_and_a_subject_limits_the_run(library: Library, notes: Path) -> None:
    assert [each.ways.topic for each in enriched(library, stub_of_ways(), subject="python")] == ["Decorators"]
    note = notes / "topics.md"
    note.write_text("---\nprivate: true\n---\n" + note.read_text(encoding="utf-8"), encoding="utf-8")
    stub = stub_of_ways()
    assert enriched(library, stub) == []
    assert stub.asked == []


def test_no_more_ways_are_kept_than_wanted(library: Library) -> None:
    many = "\n".join(f"what are functions that wrap functions of kind {word}?" for word in "abcdefghijklmnop")
    [progress] = enriched(library, Stub(answer=lambda _: many), subject="Python")
    assert len(progress.ways.accepted) <= MAX_WAYS
