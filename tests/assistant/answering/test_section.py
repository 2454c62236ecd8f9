"""The section of the note that is asked about, chosen by what its lines say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answering.answering import ask
from index.library import Library

GOAT = """# Goat

## About
The goat needs company, and a goat eats hay: goat keeping is a joy for goat people, the goat feed comes at no cost.

## Care

| What | How much |
|---|---|
| Feed | two bales |
| Water | 9 l |

## Dates
- **Shearing**: 4 May
- **Hoof care**: every six weeks

## Stall
- **Location**: behind the orchard
- **Height**: 2 m
- **Keeper**: Petra

## Vendor
**Hill farm**
- Sells: every Friday

## Feed mix
- 3 carrots for a goat

## Price
> A goat is 120 € at the market.

## What a goat eats
A goat eats hay.

## What a goat doesn’t eat
Yew and laurel.

## Milking
1. Wash the bucket.
2. Wash the udder.
3. Strip the goat dry.
"""


@pytest.fixture
def goat(library_of: Callable[[Path], Library], tmp_path: Path) -> Library:
    (tmp_path / "goat.md").write_text(GOAT, encoding="utf-8")
    return library_of(tmp_path / "goat.md")


@pytest.mark.parametrize(
    ("question", "section", "passage"),
    [
        ("how much water does the goat need?", "Care", "| Water | 9 l |"),
        ("when is hoof care for the goat?", "Dates", "every six weeks"),
        ("what does a goat cost?", "Price", "120 €"),
        ("where is the goat?", "Stall", "**Location**: behind the orchard"),
        ("how high is the stall of the goat?", "Stall", "**Height**: 2 m"),
        ("how many carrots does a goat get?", "Feed mix", "3 carrots"),
        ("what does a goat eat?", "What a goat eats", "A goat eats hay."),
        ("what does a goat not eat?", "What a goat doesn’t eat", "Yew and laurel."),
        ("who looks after the goat?", "Stall", "**Keeper**: Petra"),
        ("who sells the goat?", "Vendor", "Hill farm"),
        ("steps for washing the goat's udder", "Milking", "3. Strip the goat dry."),
    ],
)
def test_section_whose_line_says_what_is_asked_comes_first(
    goat: Library, question: str, section: str, passage: str
) -> None:
    answer = ask(goat, question, threshold=0.0)
    assert answer.hits[0].topic == section
    assert answer.answer is not None
    assert passage in answer.answer.text


def test_no_section_is_looked_for_where_the_note_is_not_named(goat: Library) -> None:
    assert not goat.find("how much water?").sections
    assert len(goat.find("how much water for the goat?").sections) > 1


def test_a_note_of_a_long_name_is_named_by_a_word_of_its_own(
    library_of: Callable[[Path], Library], tmp_path: Path
) -> None:
    sections = "## Syntax\n`OpenGoatGate(goat)`\n\n## Return value\nReturns 0, or the number of a fault."
    (tmp_path / "gate.md").write_text(f"# OpenGoatGate method of the fence class of the hill farm\n\n{sections}\n")
    (tmp_path / "class.md").write_text("# Other classes\n\n## Methods\nA method may return a number.\n")
    library = library_of(tmp_path)
    assert len(library.find("what does OpenGoatGate return?").sections) > 1
    assert not library.find("what does a method return?").sections


def test_as_many_topics_are_shown_as_were_asked_for(goat: Library) -> None:
    assert len(ask(goat, "what does a goat cost?", limit=1).hits) == 1


MILL = """# Mill

## Sights
- Wheel
- Weir

## Directions
Take the ferry to the mill. Walk past the bakery. Turn left at the well. Ring the bell twice.

## Shutdown
1. Lift the stones.
2. Close the sluice.

## Millers (4)
They wear white caps.

