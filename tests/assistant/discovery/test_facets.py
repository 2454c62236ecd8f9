"""What a search can be narrowed to."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from assistant.discovery import contents, offered_facets
from index.library import Library

TODAY = date(2026, 11, 29)


def written(folder: Path, path: str, text: str, day: str) -> None:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    at = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC).timestamp()
    os.utime(file, (at, at))


def test_folders_tags_and_days_of_what_was_found_are_offered_with_the_topics_that_they_leave(
    tmp_path: Path, library_of: Callable[[Path], Library]
) -> None:
    notes = tmp_path / "vault"
    for number in range(8):
        written(notes, f"food/dish {number}.md", f"---\ntags: food\n---\nCook dish {number}.\n", "2020-01-01")
        written(notes, f"work/task {number}.md", f"Do task {number}.\n", "2026-11-10")
    written(notes, "index.md", "Everything.\n", "2026-11-27")
    library = library_of(notes)
    found = contents(library)
    dish = next(topic for topic in found.topics if topic.path == "food/dish 1.md")
    offered = offered_facets(library.note_index(), found, [dish], TODAY)
    assert [(facet.label, facet.filter, facet.topics) for facet in offered] == [
        ("food", "folder:food", 8),
        ("work", "folder:work", 8),
        ("#food", "tag:food", 8),
        ("Last 7 days", 'date:"past week"', 1),
        ("Last 30 days", 'date:"past month"', 9),
    ]


def test_nothing_is_offered_that_leaves_all_topics(library: Library) -> None:
    assert offered_facets(library.note_index(), contents(library), [], date.today()) == []
