"""How far a topic speaks of each word asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.coverage import Coverage, cover
from index.library import Library
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