## Log
- **Wheel** of oak, with a view over the pond.
"""


@pytest.mark.parametrize(
    ("question", "section", "passage"),
    [
        ("how do I shut down the mill?", "Shutdown", "1. Lift the stones.\n2. Close the sluice."),
        ("in what order do I shut down the mill?", "Shutdown", "1. Lift the stones.\n2. Close the sluice."),
        ("how do I get to the mill?", "Directions", "Ring the bell twice."),
        ("how many millers does the mill have?", "Millers (4)", "Millers (4)\n\nThey wear white caps."),
        ("what is there to see of the mill's wheel?", "Log", "with a view over the pond"),
    ],
)
def test_section_is_found_by_what_its_heading_means(
    library_of: Callable[[Path], Library], tmp_path: Path, question: str, section: str, passage: str
) -> None:
    (tmp_path / "mill.md").write_text(MILL, encoding="utf-8")
    answer = ask(library_of(tmp_path / "mill.md"), question, threshold=0.0)
    assert answer.hits[0].topic == section
    assert answer.answer is not None
    assert passage in answer.answer.text


PRESS = """# PressJammed

## Meaning
The press is jammed and no cider runs. A PressJammed alarm fires then.

## Impact
A jammed press stops the cider for a day, and the jammed fruit goes off.

## {remedy}
"""


@pytest.mark.parametrize(
    ("remedy", "shown"),
    [
        ("Mitigation\nTurn the crank back twice.", "Turn the crank back twice."),
        ("Possible solutions\n- Turn the crank back.\n- Oil it.", "- Turn the crank back.\n- Oil it."),
        ("Mitigation\nTODO", None),
        ("Mitigation", None),
    ],
)
@pytest.mark.parametrize("question", ["how do I fix PressJammed?", "what do I do about a PressJammed alarm?"])
def test_remedy_is_shown_and_never_the_harm_in_its_place(
    library_of: Callable[[Path], Library], tmp_path: Path, question: str, remedy: str, shown: str | None
) -> None:
    (tmp_path / "press.md").write_text(PRESS.format(remedy=remedy), encoding="utf-8")
    answer = ask(library_of(tmp_path / "press.md"), question, threshold=0.05)
    assert (answer.answer and answer.answer.text) == shown


PIE = """# Plum pie

## Method
1. Halve the plums of the pie and keep half of the plums for the top of the pie.
2. Whisk the wet parts in a bowl.

## Parts
Dry
- 300 g flour

Wet
- 2 eggs
- 12 plums
"""


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("how many plums go into the plum pie?", "12 plums"),
        ("what are the wet parts of the plum pie?", "Wet\n- 2 eggs\n- 12 plums"),
    ],
)
def test_amount_is_in_the_section_that_lists_it(
    library_of: Callable[[Path], Library], tmp_path: Path, question: str, passage: str
) -> None:
    (tmp_path / "pie.md").write_text(PIE, encoding="utf-8")
    answer = ask(library_of(tmp_path / "pie.md"), question, threshold=0.0)
    assert answer.hits[0].topic == "Parts"
    assert answer.answer is not None
    assert answer.answer.text == passage


BREAD = """# Stone oven

## Bread

Bread needs flour, water, salt and a day.

### Steps

1. Mix the flour and the water.
2. Bake it for an hour.

## Wood

1. Split it.
2. Stack it.
"""


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("how do I make bread?", "1. Mix the flour and the water.\n2. Bake it for an hour."),
        ("how much salt needs bread?", "Bread needs flour, water, salt and a day."),
    ],
)
def test_steps_below_a_topic_tell_the_way(
    library_of: Callable[[Path], Library], tmp_path: Path, question: str, shown: str
) -> None:
    (tmp_path / "oven.md").write_text(BREAD)
    answer = ask(library_of(tmp_path), question, threshold=0.01)
    assert answer.answer is not None
    assert answer.answer.text == shown


def test_field_that_counts_is_preferred_to_a_line_with_another_word_of_the_question(
    library_of: Callable[[Path], Library], tmp_path: Path
) -> None:
    trip = "# Boat trip\n\n## Figures\n\n- Number of locks: 12\n\n## Food\n\n- 5 inns that we passed and crossed\n"
    (tmp_path / "trip.md").write_text(trip)
    answer = ask(library_of(tmp_path), "how many locks did we pass and cross on the boat trip?", threshold=0.01)
    assert answer.answer is not None
    assert answer.answer.text == "Number of locks: 12"
