"""Entries that say the same thing in different places."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.discovery.duplicates import MIN_SHARED, find_duplicates, resemblance, shingles
from index.library import Library

TEXT = (
    "Two branches changed the same lines of a file, so Git cannot tell which version is meant and a person has to "
    "reconcile them before the merge goes on."
)


def write(notes: Path, name: str, text: str) -> None:
    (notes / name).write_text(text, encoding="utf-8")


def test_same_text_in_two_files_is_found_with_both_places(library: Library, notes: Path) -> None:
    write(notes, "a.md", f"# A\n## One\n{TEXT}\n")
    write(notes, "b.md", f"# B\n\n## Two\n*How:* {TEXT.upper()}\n")
    library.sync()
    (found,) = find_duplicates(library)
    assert found.score == 1.0
    assert [(place.path, place.line, place.slot) for place in found.places] == [("a.md", 3, None), ("b.md", 4, "How")]


def test_text_with_a_few_other_words_is_the_same_thing(library: Library, notes: Path) -> None:
    write(notes, "a.md", f"# A\n{TEXT}\n")
    write(notes, "b.md", f"# B\n{TEXT.replace('a person', 'somebody').replace('goes on', 'continues')}\n")
    library.sync()
    (found,) = find_duplicates(library)
    assert MIN_SHARED <= found.score < 1


def test_three_places_are_one_group(library: Library, notes: Path) -> None:
    for name in ("a", "b", "c"):
        write(notes, f"{name}.md", f"# {name}\n{TEXT}\n")
    library.sync()
    (found,) = find_duplicates(library)
    assert [place.path for place in found.places] == ["a.md", "b.md", "c.md"]


def test_surest_group_comes_first(library: Library, notes: Path) -> None:
    other = "A canary gives a new version to a few users first, and to all of them only when errors stay rare."
    for name, text in (("a", TEXT), ("b", TEXT.replace("Two", "Three")), ("c", other), ("d", other)):
        write(notes, f"{name}.md", f"# {name}\n{text}\n")
    library.sync()
    assert [found.score == 1 for found in find_duplicates(library)] == [True, False]


@pytest.mark.parametrize("text", ["None.", "See the reference for this call."])
def test_few_words_say_too_little_to_be_said_twice(library: Library, notes: Path, text: str) -> None:
    write(notes, "a.md", f"# A\n{text}\n")
    write(notes, "b.md", f"# B\n{text}\n")
    library.sync()
    assert find_duplicates(library) == []


def test_topic_does_not_repeat_itself(library: Library, notes: Path) -> None:
    write(notes, "a.md", f"# A\n## One\n*What:* {TEXT}\n*How:* {TEXT}\n")
    library.sync()
    assert find_duplicates(library) == []


def test_notes_that_share_a_phrase_only_are_not_the_same() -> None:
    one = shingles("Git cannot tell which version is meant, so a person decides.")
    other = shingles("Git cannot tell which branch was deleted by whom, nor when it happened.")
    assert 0 < resemblance(one, other) < MIN_SHARED


def test_resemblance_is_counted_in_runs_of_three_words() -> None:
    one, other = shingles("a b c d e f g h"), shingles("a b c d e f g x")
    assert (len(one), len(other)) == (6, 6)
    assert resemblance(one, other) == pytest.approx(5 / 7)


def test_progress_is_told(library: Library) -> None:
    told: list[tuple[str, int, int]] = []
    find_duplicates(library, lambda *report: told.append(report))
    assert told[0] == ("Reading", 0, 3)
    assert ("Comparing", 0, 0) in told


def test_two_notes_that_contradict_each_other_are_told_with_what_each_says(library: Library, notes: Path) -> None:
    write(notes, "a.md", "# Shed\n\nIt is green. The shed opens with 1122.\n")
    write(notes, "b.md", "# Door\n\nSince June the shed opens with 3344.\n")
    library.sync()
    (found,) = find_duplicates(library)
    assert found.differ == ("The shed opens with 1122.", "Since June the shed opens with 3344.")
    assert [(place.path, place.topic) for place in found.places] == [("a.md", "Shed"), ("b.md", "Door")]


def test_record_of_what_changes_every_time_is_no_contradiction(library: Library, notes: Path) -> None:
    for number in range(3):
        write(notes, f"day{number}.md", f"# Day {number}\n\nThe pump ran for {number + 20} minutes.\n")
    library.sync()
    assert find_duplicates(library) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("# A\n\nThe shed opens with 1122. Since June the shed opens with 3344.\n", "# B\n\nNothing of that.\n"),
        ("# A\n\nPage 3.\n", "# B\n\nPage 4.\n"),
    ],
    ids=["in one topic", "of one word"],
)
def test_sentences_in_one_topic_or_of_few_words_contradict_nothing(
    library: Library, notes: Path, first: str, second: str
) -> None:
    write(notes, "a.md", first)
    write(notes, "b.md", second)
    library.sync()
    assert find_duplicates(library) == []
