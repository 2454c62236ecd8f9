"""What is said beside topics that have the same title."""

from __future__ import annotations

from assistant.discovery.disambiguation import disambiguated
from assistant.discovery.overview import Listed


def listed(subject: str, topic: str, path: str = "a.md", line: int = 1, parents: tuple[str, ...] = ()) -> Listed:
    return Listed(1, "id", subject, topic, path, line, parents)


def test_title_that_no_other_has_stands_alone() -> None:
    assert disambiguated([listed("Git", "Rebase"), listed("Git", "Merge")]) == ["", ""]


def test_same_title_is_told_apart_by_its_subject_however_it_is_written() -> None:
    assert disambiguated([listed("Git", "Set up"), listed("Python", "`Set up`?"), listed("Git", "Merge")]) == [
        "Git",
        "Python",
        "",
    ]


def test_same_subject_is_told_apart_by_its_file_and_that_by_the_line() -> None:
    topics = [
        listed("README", "Set up", "a.md", 3),
        listed("README", "Set up", "a.md", 9),
        listed("README", "Set up", "b.md", 3),
        listed("Guide", "Set up", "c.md", 3),
    ]
    assert disambiguated(topics) == ["a.md:3", "a.md:9", "b.md", "Guide"]


def test_headings_between_tell_more_than_a_file() -> None:
    topics = [
        listed("Setup", "Installation", "setup.md", 3, ("Linux",)),
        listed("Setup", "Installation", "setup.md", 7, ("Windows", "Server")),
    ]
    assert disambiguated(topics) == ["Linux", "Windows › Server"]
