"""What topics are sorted by: subjects, folders or nothing."""

from __future__ import annotations

from typing import NamedTuple

from assistant.discovery import grouping_of


class Topic(NamedTuple):
    subject: str
    path: str


def notes(*folders: str, each: int = 10) -> list[Topic]:
    """Return notes in some folders, each of them a subject of its own."""
    return [Topic(f"{folder} {number}", f"{folder}/{number}.md") for folder in folders for number in range(each)]


def test_subjects_that_several_notes_share_or_that_are_few_sort_topics() -> None:
    shared = [Topic(f"Subject {number % 5}", f"{number}.md") for number in range(40)]
    for topics in (shared, notes("food", each=12), []):
        assert grouping_of(topics).by == "subject"
    assert grouping_of(shared).counts(shared)["Subject 3"] == 8


def test_folders_sort_notes_that_are_each_a_subject_and_a_note_beside_them_belongs_to_none() -> None:
    topics = [*notes("food", "work"), Topic("index", "index.md")]
    groups = grouping_of(topics)
    assert groups.by == "folder"
    assert groups.counts(topics) == {"food": 10, "work": 10}
    assert groups.group_of(topics[-1]) == ""


def test_folders_that_all_notes_share_are_passed_over() -> None:
    topics = notes("vault/notes/food", "vault/notes/work/git")
    assert grouping_of(topics).counts(topics) == {"food": 10, "work": 10}


def test_nothing_sorts_notes_of_one_folder_that_are_each_a_subject() -> None:
    topics = notes("all", each=30)
    groups = grouping_of(topics)
    assert (groups.by, groups.counts(topics)) == ("nothing", {})
