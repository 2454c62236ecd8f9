"""Notes: every pair in `tests/cases/markdown`, and what no text may do.

A case is `NAME.md` (or `.txt`) beside `NAME.json`, the topics it holds; an entry is written `[slot, text, line]`. Other
names, tags and fields of its topics stand in a case that is about them.
To add one, add the two files.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.formats.note import read_note
from index.records import SLOTS, Slot, Topic
from tests.index.hostile import documents

CASES = sorted(path for path in (Path(__file__).parents[2] / "cases" / "markdown").iterdir() if path.suffix != ".json")
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def as_data(topics: tuple[Topic, ...], about: Collection[str] = ()) -> list[dict[str, object]]:
    return [
        _properties(topic, about)
        | {
            "subject": topic.subject,
            "parents": list(topic.parents),
            "title": topic.title,
            "line": topic.line,
            "asked_as": list(topic.asked_as),
            "entries": [[entry.slot, entry.text, entry.line] for entry in topic.entries],
        }
        for topic in topics
    ]


def _properties(topic: Topic, about: Collection[str]) -> dict[str, object]:
    properties = {"aliases": topic.aliases, "tags": topic.tags, "fields": topic.fields}
    return {name: json.loads(json.dumps(value)) for name, value in properties.items() if value and name in about}


def read(case: Path) -> tuple[str, list[dict[str, object]]]:
    return case.read_text(encoding="utf-8"), json.loads(case.with_suffix(".json").read_text(encoding="utf-8"))


@each_case
def test_a_case_gives_the_topics_written_beside_it(case: Path) -> None:
    text, expected = read(case)
    assert as_data(read_note(text, case.stem).topics, set().union(*expected)) == expected


@each_case
@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_of_other_systems_and_a_byte_order_mark_change_nothing(case: Path, newline: str) -> None:
    text, expected = read(case)
    read_anew = read_note("\ufeff" + text.replace("\n", newline), case.stem)
    assert as_data(read_anew.topics, set().union(*expected)) == expected


def test_a_nul_becomes_the_replacement_character_and_shifts_no_line() -> None:
    [topic] = read_note("# S\n## T\0\n*What:* a\0b\n*How:*\0", "notes").topics
    assert topic.title == "T\ufffd"
    assert [(entry.text, entry.line) for entry in topic.entries] == [("a\ufffdb", 3), ("\ufffd", 4)]


def test_a_front_matter_title_can_always_be_stored() -> None:
    [topic], _ = read_note('---\ntitle: "a\\ud800b"\n---\nText.', "notes")
    assert topic.subject == "a?b"


@settings(deadline=None, max_examples=300)
@given(documents())
@example("---\n\n---\n")
@example('---\ntitle: "\\UFFFFFFFF"\n---\n')
@example("---\n\u2028\n* \n---\n")
def test_no_text_makes_it_fail_and_every_entry_lies_inside_the_document(text: str) -> None:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd").split("\n")
    for topic in read_note(text, "notes").topics:
        assert topic.entries
        assert topic.title.strip()
        assert 1 <= topic.line <= len(lines)
        for entry in topic.entries:
            assert entry.text.strip()
            assert 1 <= entry.line <= len(lines)
            assert entry.text.split("\n")[0].strip() in lines[entry.line - 1]


BLOCKS = [
    "A paragraph\nof two lines.",
    "- a list\n- of two | items\n  how: wrapped",
    "1. one\n2. two",
    "| a | b |\n|---|---|\n| What: | 2 |",
    "```sh\n# What: no\n*How:* no\n\n## 3. No\n```",
    "> a quote\n> How: no",
]
STYLES = [
    *[
        (label, gap)
        for label in ("*{}:*", "**{}:**", "**{}**:", "__{}:__", "### {}", "### {}:")
        for gap in ("\n", "\n\n")
    ],
    ("{}:", "\n\n"),
]
bodies = st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=3).map("\n\n".join)


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(st.sampled_from(SLOTS), bodies, min_size=1), st.sampled_from(STYLES))
def test_what_stands_under_a_slot_comes_back_whole_however_the_slot_is_written(
    entries: dict[Slot, str], style: tuple[str, str]
) -> None:
    label, gap = style
    if label == "{}:":  # a plain `Example:` is a label only below another: prose begins so, too
        entries = {"What": "First.", **entries}
    written = gap.join(f"{label.format(slot)}\n{body}" for slot, body in entries.items())
    [topic] = read_note(f"# S\n## T\n{written}\n", "notes").topics
    assert {entry.slot: entry.text for entry in topic.entries} == entries


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(st.sampled_from(SLOTS), bodies, min_size=1))
def test_slots_written_as_list_items_come_back_without_their_indentation(entries: dict[Slot, str]) -> None:
    items = (f"**{slot}:**\n{body}".replace("\n", "\n  ") for slot, body in entries.items())
    [topic] = read_note("# S\n## T\n" + "".join(f"- {item}\n" for item in items), "notes").topics
    assert {entry.slot: entry.text for entry in topic.entries} == entries


def test_note_of_several_subjects_is_called_by_its_file_too() -> None:
    beds = "# Roses\n\nPrune.\n\n## Feeding\n\nBone meal.\n\n# Tulips\n\nDig.\n\n## Pots\n\nClay."
    assert [topic.aliases for topic in read_note(beds, "bed").topics] == [("bed",), (), (), ()]
    assert not read_note(beds.replace("Roses", "Rose bed"), "bed").topics[0].aliases


@pytest.mark.parametrize("name", ["README", "index", "_index"])
def test_file_that_stands_for_its_folder_is_called_by_its_heading(name: str) -> None:
    topic = read_note("# Spare key\n\nUnder the pot.", name).topics[0]
    assert (topic.subject, topic.title) == ("Spare key", "Spare key")
    assert read_note("Under the pot.", name).topics[0].subject == name
