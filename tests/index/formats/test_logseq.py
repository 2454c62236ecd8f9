"""Pages of Logseq: whatever stands on a line stays on it, and what others write is left as it is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings

from index.formats.logseq import is_outline, read_outline
from tests.index.hostile import documents


@pytest.mark.parametrize(
    "text",
    [
        "- ## Soil\n\t- Clay.",
        "title:: Soil\n\n- Clay.",
        "- Clay\n  id:: 64b0c1d2-1111-4222-8333-aaaaaaaaaaaa",
        "- Clay\n  collapsed:: true\n\t- Sand",
        "- Clay\n  :LOGBOOK:\n  :END:",
        "# Soil\n\t- ## Clay\n\t\t- Red.",
    ],
)
def test_page_of_blocks_is_known_by_its_signs(text: str) -> None:
    assert is_outline(text)


@pytest.mark.parametrize(
    "text", ["- milk\n- eggs", "- ## Soil\n\nClay.", "# Soil\n\nstatus:: wet", "a\n\n- ## Soil\n\nb", "", "id:: x\n\ny"]
)
def test_other_notes_are_left_alone(text: str) -> None:
    assert not is_outline(text)


def test_heading_without_blocks_holds_those_that_follow_it() -> None:
    assert read_outline("- ## Soil\n- Clay.\n- # Rain\n- Much.").text == "### Soil\n- Clay.\n## Rain\n- Much."


def test_depth_of_a_heading_is_that_of_its_block() -> None:
    outline = read_outline("- # Soil\n\t- # Clay\n\t\t- Red.\n\t- Dig it.\n- Rake.")
    assert outline.text == "## Soil\n### Clay\n- Red.\n- Dig it.\n- Rake."
    assert outline.returns == {3: 3, 4: 1}


def test_nothing_of_the_trees_own_signs_is_shown() -> None:
    hidden = "id:: 1\ncollapsed:: true\nlogseq.order-list-type:: number\n:LOGBOOK:\nCLOCK: x\n:END:\n#+BEGIN_NOTE"
    page = (
        "- # Soil\n- Dig\n  "
        + hidden.replace("\n", "\n  ")
        + "\n- {{query (todo TODO)}}\n- #+BEGIN_QUERY\n  q\n  #+END_QUERY"
    )
    assert read_outline(page).text.split() == ["##", "Soil", "-", "Dig"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("SCHEDULED: <2031-05-03 Sat>", "Scheduled: 2031-05-03 Sat"),
        ("DEADLINE: <2031-05-03 Sa. 09:30>", "Deadline: 2031-05-03 Sa. 09:30"),
        ("SCHEDULED: <2031-05-03 Sat .+1w>", "Scheduled: 2031-05-03 Sat, every week"),
        ("DEADLINE: <2031-05-03 ++3m -2d>", "Deadline: 2031-05-03, every 3 months"),
        (
            "SCHEDULED: <2031-05-03 Sat> DEADLINE: <2031-05-05 Mon>",
            "Scheduled: 2031-05-03 Sat Deadline: 2031-05-05 Mon",
        ),
        ("as in `SCHEDULED: <2031-05-03 Sat>`", "as in `SCHEDULED: <2031-05-03 Sat>`"),
    ],
)
def test_day_of_a_block_is_shown_as_people_read_it(written: str, shown: str) -> None:
    page = f"- TODO mow the lawn\n  {written}\n- DONE oil\n  SCHEDULED: <2031-01-01 Wed>"
    assert is_outline(page)
    assert read_outline(page).text.split("\n")[1] == f"  {shown}"


def test_code_is_left_as_it_is() -> None:
    page = "- # Soil\n\t- ```\n\t  id:: 1\n\t  - # no\n\t    {{query x}}\n\t  ```\n\t- Clay."
    assert read_outline(page).text == "## Soil\n- ```\n  id:: 1\n  - # no\n    {{query x}}\n  ```\n- Clay."


@settings(deadline=None, max_examples=200)
@given(documents())
def test_no_text_gains_or_loses_a_line(text: str) -> None:
    assert read_outline(text).text.count("\n") == text.count("\n")


def test_long_page_takes_no_longer_than_it_is_long() -> None:
    page = "".join(f"{chr(9) * (number % 40)}- # Block {number}\n" for number in range(20_000))
    started = time.perf_counter()
    read_outline(page)
    assert time.perf_counter() - started < 5
