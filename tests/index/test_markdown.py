"""Markdown: every pair in `tests/cases/markdown`, what no text may do, and HTML that is safe.

A case is `NAME.md` (or `.txt`) beside `NAME.json`, the topics it holds; an entry is written `[slot, text, line]`.
To add one, add the two files.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.markdown import inline_html, parse_topics, read_note, to_html
from index.records import SLOTS, Slot, Topic
from tests.index.hostile import documents, texts

CASES = sorted(path for path in (Path(__file__).parents[1] / "cases" / "markdown").iterdir() if path.suffix != ".json")
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def as_data(topics: tuple[Topic, ...]) -> list[dict[str, object]]:
    return [
        {
            "subject": topic.subject,
            "parents": list(topic.parents),
            "title": topic.title,
            "line": topic.line,
            "asked_as": list(topic.asked_as),
            "entries": [list(asdict(entry).values()) for entry in topic.entries],
        }
        for topic in topics
    ]


def read(case: Path) -> tuple[str, object]:
    return case.read_text(encoding="utf-8"), json.loads(case.with_suffix(".json").read_text(encoding="utf-8"))


@each_case
def test_a_case_gives_the_topics_written_beside_it(case: Path) -> None:
    text, expected = read(case)
    assert as_data(read_note(text, case.stem).topics) == expected


@each_case
@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_of_other_systems_and_a_byte_order_mark_change_nothing(case: Path, newline: str) -> None:
    text, expected = read(case)
    assert as_data(read_note("\ufeff" + text.replace("\n", newline), case.stem).topics) == expected


def test_a_nul_becomes_the_replacement_character_and_shifts_no_line() -> None:
    [topic] = parse_topics("# S\n## T\0\n*What:* a\0b\n*How:*\0", "notes")
    assert topic.title == "T\ufffd"
    assert [(entry.text, entry.line) for entry in topic.entries] == [("a\ufffdb", 3), ("\ufffd", 4)]


def test_a_front_matter_title_can_always_be_stored() -> None:
    [topic], _ = read_note('---\ntitle: "a\\ud800b"\n---\nText.', "notes")
    assert topic.subject == "a?b"


@settings(deadline=None, max_examples=300)
@given(documents())
@example("---\n\n---\n")
@example('---\ntitle: "\\UFFFFFFFF"\n---\n')
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
    [topic] = parse_topics(f"# S\n## T\n{written}\n", "notes")
    assert {entry.slot: entry.text for entry in topic.entries} == entries


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(st.sampled_from(SLOTS), bodies, min_size=1))
def test_slots_written_as_list_items_come_back_without_their_indentation(entries: dict[Slot, str]) -> None:
    items = (f"**{slot}:**\n{body}".replace("\n", "\n  ") for slot, body in entries.items())
    [topic] = parse_topics("# S\n## T\n" + "".join(f"- {item}\n" for item in items), "notes")
    assert {entry.slot: entry.text for entry in topic.entries} == entries


class Tags(HTMLParser):
    """Collects the elements of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


HARMLESS = set(
    "p br hr h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong s a table thead tbody tr th td".split()
)
RENDERERS = pytest.mark.parametrize("render", [to_html, inline_html])


def assert_harmless(html: str) -> None:
    for tag, attributes in Tags(html).found:
        assert tag in HARMLESS
        assert set(attributes) <= {"href", "title", "class", "start", "style"}
        assert not (attributes.get("href") or "").casefold().lstrip().startswith(("javascript:", "vbscript:", "file:"))
        assert attributes.get("style") in {None, "text-align:left", "text-align:center", "text-align:right"}


@RENDERERS
@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![pixel](https://example.org/p.gif)",
        '![pixel][r]\n\n[r]: https://example.org/p.gif "onload=x"',
        "[a](javascript:alert(1)) [b](JaVaScRiPt:x) [c](&#106;avascript:x) [d](\tjavascript:x) [e](<java\nscript:x>)",
        "<javascript:alert(1)> <vbscript:x> [f](vbscript:x) [g](file:///etc/passwd) [h](data:text/html,x)",
        '[a](/u "\\" onclick=\\"x")',
        '```x" onclick="y\nz\n```',
        "| a |\n|:-:|\n| <b onclick=x> |",
        "<style>p{}</style>\n\n<iframe src=x>\n\n<!-- <script> -->",
    ],
)
def test_html_holds_nothing_that_runs_or_loads(render: Callable[[str], str], text: str) -> None:
    assert_harmless(render(text))


ATTACKS = [
    *("<script>", "<img src=x onerror=y>", "<a href=", "javascript:", "java\nscript:", "&#106;avascript:", "onclick=x"),
    *("![", "[", "](", ")", "<", ">", '"', "'", "&lt;", "&#60;", "\n[r]: javascript:x\n", "[r]"),
    *("data:text/html,", "style="),
]  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(ATTACKS) | texts(3), max_size=12).map("".join))
def test_no_text_becomes_html_that_runs_or_loads(text: str) -> None:
    assert_harmless(to_html(text))
    assert_harmless(inline_html(text))


def test_html_keeps_what_notes_are_made_of() -> None:
    assert to_html("Use `git rebase`, **not** ~~merge~~:\n\n- [a](https://example.org)") == (
        "<p>Use <code>git rebase</code>, <strong>not</strong> <s>merge</s>:</p>\n"
        '<ul>\n<li><a href="https://example.org">a</a></li>\n</ul>\n'
    )
    assert to_html("| a |\n|---|\n| b |") == (
        "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>b</td>\n</tr>\n</tbody>\n</table>\n"
    )


def test_inline_html_has_no_paragraph_around_it() -> None:
    assert inline_html("a `b` <c>") == "a <code>b</code> &lt;c&gt;"
