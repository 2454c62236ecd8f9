"""A question that names a note is answered by the section that its form asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from index.library import Library
from index.records import Entry, Hit, Topic
from index.retrieval.sections import (
    SECTIONS,
    Section,
    asked_section,
    guide_first,
    linked_first,
    references_last,
    words_for_section,
)

NOTES = """\
# Barley soup

Barley soup, barley soup for cold days.

## About
Barley soup from my aunt, forty minutes, barley soup.

## Ingredients
Pearls and leek.

### Dressing
Cream.

## Steps
1. Boil.
2. Serve.

# Walks

## Kiel to Rome
Long walk, walk, walk.

## Rome to Kiel
Long.
"""


@pytest.fixture
def kitchen(tmp_path: Path, library_of: Callable[..., Library]) -> Library:
    (tmp_path / "kitchen.md").write_text(NOTES, encoding="utf-8")
    return library_of(tmp_path / "kitchen.md")


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("how do I make barley soup?", "Steps"),
        ("what goes into the barley soup?", "Ingredients"),
        ("how do I make the dressing of the barley soup?", "Dressing"),
        ("what is barley soup?", "Barley soup"),
        ("the walk from Rome to Kiel", "Rome to Kiel"),
        ("the walk from Kiel to Rome", "Kiel to Rome"),
    ],
)
def test_section_that_is_asked_for_comes_first(kitchen: Library, question: str, first: str) -> None:
    hits = kitchen.search(question, 5)
    assert hits[0].topic.title == first
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert [hit.id for hit in kitchen.search(question, 1)] == [hits[0].id]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.example)
def test_example_of_a_section_asks_for_it(section: Section) -> None:
    assert asked_section(section.example) == section


@pytest.mark.parametrize("title", ["Mitigation", "Resolution:", "Possible solutions", "`Fix`"])
def test_words_that_ask_for_a_remedy_need_not_stand_below_its_heading(title: str) -> None:
    assert words_for_section("how do I resolve a jammed press?", title) == {"resolv"}


@pytest.mark.parametrize("title", ["Mitigation of floods in towns", "Impact", "Solutions in salt"])
def test_other_headings_leave_these_words_to_be_said(title: str) -> None:
    assert not words_for_section("how do I resolve a jammed press?", title)


@pytest.mark.parametrize("question", ["how long does it boil?", "how do you know?", "is it hot?"])
def test_question_for_a_fact_asks_for_no_section(question: str) -> None:
    assert asked_section(question) is None


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


@pytest.mark.parametrize("question", ["what is the pond?", "Was ist der Pond?"])
def test_topic_whose_title_is_all_that_a_question_says_comes_first(
    tmp_path: Path, library_of: Callable[..., Library], question: str
) -> None:
    (tmp_path / "news.md").write_text("# News\n\n## Pond news\n\nWhat the pond is: pond, der Pond ist Pond.\n")
    (tmp_path / "pond.md").write_text("# Pond\n\nFrogs live there.\n")
    best, *_ = library_of(tmp_path).search(question, 2)
    assert (best.topic.title, best.score) == ("Pond", 1.0)


def test_title_that_several_notes_have_names_none_of_them(tmp_path: Path, library_of: Callable[..., Library]) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\n## Pond\n\nFrogs live in {name}.\n")
    assert all(hit.score < 1 for hit in library_of(tmp_path).search("what is the pond?", 2))
