"""`topics related` and `topics map`: what belongs together."""

from __future__ import annotations

import json
from pathlib import Path

from tests.assistant.running import Topics


def test_related_topics_are_listed_with_why(topics: Topics) -> None:
    result = topics("related", "handling drft in argo cd")
    assert result.code == 0
    assert result.out.startswith("Beside Handling Drift in Argo CD   DevOps · devops.md:")
    assert "1. " in result.out


def test_json_names_the_topic_and_follows_the_contract(topics: Topics) -> None:
    record = json.loads(topics("related", "--json", "-n", "2", "GitOps", "Fundamentals").out)
    assert (record["subject"], record["topic"], record["by_title"]) == ("DevOps", "GitOps Fundamentals", True)
    assert 0 < len(record["related"]) <= 2
    for one in record["related"]:
        assert set(one) == {"subject", "topic", "score", "why", "id", "path", "line", "parents", "anchor"}


def test_title_of_several_topics_is_asked_back_with_exit_code_1(topics: Topics) -> None:
    result = topics("related", "argo cd")
    assert result.code == 1
    assert "'argo cd' may mean any of 5 topics; give more of the title, or a place:" in result.err
    assert "DevOps > Handling Drift in Argo CD" in result.err


def test_question_says_which_topic_it_took(own: Topics) -> None:
    result = own("related", "how", "do", "I", "settle", "each", "file?")
    assert result.out.startswith("No such title; beside the topic that answers best, Merge conflicts")


def test_title_in_another_encoding_is_taken_for_a_question(own: Topics) -> None:
    assert "beside the topic that answers best" in own("related", "caf\udce9 in a wrapper").out


def test_topic_without_kin_says_so(own: Topics) -> None:
    assert "Nothing in your notes belongs beside it." in own("related", "decorators").out


def test_related_without_a_title_is_wrong_usage(own: Topics) -> None:
    assert own("related").code == 2
    assert own("related", "canary", "--duplicates").code == 2


def test_bundled_topics_say_nothing_twice(topics: Topics) -> None:
    assert topics("related", "--duplicates").out == "No two entries say the same thing.\n"


def test_duplicates_are_listed_with_their_places(own: Topics, notes: Path) -> None:
    text = "Rebase the branch on main, settle each file in turn, and push it again."
    (notes / "a.md").write_text(f"# A\n{text}\n", encoding="utf-8")
    (notes / "b.md").write_text(f"# B\n{text}\n", encoding="utf-8")
    own("sync")
    assert "a.md:2" in own("related", "--duplicates").out
    (group,) = json.loads(own("related", "--duplicates", "--json").out)
    assert [(place["path"], place["line"]) for place in group["places"]] == [("a.md", 2), ("b.md", 2)]
    assert group["score"] == 1.0


def test_topics_of_one_title_are_told_apart_in_an_area_of_the_map(own: Topics, notes: Path) -> None:
    for name in "abcdef":
        (notes / f"{name}.md").write_text(f"# README\n## Setup\nInstall the {name} and start it.\n")
    own("sync")
    assert "Setup (a.md) · Setup (b.md)" in own("map").out


def test_map_is_printed_as_areas_as_json_and_as_a_page(topics: Topics, tmp_path: Path) -> None:
    assert "31 topics" in topics("map").out
    assert len(json.loads(topics("map", "--json").out)["points"]) == 31
    page = tmp_path / "map.html"
    result = topics("map", "--html", page)
    assert (result.out, result.code) == ("", 0)
    assert "GitOps Fundamentals" in page.read_text(encoding="utf-8")


def test_page_that_cannot_be_written_is_an_error(own: Topics, tmp_path: Path) -> None:
    result = own("map", "--html", tmp_path / "missing" / "map.html")
    assert result.code == 1
    assert "cannot be written" in result.err
