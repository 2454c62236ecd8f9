"""How far a topic speaks of each word asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering.confidence import confidence
from assistant.answering.coverage import Coverage, cover
from assistant.answering.passage import Shown
from index.library import Library
from index.retrieval.understanding import SearchResults
from index.text import compared, stem
from index.text.spelling import Replaced
from tests.fakes import TokenEncoder, WordCountEncoder

NOTE = "# Garden\n## Compost heap\n- *What:* It rots.\n- *How:* Turn it with a fork.\n"


@pytest.fixture(params=[WordCountEncoder, TokenEncoder])
def garden(request: pytest.FixtureRequest, tmp_path: Path, library_of: Callable[..., Library]) -> Library:
    """Return a library of one topic, of a model that tells of single tokens and of one that does not."""
    (tmp_path / "garden.md").write_text(NOTE, encoding="utf-8")
    return library_of(tmp_path / "garden.md", request.param())


def covered(library: Library, question: str) -> Coverage:
    return covered_by(library, library.find(question, 1))


def covered_by(library: Library, found: SearchResults) -> Coverage:
    """Return how far the first topic speaks of what was asked, its last entry shown."""
    [hit] = found.hits
    entry = hit.topic.entries[-1]
    return cover(library, found, hit, Shown((0, len(entry.text)), entry.text))


def test_word_is_held_in_any_form_and_by_any_entry(garden: Library) -> None:
    assert covered(garden, "turning forks, pizza").is_contained.tolist() == [True, True, False]


def test_what_the_topic_holds_is_nearer_than_what_it_does_not(garden: Library) -> None:
    fork, pizza = covered(garden, "fork pizza").similarity.tolist()
    assert 0 <= pizza < fork <= 1


def test_words_of_subject_and_title_are_not_beyond_the_headings(garden: Library) -> None:
    assert covered(garden, "garden compost fork").is_outside_title.tolist() == [False, False, True]


@pytest.mark.parametrize(("thing", "is_lacking"), [("forks", False), ("pizzas", True), ("minutes", False)])
def test_number_of_other_things_is_no_answer(garden: Library, thing: str, is_lacking: bool) -> None:
    results = garden.find(f"how many {thing} are there in the garden?", 1)
    assert cover(garden, results, results.hits[0], Shown((0, 7), "2 forks")).is_lacking is is_lacking


@pytest.mark.parametrize(
    ("question", "is_absent"),
    [
        ("rots", True),  # it stands in another entry than the one that is shown
        ("rots fork", False),
        ("rotting compost", False),  # a heading holds it
        ("what rots under wet autumn leaves", False),  # of so many words, some may be said otherwise
        ("堆肥", False),
        ("what is it?", False),
    ],
)
def test_of_a_few_words_one_must_be_shown(garden: Library, question: str, is_absent: bool) -> None:
    assert covered(garden, question).is_absent == is_absent


def test_what_front_matter_and_other_names_say_counts_as_shown(
    tmp_path: Path, library_of: Callable[..., Library]
) -> None:
    note = "---\naliases: [Humus bin]\nlender: Ada\ntags: [rotting]\n---\n# Heap\nTurn it with a fork.\n"
    (tmp_path / "heap.md").write_text(note, encoding="utf-8")
    library = library_of(tmp_path / "heap.md", TokenEncoder())
    absent = {word: covered(library, word).is_absent for word in ("humus", "Ada", "rotting", "shovel")}
    assert absent == {"humus": False, "Ada": False, "rotting": False, "shovel": True}


def test_everyday_word_counts_only_where_it_is_held(garden: Library) -> None:
    assert covered(garden, "fork in one line, please").weights.tolist() == pytest.approx([1, 0])


def test_weights_are_together_one(garden: Library) -> None:
    assert covered(garden, "turn the compost").weights.sum() == pytest.approx(1)


def test_word_that_says_what_is_wanted_of_a_thing_counts_only_where_it_is_held(garden: Library) -> None:
    recipe = covered(garden, "a recipe with a fork")
    assert recipe.weights.tolist() == pytest.approx([0, 1])
    assert recipe.is_outside_title.tolist() == [False, True]
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
    assert learned.is_contained.tolist() == [True, True, False]
    assert learned.similarity[0] == 1


def test_name_that_was_read_as_another_is_not_held(garden: Library) -> None:
    asked = garden.find("compost of the fork", 1)
    other = Replaced("Fark", "fork", is_slip=False, is_name=True)
    named = covered_by(garden, asked._replace(query=replace(asked.query, replaced=(other,))))
    assert named.is_contained.tolist() == [True, False]
    assert named.similarity[1] == 0
    assert named.is_outside_title[1]
    assert named.is_refuted.tolist() == [False, True], "somebody else stands in its place"
    slip = asked._replace(query=replace(asked.query, replaced=(other._replace(is_slip=True),)))
    assert covered_by(garden, slip).is_contained.all()


@pytest.mark.parametrize(
    ("question", "held"),
    [("turn 3 forks", True), ("turn 3 forks of chapter 7", False), ("turning-fork", True), ("compostheap", False)],
)
def test_amounts_need_not_be_held_and_numbers_must(garden: Library, question: str, held: bool) -> None:
    covering = covered(garden, question)
    assert bool(covering.is_contained[covering.weights > 0].all()) == held


@pytest.mark.parametrize(("question", "counts"), [("can I heat wood", False), ("how do I heat wood", True)])
def test_list_of_what_is_not_allowed_need_not_say_what_for(
    tmp_path: Path, library_of: Callable[..., Library], question: str, counts: bool
) -> None:
    (tmp_path / "oven.md").write_text("# Oven\n\n## Unsuitable dishes\n\n- Wood\n- Paper\n", encoding="utf-8")
    heat, wood = covered(library_of(tmp_path / "oven.md", TokenEncoder()), question).weights.tolist()
    assert (heat > 0, wood > 0) == (counts, True)


def test_question_that_is_a_heading_is_a_name_of_the_topic(garden: Library) -> None:
    assert covered(garden, "Garden").is_its_name
    assert covered(garden, "garden > compost heap?").is_its_name
    assert not covered(garden, "the compost heap").is_its_name


def test_opposite_of_what_is_to_be_done_is_refuted(tmp_path: Path, library_of: Callable[..., Library]) -> None:
    (tmp_path / "shed.md").write_text("# Shed\n\n## Lock the shed\n\nTurn the key twice.\n", encoding="utf-8")
    shed = library_of(tmp_path / "shed.md", WordCountEncoder())
    assert covered(shed, "how do I unlock the shed").is_refuted.tolist() == [True, False]
    assert not covered(shed, "how do I lock the shed").is_refuted.any()
    [found] = shed.search("shed", 1)
    shed.learn("how do I unlock the shed", found.id)
    assert not covered(shed, "how do I unlock the shed").is_refuted.any()


def test_word_that_asks_for_the_good_or_bad_of_a_thing_need_not_be_held(garden: Library) -> None:
    assert covered(garden, "drawbacks of a fork").weights.tolist() == pytest.approx([0, 1])


@pytest.mark.parametrize(
    ("question", "is_bare"),
    [
        ("what does the tool offer?", True),
        ("where is the passport?", False),
        ("passport blue drawer", True),
    ],
)
def test_heading_alone_is_no_answer_unless_it_says_more_than_a_name_and_the_question(
    tmp_path: Path, library_of: Callable[..., Library], question: str, *, is_bare: bool
) -> None:
    title = "Features offer" if "offer" in question else "Passport is in the blue drawer"
    (tmp_path / "tool.md").write_text(f"# Tool\n\n## {title}\n\n## Other heading of this\n", encoding="utf-8")
    library = library_of(tmp_path / "tool.md")
    found = library.find(question, 2)
    covered = cover(library, found, found.hits[0], Shown((0, len(title)), title))
    assert (found.hits[0].topic.title, covered.is_empty) == (title, is_bare)
    assert (confidence(found.hits, covered) == 0.0) is is_bare


@pytest.mark.parametrize(
    ("heading", "thing", "question", "doing"),
    [
        ("Prohibited sheets", "cork", "may I slice cork?", "slice"),
        ("Verbotene Platten", "Kork", "darf ich hier Kork schneiden?", "schneiden"),
        ("Verboden platen", "kurk", "mag ik hier kurk snijden?", "snijden"),
        ("Plaques interdites", "liège", "puis-je découper du liège ?", "découper"),
        ("Placas prohibidas", "corcho", "¿puedo cortar el corcho?", "cortar"),
        ("Lastre vietate", "sughero", "posso tagliare il sughero?", "tagliare"),
    ],
)
def test_what_is_forbidden_in_a_list_need_not_be_said_again(
    library_of: Callable[..., Library], tmp_path: Path, heading: str, thing: str, question: str, doing: str
) -> None:
    (tmp_path / "cutter.md").write_text(f"# Cutter\n## {heading}\n- {thing}\n", encoding="utf-8")
    library = library_of(tmp_path / "cutter.md")
    place = list(library.find(question, 1).query_terms.stems).index(stem(compared(doing)))
    assert covered(library, question).weights[place] == 0
    (tmp_path / "cutter.md").write_text(f"# Cutter\n## Box\n- {thing}\n", encoding="utf-8")
    library.sync()
    assert covered(library, question).weights[place] > 0


@pytest.mark.parametrize(
    ("question", "link", "is_bare"),
    [
        ("what does the wren eat?", "[Wren](wren.md)", True),
        ("where is the page on the wren?", "[Wren](wren.md)", False),
        ("what does the wren eat?", "[Spiders](spiders.md)", False),
    ],
)
def test_link_to_what_is_asked_is_no_answer(
    tmp_path: Path, library_of: Callable[..., Library], question: str, link: str, *, is_bare: bool
) -> None:
    (tmp_path / "birds.md").write_text(f"# Birds\n\n## Wren and others\n\n{link}\n", encoding="utf-8")
    library = library_of(tmp_path / "birds.md")
    found = library.find(question, 2)
    assert cover(library, found, found.hits[0], Shown((0, len(link)), link)).is_empty is is_bare


@pytest.mark.parametrize(
    ("question", "is_unspoken"),
    [
        ("is compost dangerous to eat?", True),
        ("is compost dangerous?", False),  # one word may be said in others
        ("did anybody eat dangerous compost?", False),  # asks for a story
        ("how do I freeze compost?", True),
        ("can I freeze the compost heap?", True),
        ("Kann ich den Kompost einfrieren?", True),
        ("how do I turn compost?", False),  # the note says it
        ("how do I get compost?", False),  # says nothing of what is done
        ("how do I throw out compost?", False),  # two words that mean another thing together
        ("what should I wear in the garden?", False),  # asks what, and not how
    ],
)
def test_what_is_to_be_done_or_confirmed_must_be_spoken_of(garden: Library, question: str, is_unspoken: bool) -> None:
    assert covered(garden, question).is_unspoken is is_unspoken


@pytest.mark.parametrize(
    ("shown", "is_said"), [("A rake can be used instead of the fork.", True), ("Buy a fork.", False)]
)
def test_what_is_used_instead_of_a_thing_replaces_it(garden: Library, shown: str, is_said: bool) -> None:
    results = garden.find("what replaces the fork?", 1)
    weighed = cover(garden, results, results.hits[0], Shown((0, len(shown)), shown))
    assert weighed.is_contained.tolist() == [is_said, True]
