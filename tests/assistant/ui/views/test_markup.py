"""Note text as HTML: a sentence marked, code coloured, long texts cut where it does not hurt."""

from __future__ import annotations

import re

import pytest

from assistant.ui.views.markup import LONGEST_CODE, Embeds, excerpt, highlighted_html, line_html, sentence_html
from assistant.ui.views.note import picture_html
from tests.assistant.ui.html import HOSTILE, assert_harmless


@pytest.mark.parametrize(
    ("text", "span", "html"),
    [
        ("One. Two.", (5, 9), "<p>One. <mark>Two.</mark></p>\n"),
        ("- one\n- two", (6, 11), "<ul>\n<li>one</li>\n<li><mark>two</mark></li>\n</ul>\n"),
        ("**Bold.** Rest.", (0, 9), "<p><mark><strong>Bold.</strong></mark> Rest.</p>\n"),
        ("- [x] One two.", (2, 14), "<ul>\n<li>☑ <mark>One two.</mark></li>\n</ul>\n"),
        ("A. ==One.== See [[B|c]].", (12, 24), "<p>A. One. <mark>See c.</mark></p>\n"),
        ("9:15 Up.\n10:30 Out.", (9, 19), "<p>9:15 Up.<br />\n<mark>10:30 Out.</mark></p>\n"),
        ("_One_ two.", (0, 10), "<p><mark><em>One</em> two.</mark></p>\n"),
        ("one\n\ntwo", (0, 8), "<p><mark>one</mark></p>\n<p><mark>two</mark></p>\n"),
        ("a ⸨b⸩ c", (0, 3), "<p>a ⸨b⸩ c</p>\n"),
    ],
)
def test_highlight_marks_a_span_within_one_block_and_else_leaves_the_text(
    text: str, span: tuple[int, int], html: str
) -> None:
    assert highlighted_html(text, span) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[a](b.md#c&d)", '<a href="?topic=1&amp;q=x">a</a>'),
        ("[*a*](other.md)", "<em>a</em>"),
        ("[a](/root.md)", "a"),
        ("[[Note|a]]", '<a href="?topic=2">a</a>'),
        ("[[Gone|a]]", "a"),
        ("[a](https://x.y)", '<a href="https://x.y">a</a>'),
        ("[a](mailto:a@x.y)", '<a href="mailto:a@x.y">a</a>'),
    ],
)
def test_link_to_a_note_leads_to_its_topic_or_is_words(text: str, html: str) -> None:
    leads = {"b.md#c&d": "?topic=1&q=x", "[[Note": "?topic=2"}
    assert highlighted_html(text, leads=leads) == f"<p>{html}</p>\n"


def test_code_is_coloured_by_its_language() -> None:
    html = highlighted_html("```python\ndef go():  # <now>\n    return 'x' < 1\n```")
    assert '<span class="k">def</span>' in html
    assert '<span class="c"># &lt;now&gt;</span>' in html
    assert "&lt; <span" in html


@pytest.mark.parametrize("language", ["", "no-such-language", "<b>", "../etc"])
def test_code_in_an_unknown_language_is_left_as_it_is(language: str) -> None:
    html = highlighted_html(f"```{language}\na < b\n```")
    assert "a &lt; b" in html
    assert "<span" not in html


def test_endless_code_is_not_coloured() -> None:
    assert "<span" not in highlighted_html(f"```python\n{'def ' * LONGEST_CODE}\n```")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("language", ["html", "python", "bash", "javascript", "css"])
def test_hostile_code_is_text_in_every_colour(text: str, language: str) -> None:
    assert_harmless(highlighted_html(f"```{language}\n{text}\n```"))


LONG = "First block.\n\n```\ncode\n\nmore code\n```\n\nThe answer stands here.\n\nLast block."


def test_short_text_is_shown_whole() -> None:
    assert excerpt("Short.", (0, 6)) == ("Short.", (0, 6), False)


def test_excerpt_holds_the_block_of_the_answer_and_says_where_it_is() -> None:
    start = LONG.index("The answer")
    found = excerpt(LONG, (start, start + 10), longest=30)
    assert found.text == "The answer stands here."
    assert found.marked == (0, 10)
    assert found.is_cut


def test_excerpt_never_cuts_code() -> None:
    start = LONG.index("more code")
    found = excerpt(LONG, (start, start + 4), longest=30)
    assert found.text.strip() == "```\ncode\n\nmore code\n```"


def test_excerpt_without_a_mark_is_the_beginning() -> None:
    assert excerpt(LONG, None, longest=20).text == "First block."


def test_endless_block_is_cut_around_the_answer() -> None:
    text = "word " * 10_000
    found = excerpt(text, (25_000, 25_010), longest=100)
    assert len(found.text) == 200
    assert found.marked is not None
    assert found.text[slice(*found.marked)] == text[25_000:25_010]


