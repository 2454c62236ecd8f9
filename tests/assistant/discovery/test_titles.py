"""Which topic a title means, however it is typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.discovery.overview import contents
from assistant.discovery.titles import find_topic, nearest_topics
from index.errors import QuestionError
from index.library import Library

NOTES = """\
# DevOps
## 1. GitOps Fundamentals
Git holds the desired state.
## 2. Handling Drift in Argo CD
Someone edits the cluster.
## 3. Argo CD Troubleshooting
A sync fails.
## Testing
Move tests earlier.
# Python
## Testing
Fixtures make what tests need.
## `is` vs. `==`
Identity or equality.
"""


@pytest.fixture
def library(tmp_path: Path, library_of: Callable[[Path], Library]) -> Library:
    (tmp_path / "notes.md").write_text(NOTES, encoding="utf-8")
    return library_of(tmp_path / "notes.md")


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("GitOps Fundamentals", "GitOps Fundamentals"),
        ("  gitops   FUNDAMENTALS ", "GitOps Fundamentals"),
        ("1. GitOps Fundamentals", "GitOps Fundamentals"),
        ("DevOps > GitOps Fundamentals", "GitOps Fundamentals"),
        ("gitops", "GitOps Fundamentals"),
        ("drift", "Handling Drift in Argo CD"),
        ("argo drift", "Handling Drift in Argo CD"),
        ("argo trouble", "Argo CD Troubleshooting"),
        ("GitOps Fundametals", "GitOps Fundamentals"),
        ("handling drfit in argo cd", "Handling Drift in Argo CD"),
        ("is vs ==", "`is` vs. `==`"),
        ("`is` vs. `==`", "`is` vs. `==`"),
    ],
)
def test_title_is_understood(library: Library, typed: str, title: str) -> None:
    meant = find_topic(library, typed)
    assert (meant.stored.topic.title, meant.by_title) == (title, True)


@pytest.mark.parametrize("typed", ["testing", "argo", "argo cd"])
def test_title_of_several_topics_is_asked_back(library: Library, typed: str) -> None:
    with pytest.raises(
        QuestionError, match=rf"'{typed}' may mean any of 2 topics; give more of the title, or a place:\n  DevOps > "
    ):
        find_topic(library, typed)


def test_subject_before_the_title_tells_two_apart(library: Library) -> None:
    assert find_topic(library, "python > testing").stored.topic.subject == "Python"
    assert find_topic(library, "devops > tsting").stored.topic.subject == "DevOps"


def test_topics_of_one_name_are_told_apart_by_their_places(
    tmp_path: Path, library_of: Callable[[Path], Library]
) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text("# README\n\n## Setup\nText.\n", encoding="utf-8")
    library = library_of(tmp_path)
    with pytest.raises(QuestionError, match=r"README > Setup   a\.md:3\n  README > Setup   b\.md:3"):
        find_topic(library, "README > Setup")
    assert find_topic(library, "b.md:3").stored.path == "b.md"


def test_headings_between_tell_two_apart(tmp_path: Path, library_of: Callable[[Path], Library]) -> None:
    headings = "# Setup\n## Linux\n### Installation\nUse apt.\n## Windows\n### Installation\nRun the installer.\n"
    (tmp_path / "setup.md").write_text(headings, encoding="utf-8")
    library = library_of(tmp_path)
    with pytest.raises(QuestionError, match="may mean any of 2 topics"):
        find_topic(library, "Setup > Installation")
    assert find_topic(library, "Setup > Windows > Installation").stored.topic.line == 6
    assert find_topic(library, "linux > installation").stored.topic.line == 3


def test_question_leads_to_the_topic_that_answers_best(library: Library) -> None:
    meant = find_topic(library, "what do I do when someone edits the cluster?")
    assert (meant.stored.topic.title, meant.by_title) == ("Handling Drift in Argo CD", False)


def test_nothing_typed_is_an_error(library: Library) -> None:
    with pytest.raises(QuestionError, match="Name a topic"):
        find_topic(library, " ? ")


def test_library_without_topics_says_so(library: Library, tmp_path: Path) -> None:
    library.remove(tmp_path / "notes.md")
    with pytest.raises(QuestionError, match="no topics in this library yet"):
        find_topic(library, "gitops")


def test_place_that_is_nearly_one_names_the_topic_of_its_line(
    library_of: Callable[[Path], Library], tmp_path: Path
) -> None:
    folder = tmp_path / "garden"
    (folder / "beds").mkdir(parents=True)
    (folder / "beds" / "peas.md").write_text("# Peas\n## Sowing\nIn March.\n## Picking\nIn June.\n")
    (folder / "beans.md").write_text("# Beans\n## Soaking\nOvernight.\n")
    held = contents(library_of(folder))

    def named(typed: str) -> list[str]:
        return [topic.topic for topic in nearest_topics(held, typed)]

    assert named("peas.md:5") == ["Picking"]
    assert named("bed/peas.md:3") == ["Sowing"]
    assert named("/home/ann/garden/beans.md") == ["Soaking"]
    assert named("Soakin")[0] == "Soaking"
    assert named("zeppelin") == []
