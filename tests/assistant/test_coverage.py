"""How far a topic speaks of each word asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.coverage import Coverage, cover
from index.library import Library
from index.spelling import Replaced
from tests.fakes import TokenEncoder, WordCountEncoder

NOTE = "# Garden\n## Compost heap\n- *What:* It rots.\n- *How:* Turn it with a fork.\n"


@pytest.fixture(params=[WordCountEncoder, TokenEncoder])
def garden(request: pytest.FixtureRequest, tmp_path: Path, library_of: Callable[..., Library]) -> Library:
    """Return a library of one topic, of a model that tells of single tokens and of one that does not."""
    (tmp_path / "garden.md").write_text(NOTE, encoding="utf-8")
    return library_of(tmp_path / "garden.md", request.param())


def covered(library: Library, question: str) -> Coverage:
    found = library.find(question, 1)
    return cover(library, found, found.hits[0])


def test_word_is_held_in_any_form_and_by_any_entry(garden: Library) -> None:
    assert covered(garden, "turning forks, pizza").is_held.tolist() == [True, True, False]


def test_what_the_topic_holds_is_nearer_than_what_it_does_not(garden: Library) -> None:
    fork, pizza = covered(garden, "fork pizza").nearness.tolist()
    assert 0 <= pizza < fork <= 1


def test_words_of_subject_and_title_are_not_beyond_the_headings(garden: Library) -> None:
    assert covered(garden, "garden compost fork").is_beyond.tolist() == [False, False, True]


def test_weights_are_together_one(garden: Library) -> None:
    assert covered(garden, "turn the compost").weights.sum() == pytest.approx(1)


def test_word_that_says_what_is_wanted_of_a_thing_counts_only_where_it_is_held(garden: Library) -> None:
    recipe = covered(garden, "a recipe with a fork")
    assert recipe.weights.tolist() == pytest.approx([0, 1])
    assert recipe.is_beyond.tolist() == [False, True]
    assert covered(garden, "a recipe").weights.tolist() == [0]
    [found] = garden.search("compost", 1)
    garden.learn("a recipe", found.id)
    assert covered(garden, "a recipe with a fork").weights.min() > 0


def test_question_of_stop_words_covers_nothing(garden: Library) -> None:
    assert covered(garden, "what is it?").weights.tolist() == []


def test_words_of_a_question_that_was_marked_are_held_and_near(garden: Library) -> None:
    [found] = garden.search("compost", 1)
    garden.learn("my smelly bin", found.id)
    learned = covered(garden, "bin compost pizza")
    assert learned.is_held.tolist() == [True, True, False]
    assert learned.nearness[0] == 1


def test_name_that_was_read_as_another_is_not_held(garden: Library) -> None:
    asked = garden.find("compost of the fork", 1)
    [hit] = asked.hits
    other = Replaced("Fark", "fork", is_slip=False, is_name=True)
    found = asked._replace(query=replace(asked.query, replaced=(other,)))
    assert cover(garden, found, hit).is_held.tolist() == [True, False]
    assert cover(garden, found, hit).nearness[1] == 0
    assert cover(garden, found, hit).is_beyond[1]
    slip = asked._replace(query=replace(asked.query, replaced=(other._replace(is_slip=True),)))
    assert cover(garden, slip, hit).is_held.all()


@pytest.mark.parametrize(
    ("question", "held"),
    [("turn 3 forks", True), ("turn 3 forks of chapter 7", False), ("turning-fork", True), ("compostheap", False)],
)
def test_amounts_need_not_be_held_and_numbers_must(garden: Library, question: str, held: bool) -> None:
    covering = covered(garden, question)
    assert bool(covering.is_held[covering.weights > 0].all()) == held


def test_question_that_is_a_heading_is_a_name_of_the_topic(garden: Library) -> None:
    assert covered(garden, "Garden").is_its_name
    assert covered(garden, "garden > compost heap?").is_its_name
    assert not covered(garden, "the compost heap").is_its_name
