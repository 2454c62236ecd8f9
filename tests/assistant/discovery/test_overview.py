"""The table of contents of a library."""

from __future__ import annotations

from pathlib import Path

from assistant.discovery.overview import by_subject, contents, read_topic
from index.library import Library


def test_contents_list_topics_by_subject_with_counts(library: Library) -> None:
    found = contents(library)
    assert [(topic.subject, topic.topic) for topic in found.topics] == [
        ("DevOps", "Merge conflicts"),
        ("DevOps", "Canary releases"),
        ("Python", "Decorators"),
    ]
    assert found.subjects == {"DevOps": 2, "Python": 1}
    assert found.slots == {"What": 3, "How": 3, "Example": 3}
    assert list(by_subject(found.topics)) == ["DevOps", "Python"]


def test_topic_is_found_by_its_id(library: Library) -> None:
    found = contents(library)
    listed = found.topics[2]
    assert found.get(listed.id) == listed
    stored = read_topic(library, listed)
    assert stored is not None
    assert stored.topic.title == "Decorators"
    assert found.get("nothing") is None


def test_topic_has_those_before_and_after_it_in_its_document_beside_it(library: Library) -> None:
    held = contents(library)
    first, second, third = sorted(held.topics, key=lambda topic: topic.line)
    assert [held.around(topic) for topic in (first, second, third)] == [(None, second), (first, third), (second, None)]


def test_line_stands_in_the_topic_that_begins_last_before_it(library: Library) -> None:
    held = contents(library)
    first, second, _ = sorted(held.topics, key=lambda topic: topic.line)
    lines = (first.line - 1, first.line, second.line - 1, second.line, 1_000)
    assert [[topic.topic for topic in held.at("topics.md", line)] for line in lines] == [
        [],
        ["Merge conflicts"],
        ["Merge conflicts"],
        ["Canary releases"],
        ["Decorators"],
    ]
    assert held.at("other.md", 1) == []


def test_filter_finds_every_word_in_title_or_subject_in_any_case(library: Library) -> None:
    found = contents(library)
    assert [topic.topic for topic in found.filtered("devops REL")] == ["Canary releases"]
    assert found.filtered("nothing like it") == ()
    assert found.filtered("  ") == found.topics


def test_subjects_that_differ_in_case_are_one_called_as_most_topics_write_it(notes: Path, library: Library) -> None:
    (notes / "more.md").write_text("# devops\n## Rollback\nUndo the rollout.\n", encoding="utf-8")
    library.sync()
    found = contents(library)
    assert found.subjects == {"DevOps": 3, "Python": 1}
    assert [topic.topic for topic in by_subject(found.topics)["DevOps"]] == [
        "Merge conflicts",
        "Canary releases",
        "Rollback",
    ]
    assert (found.called("DEVOPS"), found.called("Baking")) == ("DevOps", "Baking")


def test_topics_of_a_document_leave_out_those_of_another_source_with_the_same_path(
    notes: Path, library: Library, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "topics.md").write_text("# Garden\n## Compost\nTurn the heap.\n## Mulch\nCover it.\n", encoding="utf-8")
    library.add(other)
    library.sync()
    held = contents(library)
    compost = next(topic for topic in held.topics if topic.topic == "Compost")
    assert [topic.topic for topic in held.of_document(compost)] == ["Compost", "Mulch"]
    assert held.around(compost)[0] is None
    assert {topic.topic for topic in held.first_of("topics.md")} > {"Compost"}
    assert len(held.first_of("topics.md")) == 2
