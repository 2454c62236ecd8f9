"""Titles and past questions that a half-typed text may mean."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from assistant.discovery import Suggestion, Typeahead, contents, title_suggestions
from index.library import Library

TITLES = Typeahead(
    Suggestion(text, above)
    for text, above in (
        ("Kubernetes upgrade", "Clusters"),
        ("Upgrade of a node", "Kubernetes"),
        ("Rolling back", "Deployment"),
        ("Crème brûlée", "Desserts"),
        ("Crème anglaise with vanilla", "Desserts"),
        ("How do I roll back?", ""),
        ("鍵の暗証番号", "家"),
    )
)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("kub", "Kubernetes upgrade"),
        ("upg kub", "Kubernetes upgrade"),
        ("creme b", "Crème brûlée"),
        ("CRÈME BRU", "Crème brûlée"),
        ("kubrnetes", "Kubernetes upgrade"),
        ("kubenre", "Kubernetes upgrade"),
        ("desserts anglaise", "Crème anglaise with vanilla"),
        ("how do I roll", "How do I roll back?"),
        ("how do I upgrade a node", "Upgrade of a node"),
        ("暗証", "鍵の暗証番号"),
    ],
)
def test_title_is_found_by_beginnings_of_its_words_without_accents_and_misspelt(typed: str, first: str) -> None:
    assert TITLES.find(typed)[0].text == first


def test_title_that_has_a_word_comes_before_one_that_stands_below_it_and_short_ones_first() -> None:
    assert [found.text for found in TITLES.find("kubernetes")] == ["Kubernetes upgrade", "Upgrade of a node"]
    assert [found.text for found in TITLES.find("crème")] == ["Crème brûlée", "Crème anglaise with vanilla"]
    assert len(TITLES.find("crème", 1)) == 1


def test_nothing_is_suggested_where_a_word_is_near_to_none() -> None:
    for typed in ("", "  ", "?!", "zebra", "kubernetes zebra", "xyz"):
        assert TITLES.find(typed) == []


def test_headings_that_repeat_the_title_are_not_shown_above_it(notes: Path, library: Library) -> None:
    (notes / "git-rebase.md").write_text("## Git rebase\nReplays commits.\n", encoding="utf-8")
    library.sync()
    found = title_suggestions(contents(library).topics)
    assert [(one.text, one.above) for one in found.find("git r") + found.find("merge")] == [
        ("Git rebase", ""),
        ("Merge conflicts", "DevOps"),
    ]


def test_key_takes_a_fraction_of_fifty_milliseconds_among_ten_thousand_titles() -> None:
    parts = [[f"{sound}{vowel}{end}" for vowel in "aeiou" for end in "tnrsl"] for sound in ("b", "gr", "tel")]
    titles = [" ".join(words) for words in product(*parts)][:10_000]
    many = Typeahead(Suggestion(title, "Words") for title in titles)
    typed = ["b", "ba", "bat g", "words gre", "tellat", "batt grut tel", "gratt"]
    for text in typed:
        many.find(text)
    taken = []
    for text in typed:
        started = time.perf_counter()
        assert many.find(text)
        taken.append(time.perf_counter() - started)
    assert sorted(taken)[len(taken) // 2] < 0.05


def test_headings_of_two_files_with_one_name_are_told_apart_by_the_file(
    tmp_path: Path, library_of: Callable[[Path], Library]
) -> None:
    for folder in ("attic", "cellar"):
        (tmp_path / "notes" / folder).mkdir(parents=True)
        (tmp_path / "notes" / folder / "lamp.md").write_text("# Lamp\n\n## Bulb\n\nWarm.\n\n", encoding="utf-8")
    (tmp_path / "notes" / "cellar" / "pump.md").write_text("# Pump\n\n## Bulb\n\nNone.\n", encoding="utf-8")
    suggestions = title_suggestions(contents(library_of(tmp_path / "notes")).topics).find("bulb")
    assert sorted(above for _, above, _ in suggestions) == ["Lamp · attic/lamp.md", "Lamp · cellar/lamp.md", "Pump"]
