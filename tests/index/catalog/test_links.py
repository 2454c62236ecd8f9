"""Where links lead, and that what is linked is known from both ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from index.catalog.links import anchor, links, names
from index.formats import read_note
from index.library import Library
from index.markdown.parser import link_targets
from index.records import Entry, Topic
from index.text.file_names import readable_name


def topic(text: str, title: str = "Tags") -> Topic:
    return Topic("Git", title, (Entry(None, text, 1),), 1)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("[x](other.md)", "notes/git/other.md"),
        ("[x](../argo.md#drift)", "notes/argo.md#drift"),
        ("[x](<my notes.md>)", "notes/git/my notes.md"),
        ("[x](#below)", "notes/git/tags.md#below"),
        ("- in a [list](other.md)", "notes/git/other.md"),
        ("[[GitOps]]", "[[gitops"),
        ("[[folder/GitOps.md|as shown]]", "[[gitops"),
        ("[[GitOps#2. Pull Requests]]", "[[gitops#2-pull-requests"),
        ("[[#Below]]", "notes/git/tags.md#below"),
        ("![[GitOps#^7f3a2b]]", "[[gitops"),
        ("[[#^7f3a2b]]", "notes/git/tags.md"),
    ],
)
def test_link_leads_to_a_name(text: str, target: str) -> None:
    assert links(topic(text), "notes/git/tags.md") == {target}


@pytest.mark.parametrize(
    "text", ["https://x.y/z", "[x](https://x.y/z.md)", "[x](//x.y/z)", "`[x](y.md)`", "[x](<//[1>)", "[ [x] ]", "[[]]"]
)
def test_what_leads_to_no_note_is_no_link(text: str) -> None:
    assert links(topic(text), "a.md") == frozenset()


def test_targets_stand_in_their_order() -> None:
    assert list(link_targets("[b](b.md) and\n\n[[a]] and [c](c.md)")) == ["b.md", "[[a", "c.md"]


def test_first_topic_of_a_document_stands_for_it() -> None:
    first = set(names(topic(""), "notes/Git Basics.md", is_first=True))
    second = set(names(topic(""), "notes/Git Basics.md", is_first=False))
    assert first - second == {"notes/Git Basics.md", "[[git basics"}
    assert second == {"notes/Git Basics.md#tags", "[[tags", "[[git basics#tags"}


def test_other_names_are_linked_to_and_asked_for() -> None:
    called = replace(topic(""), aliases=("Labels",))
    assert {"=labels", "[[labels"} <= set(names(called, "notes/Git Basics.md", is_first=False))


def test_name_of_a_file_is_what_its_note_is_called() -> None:
    assert "[[why: merge" in set(names(topic(""), "notes/Git___Why%3A merge.md", is_first=True))
    assert readable_name("100% sure") == "100% sure"


def test_heading_is_linked_to_with_and_without_the_number_that_counts_it() -> None:
    [chapter] = read_note("# Argo\n## 1. Handling Drift\nBy hand.", "argo").topics
    called = set(names(chapter, "notes/argo.md", is_first=True))
    assert {"notes/argo.md#1-handling-drift", "notes/argo.md#handling-drift", "[[argo#handling-drift"} <= called


def test_headings_that_differ_by_their_number_alone_are_not_linked_to_by_one_name() -> None:
    first, second = read_note("# Log\n## 2. Mai\nRain.\n## 3. Mai\nSun.", "log").topics
    names_of = [set(names(day, "notes/log.md", is_first=False)) for day in (first, second)]
    assert "notes/log.md#2-mai" in names_of[0]
    assert not names_of[0] & names_of[1]
    assert (anchor("2. Mai"), anchor("3. Mai"), anchor("2024")) == ("2-mai", "3-mai", "2024")


@pytest.fixture
def wiki(library: Library, notes: Path) -> Library:
    (notes / "a.md").write_text("# A\nSee [the second](b.md#second) and [[C]].", encoding="utf-8")
    (notes / "b.md").write_text("# B\n## First\nOne.\n## Second\nTwo.", encoding="utf-8")
    (notes / "c.md").write_text("# C\nAlone.", encoding="utf-8")
    library.sync()
    return library


def named(library: Library, title: str) -> list[tuple[str, str, int]]:
    headings = library.reader.headings()
    (id_,) = (id_ for id_, heading in headings.items() if heading.title == title)
    return [(headings[one].title, headings[other].title, rivals) for one, other, rivals in library.reader.links_of(id_)]


def test_topic_knows_what_it_links_to_and_what_links_to_it(wiki: Library) -> None:
    assert sorted(named(wiki, "A")) == [("A", "C", 2), ("A", "Second", 2)]
    assert named(wiki, "Second") == [("A", "Second", 2)]
    assert named(wiki, "First") == []


def test_link_as_it_is_written_leads_to_its_topic(wiki: Library) -> None:
    found = {stored.topic.title: stored for stored in wiki.topics(wiki.reader.headings()).values()}
    assert wiki.leads(found["A"]) == {"b.md#second": found["Second"].topic_id, "[[C": found["C"].topic_id}
    assert wiki.leads(found["C"]) == {}


def test_link_is_known_again_when_its_target_was_read_anew(wiki: Library, notes: Path) -> None:
    (notes / "b.md").write_text("# B\n## Second\nNow the only one.", encoding="utf-8")
    wiki.sync()
    assert named(wiki, "Second") == [("A", "Second", 2)]


def test_link_goes_with_the_note_that_held_it(wiki: Library, notes: Path) -> None:
    (notes / "a.md").unlink()
    wiki.sync()
    assert named(wiki, "Second") == []


def test_links_between_notes_that_are_sources_of_their_own_lead_there(library: Library, tmp_path: Path) -> None:
    for name, text in (("a.md", "# A\nSee [the second](b.md#second)."), ("b.md", "# B\n## Second\nTwo.")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        library.add(tmp_path / name)
    library.sync()
    found = {stored.topic.title: stored for stored in library.topics(library.reader.headings()).values()}
    assert named(library, "A") == [("A", "Second", 1)]
    assert library.leads(found["A"]) == {"b.md#second": found["Second"].topic_id}


def test_link_leads_to_a_note_in_every_form_of_unicode() -> None:
    entry = Entry(None, "[[M\u00fcllplan]] [a](a/M\u00fcllplan.md#h\u00f6fe) [b](a/Mu%CC%88llplan.md)", 1)
    to = set(names(Topic("Stadt", "Ho\u0308fe", (), 1), "notes/a/Mu\u0308llplan.md", is_first=True))
    assert links(Topic("x", "x", (entry,), 1), "notes/x.md") <= to
