"""Answers and topics as files for elsewhere."""

from __future__ import annotations

import csv
import io

import pytest

from assistant.answering.answering import ask
from assistant.export.answers import (
    ANKI_HEADER,
    Row,
    answer_markdown,
    answer_rows,
    to_csv,
    to_flash_cards,
    to_markdown,
    topic_rows,
)
from index.formats.note import read_note
from index.library import Library

ROWS = [
    Row("Git", "Rebase", "What", "Replays *commits*.", "git.md", 2),
    Row("Git", "Rebase", "How", "`git rebase main`", "git.md", 3),
    Row("Git", "Rebase", "Example", "```sh\ngit rebase main\n```", "git.md", 4),
    Row("Git", "Tags", "", "Names a <commit>.", "git.md", 6),
]


def test_markdown_is_read_again_as_the_same_topics() -> None:
    text = to_markdown(ROWS)
    topics = read_note(text, "x").topics
    assert [(topic.subject, topic.title) for topic in topics] == [("Git", "Rebase"), ("Git", "Tags")]
    assert [(entry.slot, entry.text) for topic in topics for entry in topic.entries] == [
        ("What", "Replays *commits*."),
        ("How", "`git rebase main`"),
        ("Example", "```sh\ngit rebase main\n```"),
        (None, "Names a <commit>."),
    ]


def test_answer_begins_with_the_question_and_what_answers_it(library: Library) -> None:
    text = answer_markdown(ask(library, "how do I settle merge conflicts with a rebase?"))
    assert text.startswith("# how do I settle merge conflicts with a rebase?\n\n> Rebase the branch")
    assert "Merge conflicts, `topics.md:5`" in text
    assert "## Decorators" in text


def test_answer_that_is_none_says_so(library: Library) -> None:
    assert "> Your notes don’t say." in answer_markdown(ask(library, "which pizza dough needs yeast?"))


def test_csv_holds_a_line_for_each_entry(library: Library) -> None:
    answer = ask(library, "merge conflicts", limit=1)
    lines = list(csv.DictReader(io.StringIO(to_csv(answer_rows(answer)))))
    assert [line["slot"] for line in lines] == ["What", "How", "Example"]
    assert lines[0]["topic"] == "Merge conflicts"


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_spreadsheet_computes_nothing_that_a_note_says(start: str) -> None:
    [line] = csv.DictReader(io.StringIO(to_csv([Row("Git", start, "", start, "git.md", 1)])))
    assert line["topic"] == line["text"] == f"'{start}"


def test_flash_cards_ask_for_a_slot_and_answer_with_the_entry() -> None:
    text = to_flash_cards(ROWS)
    assert text.startswith(ANKI_HEADER)
    cards = list(csv.reader(io.StringIO(text.removeprefix(ANKI_HEADER)), delimiter="\t"))
    assert cards == [
        ["What is it: Rebase (Git)", "<p>Replays <em>commits</em>.</p>", "git.md:2", "Git"],
        ["How is it done: Rebase (Git)", "<p><code>git rebase main</code></p>", "git.md:3", "Git"],
        [
            "An example: Rebase (Git)",
            '<pre><code class="language-sh">git rebase main\n</code></pre>',
            "git.md:4",
            "Git",
        ],
        ["Tags (Git)", "<p>Names a &lt;commit&gt;.</p>", "git.md:6", "Git"],
    ]


def test_flash_card_with_code_and_tabs_is_still_one_card() -> None:
    text = to_flash_cards([Row("My Git", 'The "x"\ttab', "How", "```\na\tb\n\nc\n```", "git.md", 1)])
    [card] = csv.reader(io.StringIO(text.removeprefix(ANKI_HEADER)), delimiter="\t")
    assert card == ['How is it done: The "x" tab (My Git)', "<pre><code>a\tb\n\nc\n</code></pre>", "git.md:1", "My-Git"]


def test_topics_are_exported_whole(library: Library) -> None:
    stored = library.topics(library.reader.headings())
    assert len(topic_rows(stored.values())) == 9


@pytest.mark.parametrize("title", ["#deck:Other", "#html:false", "# 1", "##"])
def test_flash_card_that_begins_with_a_number_sign_is_no_setting_of_the_file(title: str) -> None:
    lines = to_flash_cards([Row("Git", title, "", "Text.", "git.md", 2)]).splitlines()
    assert [line for line in lines if line.startswith("#")] == ANKI_HEADER.splitlines()
    [card] = csv.reader(lines[-1:], delimiter="\t")
    assert card[0] == f"&#35;{title[1:]} (Git)"
