"""What tools of documentation write: each block and line as a reader of the page sees it, and what no text may do."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.markdown import normalised, to_html, visible_text
from index.markdown.directive_rules import BLOCK_RULES, LINE_RULES, BlockRule
from index.markdown.directives import without_directives
from index.markdown.rules import Rule
from tests.index.hostile import texts


@pytest.mark.parametrize("rule", BLOCK_RULES, ids=lambda rule: rule.example)
def test_the_example_of_a_block_is_rewritten_as_its_rule_says(rule: BlockRule) -> None:
    assert without_directives(rule.example) == rule.rewritten


@pytest.mark.parametrize("rule", LINE_RULES, ids=lambda rule: rule.example)
def test_the_example_of_a_line_is_rewritten_as_its_rule_says(rule: Rule) -> None:
    assert without_directives(f"Above.\n\n{rule.example}\nBelow.") == f"Above.\n\n{rule.seen}\nBelow."


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("```{toctree}\n:maxdepth: 2\n\nsetup\n```\nText.", "Text."),
        (":::{versionadded} 2.1\nA quiet mode.\n:::", "Added in version 2.1 A quiet mode."),
        ("```{figure} pump.png\n:alt: A pump\n\nSeen from above.\n```", "A pump Seen from above."),
        ("```{code-block} yaml\n:caption: pump.yml\n\npressure: 3\n```", "pump.yml pressure: 3"),
        ("```{python}\n#| label: flow\nplot(1)\n```", "plot(1)"),
        (
            "```{list-table} Oils\n:header-rows: 1\n\n"
            "* - Grade\n  - Litres\n* - Thin\n  - 3,\n    or 4\n* - Thick\n  -\n```",
            "Oils Thin Litres: 3, or 4 Thick",
        ),
        (
            "```{glossary}\nSill\nSills\n  A low dam.\nWeir\n  A dam to cross.\n```",
            "Sill, Sills: A low dam. Weir: A dam to cross.",
        ),
        ("Sill\n: A low dam.\n: A board.\n\nWeir\n: A dam.", "Sill: A low dam. A board. Weir: A dam."),
        ("It has one part\nand two\n: three", "It has one part and two : three"),
        ("````{margin} **Beside**\nText.\n````", "Beside Text."),
        ("{ref}`a <b>`\n\n% to do\n\nText.", "a Text."),
        ("% of the budget\n\nText.", "% of the budget Text."),
        ('::: {.callout-note title="Frost" collapse="true"}\nDrain it.\n:::', "Frost Drain it."),
        ('::: {.column width="50%"}\nLeft.\n:::', "Left."),
        (":::warning[Hot]\nWait.\n:::", "Hot Wait."),
        ("::::{tab-set}\n:::{tab-item} Linux\nRun it.\n:::\n::::", "Linux Run it."),
        ("/// details | Frost\n    type: warning\n\nDrain it.\n///", "Frost Drain it."),
        ('=== "Linux"\n\n    ```sh\n    pump -v\n    ```\n\nText.', "Linux pump -v Text."),
        ("* TOC\n{:toc}\n\nText.", "Text."),
        ("::: tip Never closed\n\n# Pump\n\nText.", "Never closed Pump Text."),
        ('<TabItem value="b" label="Linux">Run it.</TabItem>', "Linux Run it."),
        ("<Placeholder>\n\nText.", "<Placeholder> Text."),
        ("<Tabs>\n\nText.\n\n</Tabs>", "Text."),
    ],
)
def test_a_page_is_seen_without_what_only_its_tool_knows(written: str, seen: str) -> None:
    assert " ".join(visible_text(normalised(written)).split()) == seen


@pytest.mark.parametrize(
    "code",
    [
        "```md\n:::tip\n(a)=\n```",
        '~~~\n=== "A"\n\n    b\n~~~',
        "- ```\n  {% if %}\n  ```",
        "Text.\n\n    :::tip\n    a",
    ],
)
def test_code_about_such_marks_stays_as_it_is(code: str) -> None:
    assert without_directives(f"(target)=\n{code}") == f"\n{code}"


def test_what_stands_in_several_blocks_is_cut_free_of_each() -> None:
    text = '=== "Linux"\n\n    !!! tip "Frost"\n        Drain it.\n\n    Run it.\n'
    assert without_directives(text) == "**Linux**\n\n> [!tip] Frost\n> Drain it.\n>\nRun it.\n"


def test_a_term_is_an_item_with_what_it_means() -> None:
    terms = "- **Sill**:\n  A low dam.\n\n- **Weir**:\n  A dam."
    assert without_directives("Sill\n: A low dam.\n\nWeir\n:   A dam.") == terms
    glossary = "```{glossary}\nSill\n  A low dam.\n\nWeir\n: A dam.\n```"
    assert without_directives(glossary) == f"\n{terms}\n"


def test_a_box_with_a_title_alone_is_shown_without_a_line_below_it() -> None:
    assert to_html(normalised("!!! tip\n\n    Drain it.")) == (
        "<blockquote>\n<p><strong>Tip</strong></p>\n<p>Drain it.</p>\n</blockquote>\n"
    )


MARKS = [
    *(
        "\n",
        " ",
        "    ",
        "- ",
        "a",
        ": a\n",
        ":::",
        "::::{tab} b",
        "```",
        "```{note} c\n",
        "````{list-table}\n",
        "* - d\n",
    ),
    *("  - e\n", "```{glossary}\n", ":f: g\n", "/// h | i\n", '=== "j"\n', "!!! k\n", "(l)=\n", "% m\n", "--8<--\n"),
    *("<Tab n='o'>", "</Tab>", "<Tab\n", "export const p\n", "import {\n", "{/*", "*/}\n", "{% comment %}\n", "+++\n"),
]


@settings(deadline=None, max_examples=300)
@given(texts() | st.lists(st.sampled_from(MARKS), max_size=30).map("".join))
def test_no_line_is_added_or_taken_away_whatever_the_text_holds(text: str) -> None:
    assert without_directives(text).count("\n") == text.count("\n")


@pytest.mark.parametrize(
    "sign",
    [
        ":::a\n",
        ": a\n",
        "a\n: b\n\n",
        "* - a\n",
        "```{list-table}\n* - a\n",
        "```{glossary}\na\n",
        "::::a\n:::\n",
        "/// a\n",
        '=== "A"\n',
        "```{note}\n",
        "!!! a\n ",
        "{/*\n",
        "<A\n",
        "<A a=",
        "export const a\n",
        "{%",
        "(",
        "import {\n",
    ],
)
def test_the_time_grows_with_the_text_whatever_it_repeats(sign: str) -> None:
    text = sign * (200_000 // len(sign))
    started = time.process_time()
    without_directives(text)
    assert time.process_time() - started < 10  # a second at most here; what grows with its square takes minutes