def test_endless_table_is_cut_between_rows_and_keeps_its_head() -> None:
    rows = [f"| {number} | {'word ' * 10}|\n" for number in range(1_000)]
    head = "| n | what |\n|---|---|\n"
    text = f"{head}{''.join(rows)}"
    start = text.index(rows[500])
    found = excerpt(text, (start, start + len(rows[500]) - 1), longest=200)
    assert found.text == (head + "".join(rows[499:505])).rstrip()
    assert found.marked is not None
    assert found.text[slice(*found.marked)] == rows[500].rstrip()


def test_part_of_code_that_answers_is_code() -> None:
    assert sentence_html("    ls\n```", "```\n") == '<div class="ta-text"><pre><code>    ls\n</code></pre>\n</div>'


def test_endless_code_is_cut_between_lines_and_stays_code() -> None:
    lines = [f"echo {'word ' * 10}{number}\n" for number in range(1_000)]
    text = f"```sh\n{''.join(lines)}```"
    start = text.index(lines[500])
    found = excerpt(text, (start, start + 4), longest=200)
    assert found.text == ("```sh\n" + "".join(lines[499:505])).rstrip()
    assert found.marked is not None
    assert found.text[slice(*found.marked)] == "echo"


def test_label_is_marked_with_the_list_that_it_introduces() -> None:
    text = "Ask.\n\nWho pays:\n\n- Ann\n- Bob"
    html = highlighted_html(text, (6, len(text)))
    assert re.findall("<mark>(.*?)</mark>", html) == ["Who pays:", "Ann", "Bob"]
    assert "<p>Ask.</p>" in html


def test_of_a_row_the_cells_are_marked_and_of_code_nothing() -> None:
    row = highlighted_html("| a | b |\n|---|---|\n| tea | 2 |\n| rum | 5 |", (30, 41))
    assert re.findall("<mark>(.*?)</mark>", row) == ["rum", "5"]
    assert "<mark>" not in highlighted_html("```sh\nls | wc\n```", (0, 19))


def test_signs_of_a_quote_are_not_shown_and_those_of_code_are() -> None:
    assert sentence_html("He stays\n> for now.") == "He stays\nfor now."
    assert "&gt; no quote" in sentence_html("So:\n```\n> no quote\n```")


def test_text_that_is_read_from_the_right_runs_from_there_block_by_block() -> None:
    assert (
        highlighted_html("שלום\n\n- Hi") == '<p dir="auto">שלום</p>\n<ul dir="auto">\n<li dir="auto">Hi</li>\n</ul>\n'
    )
    assert line_html("موعد") == '<span dir="auto">موعد</span>'
    assert highlighted_html("Hi") == "<p>Hi</p>\n"


def test_cell_of_a_sentence_is_given_room() -> None:
    sentence = "It is oiled, not varnished, and the sink is cut out on the left."
    html = highlighted_html(f"| top | remark |\n|---|:-:|\n| oak | {sentence} |", None)
    assert f'<td class="ta-wide" style="text-align:center">{sentence}</td>' in html
    assert html.count("ta-wide") == 1


def test_cell_of_a_picture_alone_is_as_wide_as_its_words_though_its_address_is_long() -> None:
    address = f"pictures/{'deep/' * 10}save.png"
    assert "ta-wide" not in highlighted_html(f"| ![save]({address}) | means |\n|---|---|\n| [on]({address}) | saved |")


@pytest.mark.parametrize("text", ["we get ![Plan.png](p.png) which", "we get ![[Plan.png]] which"])
def test_words_of_a_picture_that_is_not_there_are_told_from_the_sentence_around_them(text: str) -> None:
    assert highlighted_html(text) == '<p>we get <span class="ta-absent">Plan.png</span> which</p>\n'


def test_code_that_a_note_draws_is_folded_and_other_code_is_not() -> None:
    html = highlighted_html("Below.\n\n```mermaid\nflowchart LR\n```\n\n```sh\nls\n```")
    drawn, other = html.split("</details>")
    assert drawn.startswith(
        '<p>Below.</p>\n<details class="ta-drawn"><summary>Made by mermaid: its code</summary><pre>'
    )
    assert "flowchart LR" in drawn
    assert "<pre><code>" in other


def test_name_of_an_embedded_file_is_no_part_of_an_answer_unless_it_is_all() -> None:
    assert "png" not in sentence_html("![[Pasted image 1.png|400]]\nThe plan is below.")
    assert "png" not in sentence_html("![Image 1.PNG](img/1.png)\nThe plan is below.")
    assert "the walls" in sentence_html("![the walls](img/1.png)\nThe plan is below.")
    assert "plan.png" in sentence_html("![[plan.png]]")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("A plan:\n![[plan.png|400]]\nof it.", '<img width="400" class="ta-picture ta-alone"'),
        ("A plan:\n![](plan.png)\nof it.", '<img class="ta-picture ta-alone"'),
        ("Press ![it|16](plan.png) twice.", '<img width="16" class="ta-picture"'),
    ],
)
def test_picture_is_as_wide_and_alone_as_in_its_note(text: str, shown: str) -> None:
    picture = picture_html("1", "plan.png", "plan")
    embeds = Embeds({"plan.png": picture, "[[plan.png": picture}, {})
    assert shown in highlighted_html(text, embeds=embeds)
