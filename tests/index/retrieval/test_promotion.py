"""A record, a list of links or a mere reference gives way to the topic that says what is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.records import Entry, Hit, Topic
from index.retrieval.promotion import guide_first, linked_first, references_last, written_first


def named_hit(row_id: int, path: str, title: str, fields: tuple[tuple[str, str], ...] = ()) -> Hit:
    topic = Topic("Press", title, (Entry(None, "Changed the cloth of the press.", 2),), 1, fields=fields)
    return Hit(row_id, str(row_id), topic, path, 0.5, 0.5, (), ())


@pytest.mark.parametrize(
    "record",
    [
        named_hit(1, "2031-04-02-new-cloth.md", "We changed the cloth"),
        named_hit(1, "posts/cloth.md", "We changed the cloth", (("date", "2031-04-02"),)),
        named_hit(1, "press.md", "2.1 (2031-03-01)"),
        named_hit(1, "press.md", "v2.1.0"),
        named_hit(1, "press.md", "Release notes"),
    ],
    ids=lambda hit: f"{hit.path} {hit.topic.title}",
)
def test_record_of_what_was_done_gives_way_to_the_guide(record: Hit) -> None:
    guide = named_hit(2, "press.md", "Changing the cloth")
    assert guide_first("how do I change the cloth?", [record, guide])[0] == guide
    assert guide_first("how do I change the cloth?", [record, named_hit(3, "oil.md", "Oil")])[0] == record
    assert guide_first("when did I change the cloth?", [record, guide])[0] == record


def test_chapter_number_makes_no_record() -> None:
    chapter = named_hit(1, "press.md", "2.1 Changing cloth")
    assert (
        guide_first("how do I change the cloth?", [chapter, named_hit(2, "press.md", "Changing the cloth")])[0]
        == chapter
    )


def hit_of(row_id: int, title: str, text: str) -> Hit:
    return Hit(row_id, str(row_id), Topic(title, title, (Entry(None, text, 2),), 1), f"{title}.md", 0.5, 0.5, (), ())


@pytest.mark.parametrize(
    ("text", "question", "first"),
    [
        ("- [Boat shed](shed.md)\n- [[Engine|the motor]]", "what lies in the boat shed?", "Boat shed"),
        ("- [Boat shed](shed.md)\n- [[Engine|the motor]]", "oil for the engine", "Engine"),
        ("- [Boat shed](shed.md)\n- [[Engine|the motor]]", "where do I start?", "Start"),
        ("- [Boat shed](shed.md)\n\nOpen in May.", "what lies in the boat shed?", "Start"),
    ],
)
def test_list_of_links_gives_way_to_the_note_that_is_named(text: str, question: str, first: str) -> None:
    hits = [hit_of(1, "Start", text), hit_of(2, "Boat shed", "Oars."), hit_of(3, "Engine", "Oil.")]
    assert linked_first(question, hits)[0].topic.title == first


@pytest.mark.parametrize(
    ("text", "question", "first"),
    [
        ("- [Heron - Birdpedia](https://birdpedia.example/heron)", "what does a heron eat?", "Heron"),
        ("- [Owl](owl.md)\n\n[^1]: [Heron](https://birds.example)", "what does a heron eat?", "Heron"),
        ("- [Heron - Birdpedia](https://birdpedia.example/heron)", "where can I read about the heron?", "See also"),
        ("- [Heron's diet: eels](https://birds.example)", "what does a heron eat?", "See also"),
        ("Eels, says [Heron](https://birds.example).", "what does a heron eat?", "See also"),
        ("- [Owl](https://birds.example)", "what does an owl eat?", "See also"),
    ],
)
def test_reference_to_what_is_asked_gives_way_to_the_section_that_says_it(text: str, question: str, first: str) -> None:
    hits = [hit_of(1, "See also", text), hit_of(2, "Heron", "Stands in the pond.")]
    hits = [replace(hit, path="birds.md") for hit in hits]
    assert references_last(question, hits)[0].topic.title == first


@pytest.mark.parametrize(
    ("title", "text", "question", "first"),
    [
        ("See also", "- [Egret](egret.md)", "what does a heron eat?", "Heron"),
        ("Related topics", "<dl> <dt>\n\n[Egret](egret.md)\n</dt> </dl>", "what does a heron eat?", "Heron"),
        ("See also", "- [Egret](egret.md), which eats frogs", "what does a heron eat?", "See also"),
        ("See also", "- [Egret](egret.md)", "which pages are about herons?", "See also"),
        ("Birds", "- [Egret](egret.md)", "what does a heron eat?", "Birds"),
    ],
)
def test_section_of_links_to_other_things_gives_way(title: str, text: str, question: str, first: str) -> None:
    hits = [hit_of(1, title, text), hit_of(2, "Heron", "Stands in the pond.")]
    assert references_last(question, [replace(hit, path="b.md") for hit in hits])[0].topic.title == first


def test_reference_does_not_give_way_to_another_note() -> None:
    hits = [hit_of(1, "See also", "- [Heron](https://birds.example)"), hit_of(2, "Heron", "Stands in the pond.")]
    assert references_last("what does a heron eat?", hits)[0].topic.title == "See also"


def section(row_id: int, title: str, text: str) -> Hit:
    topic = Topic("Press", title, (Entry(None, text, 2),), 1)
    return Hit(row_id, str(row_id), topic, "press.md", 0.5, 0.5, (), ())


@pytest.mark.parametrize(
    ("title", "text"),
    [("Upstream:", "Upstream:"), ("Press", "Tags: #tools #paper"), ("Press", "#tools"), ("Related", "")],
)
def test_section_that_nobody_filled_in_gives_way_to_the_next_of_its_note(title: str, text: str) -> None:
    empty, told = section(1, title, text), section(2, "Description", "It presses paper.")
    assert written_first("what is the press?", [empty, named_hit(3, "oil.md", "Oil"), told])[0] == told
    assert written_first("what is the press?", [empty, named_hit(3, "oil.md", "Oil")])[0] == empty


@pytest.mark.parametrize(
    ("question", "title", "text"),
    [
        ("what is upstream of the press?", "Upstream:", "Upstream:"),  # of that the note says nothing
        ("where is the key of the press?", "It hangs in the room behind the mill", ""),  # a heading that says it
        ("what is the press?", "Press", "Tags: #tools\n\nIt presses paper."),
    ],
)
def test_section_that_is_asked_for_or_says_something_stays_first(question: str, title: str, text: str) -> None:
    first = section(1, title, text)
    assert written_first(question, [first, section(2, "Description", "It presses paper.")])[0] == first
