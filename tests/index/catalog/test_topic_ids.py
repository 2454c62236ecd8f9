"""A topic keeps its id while file, headings and order stay, and no other topic of the library has it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index.catalog.topic_ids import TELLING, TopicIdAssigner, carried, topic_ids_of, trait
from index.library import Library
from index.records import Document, DocumentKey, Entry, Topic, Trait

QUESTION = "why does the frobnicator squeak on mondays?"


def document(path: str, *ids: str) -> Document:
    return Document(path, "", 0, 0, "indexed", topics=tuple(Topic("S", "T", (), 1, id=id_) for id_ in ids))


def identified(
    changed: dict[DocumentKey, Document],
    held: Sequence[tuple[str, DocumentKey]] = (),
    removed: Sequence[DocumentKey] = (),
) -> list[str]:
    """Return the ids that the topics of changed files get, where some files held some ids until then."""
    old: dict[DocumentKey, list[Trait]] = {place: [] for place in removed}
    assigner = TopicIdAssigner(lambda ids: [one for one in held if one[0] in ids], changed.items(), old)
    return [topic.id for place, one in changed.items() for topic in assigner.identified(place, one).topics]


ONE, OTHER = DocumentKey("/one", "a.jsonl"), DocumentKey("/other", "a.jsonl")


def test_topic_id_stays_when_a_note_is_put_again_and_differs_under_equal_headings() -> None:
    twins = document("a.md", "", "")
    first, second = topic_ids_of(twins)
    assert first != second
    assert list(topic_ids_of(twins)) == [first, second]
    assert list(topic_ids_of(document("b.md", "", ""))) != [first, second]


def test_topics_whose_headings_have_their_numbers_again_are_those_of_before() -> None:
    def traits(*headings: str) -> list[Trait]:
        return [Trait(str(number), f"Log > {heading}", heading, b"") for number, heading in enumerate(headings)]

    place = DocumentKey("/one", "log.md")
    found = carried({place: traits("Mai", "Mai", "A B")}, {place: traits("2. Mai", "3. Mai", "A | B")})
    assert found == {(place, number): (place, str(number)) for number in range(3)}
    assert not carried({place: traits("Mai")}, {place: traits("2. Mai", "3. Mai")}), "which of the two is not known"
    assert not carried({place: traits("2. Mai")}, {place: traits("3. Mai")}), "another day"


def test_id_that_two_new_files_want_is_that_of_the_first() -> None:
    first, second = identified({ONE: document("a.jsonl", "7"), OTHER: document("a.jsonl", "7")})
    assert first == "7"
    assert second.startswith("7-")


def test_id_that_a_file_holds_stays_with_it_whichever_file_is_read() -> None:
    assert identified({ONE: document("a.jsonl", "7")}, [("7", ONE)]) == ["7"]
    [marked] = identified({OTHER: document("a.jsonl", "7")}, [("7", ONE)])
    assert marked != "7"
    assert identified({OTHER: document("a.jsonl", "7")}, [("7", ONE), (marked, OTHER)]) == [marked]
    assert identified({OTHER: document("a.jsonl", "7")}, [(marked, OTHER)]) == [marked], "the other file is gone"


def test_id_that_two_files_held_before_stays_with_the_one_that_is_read_first() -> None:
    both = {ONE: document("a.jsonl", "7"), OTHER: document("a.jsonl", "7")}
    first, second = identified(both, [("7", ONE), ("7", OTHER)])
    assert first == "7"
    assert second.startswith("7-")


def test_id_moves_with_its_topic_to_another_file() -> None:
    assert identified({OTHER: document("a.jsonl", "7")}, [("7", ONE)], removed=[ONE]) == ["7"]
    assert identified({OTHER: document("a.jsonl", "7"), ONE: document("a.jsonl", "8")}, [("7", ONE)]) == ["7", "8"]


@pytest.fixture
def twins(tmp_path: Path, library_of: Callable[[Path], Library]) -> Library:
    """Return a library of two folders that both hold `notes.md` with the same heading."""
    for folder, text in (("home", "Water the ferns."), ("work", "Order the screws.")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "notes.md").write_text(f"# List\n## To do\n{text}\n")
    library = library_of(tmp_path / "home")
    library.add(tmp_path / "work")
    library.sync()
    return library


def ids(library: Library) -> list[str]:
    return [library.search(question, 1)[0].id for question in ("water the ferns", "order the screws")]


def test_question_marked_for_one_of_two_topics_of_the_same_name_lifts_only_that_one(twins: Library) -> None:
    home, work = ids(twins)
    assert home != work
    twins.learn(QUESTION, work)
    first, second = twins.search(QUESTION, 2)
    assert (first.id, first.score) == (work, 1.0)
    assert (second.id, second.score < 0.5) == (home, True)


def test_topics_of_the_same_name_keep_their_ids_and_what_they_learned(twins: Library, tmp_path: Path) -> None:
    home, work = ids(twins)
    twins.learn(QUESTION, work)
    for edited in ("work", "home"):
        (tmp_path / edited / "notes.md").write_text((tmp_path / edited / "notes.md").read_text() + "\nSoon.\n")
        assert len(twins.sync().updated) == 1
        assert ids(twins) == [home, work]
    twins.sync(reembed=True)
    assert ids(twins) == [home, work]
    twins.remove(tmp_path / "home")
    (tmp_path / "work" / "notes.md").write_text("# List\n## To do\nOrder the screws and the nuts.\n")
    twins.sync()
    [hit] = twins.search(QUESTION, 1)
    assert (hit.id, hit.score) == (work, 1.0)


# which topic is which

MD, ELSE = DocumentKey("/one", "a.md"), DocumentKey("/one", "b.md")
LONG = "long enough to tell which topic it is"


def known(id_: str, heading: str, text: str = "") -> Trait:
    return Trait(id_, heading, heading.rpartition(" > ")[2], text.encode())


def found_again(
    old: dict[DocumentKey, list[Trait]], new: dict[DocumentKey, list[Trait]]
) -> dict[tuple[DocumentKey, int], str]:
    return {spot: id_ for spot, (_, id_) in carried(old, new).items()}


def test_topic_that_is_moved_is_told_by_title_and_text_before_the_one_that_took_its_place() -> None:
    old = {MD: [known("1", "Inbox > Tasks", LONG)]}
    new = {MD: [known("", "Inbox > Tasks", "another")], ELSE: [known("", "Archive > Tasks", LONG)]}
    assert found_again(old, new) == {(ELSE, 0): "1"}


def test_topic_whose_heading_and_text_both_changed_is_a_new_one() -> None:
    assert found_again({MD: [known("1", "A", LONG)]}, {MD: [known("", "B", "another")]}) == {}


def test_text_that_several_say_tells_none_of_them_from_the_others() -> None:
    old = {MD: [known("1", "A", LONG), known("2", "B", LONG)]}
    assert found_again(old, {ELSE: [known("", "C", LONG)]}) == {}
    assert found_again(old, {ELSE: [known("", "B", LONG)]}) == {(ELSE, 0): "2"}


def test_topics_under_equal_headings_are_told_by_their_text_and_then_by_their_order() -> None:
    old = {MD: [known("1", "A", "one"), known("2", "A", "two"), known("3", "A", "three")]}
    new = {MD: [known("", "A", "two"), known("", "A", "edited"), known("", "A", "three")]}
    assert found_again(old, new) == {(MD, 0): "2", (MD, 1): "1", (MD, 2): "3"}


def test_short_text_tells_nothing() -> None:
    topic = Topic("S", "T", (Entry(None, "to do", 1),), 1)
    assert trait(topic).text == b""
    assert trait(replace(topic, entries=(Entry(None, "x" * TELLING, 1),))).text != b""


def test_id_that_moved_away_is_not_given_to_what_takes_its_place() -> None:
    inbox = Document("a.md", "", 0, 0, "indexed", topics=(Topic("Inbox", "Tasks", (Entry(None, "other", 1),), 1),))
    archive = Document("b.md", "", 0, 0, "indexed", topics=(Topic("Box", "Tasks", (Entry(None, LONG * 2, 1),), 1),))
    [plain] = topic_ids_of(inbox)
    old = {MD: [trait(replace(archive.topics[0], id=plain))]}
    assigner = TopicIdAssigner(
        lambda ids: [(plain, MD)] if plain in ids else [], {MD: inbox, ELSE: archive}.items(), old
    )
    [first] = assigner.identified(MD, inbox).topics
    [second] = assigner.identified(ELSE, archive).topics
    assert (first.id != plain, second.id) == (True, plain)
    assert assigner.moved == {MD, ELSE}
