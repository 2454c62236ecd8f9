"""The topics that belong beside another one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.discovery.related import probability, related_topics, relatedness, shared_ideas, telling_words
from index.library import Library
from index.records import Entry, Topic, Vectors
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
def kitchen(tmp_path: Path, library_of: Callable[[Path], Library]) -> Library:
    (tmp_path / "kitchen.md").write_text(NOTES, encoding="utf-8")
    return library_of(tmp_path / "kitchen.md")


def beside(library: Library, title: str) -> dict[str, float]:
    [hit] = library.search(title, 1)
    return {one.topic: one.score for one in related_topics(library, hit.row_id, hit.topic)}


def rewrite(library: Library, old: str, new: str) -> None:
    note = Path(library.sources()[0])
    note.write_text(note.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    library.sync()


def test_nearest_topic_comes_first_with_what_both_speak_of(kitchen: Library) -> None:
    (bread,) = kitchen.search("Bread", 1)
    related = related_topics(kitchen, bread.row_id, bread.topic)
    assert related[0].topic == "Pizza"
    assert set(related[0].why) == {"dough", "flour", "yeast", "water"}
    assert 0.5 < related[0].score <= 1


def test_topic_of_the_same_name_in_another_file_is_another_one(tmp_path: Path, kitchen: Library) -> None:
    (tmp_path / "copy.md").write_text(NOTES, encoding="utf-8")
    kitchen.add(tmp_path / "copy.md")
    kitchen.sync()
    bread, twin = kitchen.search("Bread", 2)
    assert bread.topic.title == twin.topic.title == "Bread"
    assert twin.id in [one.id for one in related_topics(kitchen, bread.row_id, bread.topic)]


def test_topic_without_kin_has_none_rather_than_a_bad_one(kitchen: Library) -> None:
    assert beside(kitchen, "Freezer") == {}


def test_limit_is_the_number_of_topics(library: Library) -> None:
    (hit,) = library.search("Merge conflicts", 1)
    assert related_topics(library, hit.row_id, hit.topic, limit=0) == ()


def test_topic_that_is_gone_has_no_relations(kitchen: Library) -> None:
    (bread,) = kitchen.search("Bread", 1)
    assert related_topics(kitchen, -1, bread.topic) == ()


def test_new_note_is_related_at_once(kitchen: Library) -> None:
    rewrite(kitchen, "## Knives", "## Focaccia\nFlour, yeast, water: stretch the dough.\n## Knives")
    assert set(beside(kitchen, "Bread")) == {"Pizza", "Focaccia"}
    rewrite(kitchen, "## Focaccia\nFlour, yeast, water: stretch the dough.\n", "")
    assert set(beside(kitchen, "Bread")) == {"Pizza"}


def doubt(library: Library, title: str, other: str) -> float:
    """Return the probability that a topic does not belong beside another."""
    [hit], [found] = library.search(title, 1), library.search(other, 1)
    return 1 - relatedness(library, hit.row_id, hit.topic)[found.row_id]


def test_link_halves_the_doubt_from_both_ends(kitchen: Library) -> None:
    rewrite(kitchen, "Label every box.", "Label every box; Pans.")
    before = doubt(kitchen, "Freezer", "Pans"), doubt(kitchen, "Pans", "Freezer")
    rewrite(kitchen, "Pans.", "[[Pans]].")
    assert doubt(kitchen, "Freezer", "Pans") == pytest.approx(before[0] / 2, rel=0.2)
    assert doubt(kitchen, "Pans", "Freezer") == pytest.approx(before[1] / 2, rel=0.2)


def test_links_in_both_directions_halve_it_twice(kitchen: Library) -> None:
    rewrite(kitchen, "Label every box.", "Label every box; Pans.")
    rewrite(kitchen, "Season iron with oil.", "Season iron with oil; Freezer.")
    before = doubt(kitchen, "Freezer", "Pans")
    rewrite(kitchen, "box; Pans.", "box; [[Pans]].")
    rewrite(kitchen, "oil; Freezer.", "oil; [[Freezer]].")
    assert doubt(kitchen, "Freezer", "Pans") == pytest.approx(before / 4, rel=0.2)


def test_one_of_many_links_counts_less(kitchen: Library) -> None:
    links = " ".join(f"[[Note {number}]]" for number in range(99))
    rewrite(kitchen, "Label every box.", f"Label every box; [[Pans]] {links}.")
    assert "Pans" not in beside(kitchen, "Freezer")


def test_score_is_an_even_chance_in_the_middle_and_grows_with_evidence() -> None:
    assert probability(0.27, 31) == pytest.approx(0.5)
    assert 0 < probability(-1, 31) < 0.01 < probability(0.2, 31) < probability(0.4, 31) < probability(1, 31) < 1


def test_odds_halve_where_twice_as_many_topics_may_be_meant() -> None:
    assert probability(0.27, 62) == pytest.approx(1 / 3)
    assert probability(0.27, 3) == probability(0.27, 31)


def test_scores_are_mutual_where_words_are(kitchen: Library) -> None:
    assert doubt(kitchen, "Bread", "Pizza") == pytest.approx(doubt(kitchen, "Pizza", "Bread"), abs=0.1)


def test_telling_words_are_those_that_others_hold_too(kitchen: Library) -> None:
    (bread,) = kitchen.search("Bread", 1)
    assert set(telling_words(bread.topic, kitchen.lexical())) == {"flour", "water", "yeast", "dough"}


def always(_: str) -> float:
    return 1.0


def test_words_of_the_subject_are_no_shared_idea(encoder: WordCountEncoder) -> None:
    one = Topic("Jenkins", "Agents", (Entry(None, "Jenkins runs builds on agents.", 1),), 1)
    other = Topic("Jenkins", "Builds", (Entry(None, "A Jenkins build needs an agent.", 1),), 1)
    assert set(shared_ideas(one, other, always, encoder)) == {"Builds", "agent"}


def test_markup_is_no_shared_idea(encoder: WordCountEncoder) -> None:
    one = Topic("A", "Agents", (Entry(None, "<dl> <dt>Queue</dt> [x](seealso.md) </dl>", 1),), 1)
    other = Topic("B", "Servers", (Entry(None, "<dl> <dt>Queue</dt> [y](seealso.md) </dl>", 1),), 1)
    assert shared_ideas(one, other, always, encoder) == ("Queue",)


def test_word_that_most_topics_hold_is_no_shared_idea(encoder: WordCountEncoder) -> None:
    one = Topic("A", "Agents", (Entry(None, "Servers.", 1),), 1)
    other = Topic("B", "Servers", (Entry(None, "Agents.", 1),), 1)
    rarity = {"agent": 0.1, "server": 2.0}
    assert shared_ideas(one, other, rarity.__getitem__, encoder) == ("Servers",)


def test_words_of_like_meaning_follow_where_few_are_shared() -> None:
    class Synonyms(WordCountEncoder):
        def _vector(self, text: str) -> Vectors:
            return super()._vector(text.replace("rollback", "undo"))

    one = Topic("A", "Undo", (Entry(None, "Undo quickly.", 1),), 1)
    other = Topic("B", "Release", (Entry(None, "A rollback.", 1),), 1)
    assert shared_ideas(one, other, always, Synonyms()) == ("Undo ≈ rollback",)


def test_number_words_are_no_shared_idea(encoder: WordCountEncoder) -> None:
    one = Topic("A", "Sink", (Entry(None, "Granite, in six weeks.", 1),), 1)
    other = Topic("B", "Worktop", (Entry(None, "Six pieces of granite.", 1),), 1)
    assert shared_ideas(one, other, always, encoder) == ("granite",)


def test_word_that_carries_a_sentence_is_no_shared_idea(encoder: WordCountEncoder) -> None:
    one = Topic("A", "Agents", (Entry(None, "It became 42 of a UI at 7.", 1),), 1)
    other = Topic("B", "Servers", (Entry(None, "The UI becomes 42 at 7.", 1),), 1)
    assert shared_ideas(one, other, always, encoder) == ("UI",)


def test_title_that_both_have_is_their_form_and_no_shared_idea(encoder: WordCountEncoder) -> None:
    one = Topic("A", "Requirements", (Entry(None, "Needs a printer.", 1),), 1)
    other = Topic("B", "Requirements", (Entry(None, "A printer.", 1),), 1)
    assert shared_ideas(one, other, always, encoder) == ("printer",)


def test_commands_and_variables_of_formulas_are_no_shared_ideas(encoder: WordCountEncoder) -> None:
    text = r"A root is $\frac{x_k}{slope}$."
    one, other = (Topic(name, name, (Entry(None, text, 1),), 1) for name in ("Speed", "Place"))
    assert shared_ideas(one, other, always, encoder) == ("root",)


def test_parts_of_keys_are_no_shared_ideas(encoder: WordCountEncoder) -> None:
    one = Topic("A", "Users", (Entry(None, "IPv6 a3f1-11d0-00aa003049e2", 1),), 1)
    other = Topic("B", "Groups", (Entry(None, "IPv6 a3f1-11d0-00aa003049e2", 1),), 1)
    assert shared_ideas(one, other, always, encoder) == ("IPv6",)


def test_subject_is_the_reason_where_there_is_no_other(encoder: WordCountEncoder) -> None:
    one = Topic("Jenkins", "Agents", (Entry(None, "Jenkins.", 1),), 1)
    other = Topic("Jenkins", "Servers", (Entry(None, "Jenkins.", 1),), 1)
    assert shared_ideas(one, other, always, encoder) == ("Jenkins",)


def test_form_that_recurs_relates_nothing(tmp_path: Path, library_of: Callable[[Path], Library]) -> None:
    things = "anvil brick candle drum engine flute glove hammer igloo jacket kettle ladder".split()
    form = "Minimum client, minimum server, header, library; "
    for thing in things:
        note = f"# {thing}\n## About {thing}\nA {thing}.\n## Requirements\n{form}{thing}.\n"
        (tmp_path / f"{thing}.md").write_text(note, encoding="utf-8")
    library = library_of(tmp_path)
    headings = library.reader.headings()
    (asked,) = (id_ for id_, one in headings.items() if (one.subject, one.title) == ("anvil", "Requirements"))
    scores = relatedness(library, asked, library.topics([asked])[asked].topic)
    best = max(scores, key=scores.__getitem__)
    assert (headings[best].subject, headings[best].title) == ("anvil", "About anvil")
