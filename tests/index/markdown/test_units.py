"""What of an entry can be shown, and what is shown with it."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.markdown.units import MAX_ITEMS, MAX_LINES, find_units
from tests.index.hostile import texts


def shown(text: str) -> list[str]:
    return [text[slice(*unit.shown)] for unit in find_units(text).units]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Who pays:\n\n- Ann\n- Bob\n\nNobody else.", "Who pays:\n\n- Ann\n- Bob"),
        ("*Who pays:*\n```sql\nSELECT 1\n```\nThat.", "*Who pays:*\n```sql\nSELECT 1\n```"),
        ("Who pays：\n| a | b |\n|---|---|\n| 1 | 2 |", "Who pays：\n| a | b |\n|---|---|\n| 1 | 2 |"),
        ("1. Who pays:\n   - Ann\n2. Who asks", "Who pays:\n   - Ann"),
        ("Who pays:\n\nAnn.\n\n- Bob", "Who pays:\n\nAnn."),
        ("Who pays\n\n- Ann", "Who pays\n\n- Ann"),
        ("Who pays\n\nAnn does", "Who pays\n\nAnn does"),
        ("Who of us pays\n\nAnn does", "Who of us pays"),
        ("Ann pays.\n\nBob does", "Ann pays."),
        ("They pay.\n\n- Ann", "They pay."),
        ("Run it.\n```sh\nls\n```", "Run it.\n```sh\nls\n```"),
        ("Run it.\n* `ls`\n\nLeave.", "Run it.\n* `ls`"),
        ("Run it. It lists.\n\n- `ls`\n- `ls -a`.\n", "Run it. It lists.\n\n- `ls`\n- `ls -a`."),
        ("Run it. It lists.\n```sh\nls\n```", "Run it. It lists.\n```sh\nls\n```"),
        ("Run it.\n* `ls` lists", "Run it."),
        ("**Who pays**\n\n> Ann.", "**Who pays**\n\n> Ann."),
        ("The following pay.\n\n- Ann\n- Bob", "The following pay.\n\n- Ann\n- Bob"),
        ("The following pay.\n\nAnn does", "The following pay."),
        ("- Who pays:\n\n`Ann`\n\n- Who asks:\n\n`Bob`", "Who pays:\n\n`Ann`"),
        ("### Who\n\n### Pays\n\nAnn.", "Who\n\n### Pays\n\nAnn."),
    ],
)
def test_label_is_shown_with_what_stands_right_below_it(text: str, first: str) -> None:
    assert shown(text)[0] == first


def test_long_list_is_shown_up_to_ten_items_with_how_many_are_left_out() -> None:
    items = [f"- item {number}" for number in range(MAX_ITEMS + 8)]
    found = find_units("All:\n\n" + "\n".join(items))
    assert found.units[0].shown[1] == len("All:\n\n" + "\n".join(items[:MAX_ITEMS]))
    assert (found.units[0].more, found.wholes[0].more) == (8, 8)
    assert find_units("\n".join(items[: MAX_ITEMS + 1])).wholes[0].more == 0  # a single one is shown as well


def test_long_code_is_shown_up_to_a_line() -> None:
    text = "```\n" + "x\n" * 3 * MAX_LINES + "```"
    assert find_units(text).units[0].more == 2 * MAX_LINES + 2


@pytest.mark.parametrize("fence", ["```mermaid", "~~~ plantuml", "```{.dot}", "```dataview"])
def test_code_that_a_note_draws_is_no_unit_and_is_not_introduced(fence: str) -> None:
    text = f"The flow:\n\n{fence}\ntank -> tap\n{fence[:3]}\n\nWater runs down."
    assert shown(text) == ["The flow:", "Water runs down."]
    assert any("tank -> tap" in text[slice(*unit.span)] for unit in find_units(text, with_drawings=True).units)
    assert not find_units(f"{fence}\ntank -> tap\n{fence[:3]}").units


def test_what_stands_below_a_heading_or_a_label_knows_it() -> None:
    text = "## Fees\n\nFor all:\n\n- two coins\n\n## Hours\n\nNine."
    labels = {
        text[slice(*unit.span)]: [text[slice(*label)] for label in unit.labels] for unit in find_units(text).units
    }
    assert labels["two coins"] == ["Fees", "For all:"]
    assert labels["Nine."] == ["Hours"]


def test_items_and_code_in_turn_are_a_procedure_that_is_cut_between_its_steps() -> None:
    steps = ("- Stop it\n```\nstop\n```", "- Look at it", "Start it\n\n    start", "Leave it\n```\nexit\n```")
    found = find_units("\n\n".join(("# Disk", *steps, "Done.", "# Other", "Text.")))
    (whole,) = found.procedures
    text = "\n\n".join(steps)
    assert (whole.shown[1] - whole.shown[0], whole.more, whole.are_steps) == (len(text), 0, True)
    cut = whole.within(len(f"{steps[0]}\n\n{steps[1]}"))
    assert (cut.shown[1] - cut.shown[0], cut.more) == (len(f"{steps[0]}\n\n{steps[1]}"), 2)
    assert whole.within(1).more == len(steps) - 1


def test_a_single_piece_of_code_makes_no_procedure() -> None:
    assert not find_units("Run it:\n```\nls\n```\n\n- Rest").procedures


LINES = ["a:", "**b**", "- c:", "  - d", "```", "| e |", "|---|", "> f.", "# g", "", "h. I?"]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(LINES)).map("\n".join) | texts())
@example("    \u2028")
def test_what_is_shown_holds_its_unit_and_lies_in_the_text(text: str) -> None:
    for unit in find_units(text).units:
        assert 0 <= unit.shown[0] <= unit.span[0] < unit.span[1] <= unit.shown[1] <= len(text)
