"""Front matter: what can be read of it is read, whatever stands beside."""

from __future__ import annotations

import time

import pytest

from index.formats.front_matter import BROKEN, FrontMatter, split_front_matter


def front(*lines: str, fence: str = "---") -> FrontMatter:
    return split_front_matter("\n".join((fence, *lines, fence, "Text.")))


@pytest.mark.parametrize(
    "bad", ["room: [", "\tindented: by a tab", "pump: log: cellar", '"never closed: yes', "- stray"]
)
def test_a_bad_line_costs_only_itself(bad: str) -> None:
    read = front("title: Boiler", bad, "aliases: [heating]", "author: Ann")
    assert (read.title, read.aliases) == ("Boiler", ("heating",))
    assert ("author", "Ann") in read.fields
    assert read.body == "\n" * 6 + "Text."


def test_a_bad_line_of_toml_costs_only_itself() -> None:
    read = front('title = "Boiler"', "rooms = [", "floor = 2", fence="+++")
    assert (read.title, read.fields, read.problem) == ("Boiler", (("floor", "2"),), BROKEN)


def test_a_colon_in_a_text_is_no_problem() -> None:
    read = front("title: Pump log: cellar")
    assert (read.title, read.problem) == ("Pump log: cellar", "")


@pytest.mark.parametrize("name", ["title", "Title", "TITLE", '"title"'])
def test_a_name_may_be_written_in_any_case(name: str) -> None:
    assert front(f"{name}: Boiler").title == "Boiler"


@pytest.mark.parametrize(
    "lines",
    [("tags: [a b, c]",), ("tags:", "  - a b", "  - c"), ("Tags: a b, c",), ("keywords: ['#a b', '[[c]]']",)],
)
def test_tags_are_read_however_they_are_written(lines: tuple[str, ...]) -> None:
    assert front(*lines).tags == ("a b", "c")


def test_tags_on_a_line_are_parted_by_space_and_may_have_their_signs() -> None:
    assert front("tags: a b").tags == front("tags: #a #b").tags == ("a", "b")


def test_fields_are_told_on_a_line_each_and_switches_and_addresses_are_not() -> None:
    read = front("rating: 9", "ok: true", "source: https://example.org", "who: [[[Ann Lee]], Bo]", "at: {room: 12}")
    assert read.fields == (("rating", "9"), ("who", "Ann Lee, Bo"), ("at", "room: 12"))


def test_text_between_rules_is_text() -> None:
    text = "---\nA paragraph\nof two lines: so\nit goes.\n---\nText."
    assert split_front_matter(text) == FrontMatter("", text)


def test_aliases_of_yaml_make_no_heap() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)]
    started = time.perf_counter()
    read = front(*lines)
    assert time.perf_counter() - started < 2
    assert [name for name, _ in read.fields] == ["a", "b"]  # from the third on it is too long to be searched


def test_what_is_nested_too_deep_for_a_stack_is_passed_over() -> None:
    assert front("title: Boiler", f"a: {'[' * 9_000}").title == "Boiler"
    assert front("title: Boiler", f"a: {'[' * 90}{']' * 90}").title == "Boiler"
