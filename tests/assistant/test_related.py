"""The topics that belong beside another one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.related import related_topics, shared_ideas
from index.library import Library
from index.records import Entry, Topic
from tests.fakes import WordCountEncoder

NOTES = """\
# Kitchen
## Bread
Knead flour, water, yeast; proof the dough overnight.
## Pizza
Stretch the dough; flour, yeast, water and a hot oven.
## Knives
Sharpen steel on a whetstone.
## Pans
Season iron with oil.
## Freezer
Label every box.
"""


@pytest.fixture
def kitchen(tmp_path: Path, encoder: WordCountEncoder) -> Iterator[Library]:
    (tmp_path / "kitchen.md").write_text(NOTES, encoding="utf-8")
    library = Library(tmp_path / "library", encoder)
    library.remove("builtin")
    library.add(tmp_path / "kitchen.md")
    library.sync()
    yield library
    library.close()


def test_nearest_topic_comes_first_with_what_both_speak_of(kitchen: Library) -> None:
    (bread,) = kitchen.search("Bread", 1)
    related = related_topics(kitchen, bread.topic_id, bread.topic)
    assert related[0].topic == "Pizza"
    assert set(related[0].why) == {"dough", "flour", "yeast", "water"}
    assert 0 < related[0].score <= 1


def test_topic_without_kin_has_none_rather_than_a_bad_one(kitchen: Library) -> None:
    (freezer,) = kitchen.search("Freezer label box", 1)
    assert related_topics(kitchen, freezer.topic_id, freezer.topic) == ()


def test_topic_that_is_gone_has_no_relations(kitchen: Library) -> None:
    (bread,) = kitchen.search("Bread", 1)
    assert related_topics(kitchen, -1, bread.topic) == ()


def test_words_of_the_subject_are_no_shared_idea() -> None:
    one = Topic("Jenkins", "Agents", (Entry(None, "Jenkins runs builds on agents.", 1),), 1)
    other = Topic("Jenkins", "Builds", (Entry(None, "A Jenkins build needs an agent.", 1),), 1)
    assert shared_ideas(one, other) == ("Builds", "agent")
