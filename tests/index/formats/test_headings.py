"""Headings: a number is left out where it only counts, and a slot's name is a slot only below its topic."""

from __future__ import annotations

import pytest

from index.formats.headings import WrittenHeading, named, slots


def titles(*written: str) -> list[str]:
    return [one.title for one in named([WrittenHeading(line.index(" "), line.partition(" ")[2]) for line in written])]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (("# 1. Soil", "# 2. Seed", "# 4. Rain"), ["Soil", "Seed", "Rain"]),
        (("# 1. Soil", "# 2. Seed", "# 404: no rain"), ["Soil", "Seed", "404: no rain"]),
        (("# 7) Soil", "# 8) Seed"), ["Soil", "Seed"]),
        (("# 1: Soil", "# 2: Seed"), ["Soil", "Seed"]),
        (("# 4. Soil", "## 4.1 Clay", "## 4.2 Sand"), ["Soil", "Clay", "Sand"]),
        (("# 4. Soil", "# 4.1 Clay", "# 4.2 Sand", "# 5. Seed"), ["Soil", "Clay", "Sand", "Seed"]),
    ],
)
def test_a_running_number_is_left_out(written: tuple[str, ...], expected: list[str]) -> None:
    assert titles(*written) == expected


@pytest.mark.parametrize(
    "written",
    [
        ("# 1. FC Köln", "# 1. FC Nürnberg"),
        ("# 1. FC Köln",),
        ("# 1. Mai 2024", "# 2. Mai 2024", "# 3. Mai 2024"),
        ("# 1. května 2024", "# 2. června 2024"),
        ("# 1. Semester", "# 2. Semester"),
        ("# 401: no token", "# 402: pay first", "# 403: forbidden"),
        ("# 2022. The move", "# 2023. The twins"),
        ("# 12: bathroom", "# 13: kitchen"),
        ("# 3. Python", "## 3.11 has tomllib", "## 3.12 has nested f-strings"),
        ("# 3. Third", "# 2. Second", "# 1. First"),
        ("# 2.5 litres of oil", "# 2.6 kilos"),
    ],
)
def test_a_number_that_tells_something_is_kept(written: tuple[str, ...]) -> None:
    assert titles(*written)[-1] == written[-1].partition(" ")[2]


def test_a_number_alone_is_left_out_of_a_topic_with_slots() -> None:
    assert named([WrittenHeading(2, "12. GitOps")], lambda _: True)[0].title == "GitOps"
    assert named([WrittenHeading(2, "404: GitOps")], lambda _: True)[0].title == "404: GitOps"


def test_the_other_name_is_the_one_with_its_number_or_without() -> None:
    assert [one.also for one in named([WrittenHeading(1, "1. Soil"), WrittenHeading(1, "2. Seed")])] == [
        "1. Soil",
        "2. Seed",
    ]
    assert [one.also for one in named([WrittenHeading(1, "404: no route"), WrittenHeading(1, "Seed")])] == [
        "no route",
        "",
    ]
    assert [one.also for one in named([WrittenHeading(1, "1. Semester"), WrittenHeading(1, "2. Semester")])] == ["", ""]


def labelled(*written: str, text: bool = True, labels: bool = False) -> list[bool]:
    headings = [WrittenHeading(line.index(" "), line.partition(" ")[2]) for line in written]
    names = {"What", "How", "Examples"}
    return slots(headings, lambda place: headings[place].title in names, lambda _: text, lambda _: labels)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (("# Rye", "## What", "## How"), [False, True, True]),
        (("# Rye", "## Examples"), [False, True]),
        (("# What", "# How"), [True, True]),
        (("# Rye", "## What", "## How", "### Sour"), [False, True, True, False]),
        (("# Examples",), [False]),
        (("# Examples", "## Rye"), [False, False]),
        (("# Bread", "## Rye", "## Examples"), [False, False, False]),
        (("# Bread", "## Rye", "### Sour", "## How", "### Knead"), [False] * 5),
        (("# Bread", "## Examples", "### Rye"), [False, False, False]),
    ],
)
def test_a_slots_name_is_a_slot_only_right_below_a_topic(written: tuple[str, ...], expected: list[bool]) -> None:
    assert labelled(*written) == expected


def test_what_has_headings_and_no_text_of_its_own_is_no_slot() -> None:
    assert labelled("# Rye", "## What", "### Grain", "## How", text=False) == [False, False, False, False]


def test_beside_a_topic_with_slots_a_slots_name_is_one_of_them() -> None:
    assert labelled("# Rye", "# How", labels=True) == [False, True]
