"""What a search can be narrowed to."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from assistant.discovery import Narrowing, contents, offered_facets
from index.library import Library
from index.retrieval import parse_filters

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


def test_counts_are_of_what_the_other_filters_leave(tmp_path: Path, library_of: Callable[[Path], Library]) -> None:
    notes = tmp_path / "vault"
    for number in range(8):
        day = "2026-11-27" if number < 3 else "2020-01-01"
        written(notes, f"food/dish {number}.md", f"---\ntags: food/hot\n---\nCook dish {number}.\n", day)
        written(notes, f"work/task {number}.md", f"Do task {number}.\n", "2026-11-27")
    library = library_of(notes)
    index, found = library.note_index(), contents(library)

    def offered(within: Narrowing) -> dict[str, int]:
        return {facet.label: facet.topics for facet in offered_facets(index, found, found.topics, TODAY, within)}

    plain, last_week = offered(Narrowing()), parse_filters("after:2026-11-22", TODAY)
    assert plain == {"food": 8, "work": 8, "#food/hot": 8, "Last 7 days": 11}
    assert offered(Narrowing(chosen=last_week)) == {"food": 3, "work": 8, "#food/hot": 3}
    assert offered(Narrowing(from_question=last_week)) == offered(Narrowing(chosen=last_week))
    clicked = parse_filters('date:"past week"', TODAY)
    assert offered(Narrowing(chosen=clicked)) == {"food": 3, "work": 8, "#food/hot": 3, "Last 7 days": 11}
    work = parse_filters("folder:work", TODAY)
    assert offered(Narrowing(chosen=work)) == {"food": 8, "work": 8}  # all work is of the last 7 days
    hot = parse_filters("tag:food/hot", TODAY)
    assert offered(Narrowing(chosen=hot)) == {"#food/hot": 8, "Last 7 days": 3}
    assert offered(Narrowing(from_question=hot)) == {"Last 7 days": 3}


def test_sources_are_offered_where_there_are_several_and_by_their_whole_path_where_their_names_are_alike(
    tmp_path: Path, library_of: Callable[[Path], Library]
) -> None:
    for folder in ("a/notes", "b/notes", "diary"):
        written(tmp_path, f"{folder}/one.md", f"# One\n## Part\nSays what {folder} says.\n", "2020-01-01")
    library = library_of(tmp_path / "diary")
    assert offered_facets(library.note_index(), contents(library), [], TODAY) == []
    for folder in ("a/notes", "b/notes"):
        library.add(tmp_path / folder)
    library.sync()
    offered = offered_facets(library.note_index(), contents(library), [], TODAY)
    named = {facet.label: facet.filter for facet in offered if facet.filter.startswith("source:")}
    first, second = str(tmp_path / "a" / "notes"), str(tmp_path / "b" / "notes")
    assert named == {
        "From diary": "source:diary",
        f"From {first}": f"source:{first}",
        f"From {second}": f"source:{second}",
    }
    index = library.note_index()
    assert all(len(index.topics(parse_filters(facet.filter, TODAY))) == facet.topics for facet in offered)


def test_nothing_is_offered_that_leaves_all_topics(library: Library) -> None:
    assert offered_facets(library.note_index(), contents(library), [], date.today()) == []
