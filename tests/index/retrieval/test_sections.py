"""A question that names a note is answered by the section that its form asks for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.library import Library
from index.retrieval.sections import SECTIONS, Section, asked_section, words_for_section

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
