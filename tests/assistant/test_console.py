from __future__ import annotations

import signal
from contextlib import suppress

import pytest

from assistant.answer import Answer, Evidence, Related, TopicResult
from assistant.console import SHOWN_LINES, print_answer, print_duplicates
from assistant.discovery.duplicates import Duplicates
from assistant.progress_bar import progress_bar
from assistant.terminal import out
from index.progress import Phase


def test_interrupt_that_a_library_swallows_ends_the_work_at_its_next_step() -> None:
    before = signal.getsignal(signal.SIGINT)
    with progress_bar() as progress:
        progress(Phase.EMBEDDING, 0, 2)
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            progress(Phase.EMBEDDING, 1, 2)
    assert signal.getsignal(signal.SIGINT) is before


def test_passage_is_printed_line_by_line_with_how_much_of_it_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    table = "| what | price |\n|---|---|\n| rum | 5 |"
    card = TopicResult("1", "Bar", "Prices", None, 0.7, table, ((0, len(table)),), (), "bar.md", 3, {})
    evidence = Evidence(table, "Bar", "Prices", None, "bar.md", 6, more=8)
    print_answer(Answer("rum?", True, 0.9, None, evidence, (card,), (), 1.0))
    printed = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert printed[:4] == ["| what | price |", "|---|---|", "| rum | 5 |", "… 8 more"]


def test_topics_after_the_first_show_the_text_that_a_person_sees(capsys: pytest.CaptureFixture[str]) -> None:
    text = "<b>Stop</b> the **oven** and\n- read [the guide](https://example.org)."
    card = TopicResult("1", "Bread", "Burnt crust", None, 0.4, text, (), (), "bread.md", 3, {"": text})
    print_answer(Answer("fire?", False, 0.1, None, None, (card, card), (), 1.0))
    shown = [line.strip() for line in capsys.readouterr().out.splitlines() if "oven" in line]
    assert shown == 2 * ["Stop the oven and read the guide."]


def test_title_that_takes_several_lines_stands_beside_its_number(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(out, "width", 30)
    card = TopicResult("1", "Bread", "Burnt crust", None, 0.4, "Stop.", (), (), "baking/bread notes.md", 3, {})
    print_answer(Answer("fire?", False, 0.1, None, None, (card,), (), 1.0))
    shown = capsys.readouterr().out.splitlines()
    assert shown[3:5] == ["1. Burnt crust   Bread ·", "   baking/bread notes.md:3"]


def test_duplicates_show_the_text_that_a_person_sees(capsys: pytest.CaptureFixture[str]) -> None:
    print_duplicates([Duplicates(1.0, "The **oven**\nis hot.", ())])
    assert capsys.readouterr().out == "100\u00a0%  The oven is hot.\n"


def test_related_topic_of_the_same_title_is_printed_with_what_tells_it_apart(
    capsys: pytest.CaptureFixture[str],
) -> None:
    card = TopicResult(
        "1", "Git", "Setup", None, 0.7, "Install git.", ((0, 12),), (), "git.md", 3, {"": "Install git."}
    )
    evidence = Evidence("Install git.", "Git", "Setup", None, "git.md", 3)
    related = (
        Related("Python", "Setup", 0.6, (), "2", "python.md", 3),
        Related("Git", "Rebase", 0.5, (), "3", "git.md", 9),
    )
    print_answer(Answer("how?", True, 0.9, None, evidence, (card,), related, 1.0))
    assert capsys.readouterr().out.splitlines()[-1] == "Related: Setup (Python) · Rebase"


def test_long_entry_is_printed_by_its_first_lines_with_how_to_see_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"| boat {number} | berth {number} |" for number in range(300)]
    table = "\n".join(("| boat | berth |", "|---|---|", *rows))
    card = TopicResult("1", "Club", "Boats", None, 0.7, table, (), (), "club.md", 3, {"": table})
    answer = Answer(
        "boat 7?", True, 0.9, None, Evidence(rows[7], "Club", "Boats", None, "club.md", 12), (card,), (), 1.0
    )
    print_answer(answer)
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines[-1] == f"… {302 - SHOWN_LINES} more lines; --whole prints them all"
    assert rows[SHOWN_LINES] not in lines
    print_answer(answer, is_whole=True)
    assert [line.strip() for line in capsys.readouterr().out.splitlines()][-1] == rows[-1]


def test_markup_for_the_looks_in_a_browser_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    table = "| a      | <b>x</b>   |\n|--------|---|"
    text = f"<dl> <dt>\n\n*Ring*\n</dt> <dd>\n\nSharp<br>and `<b>`.\n\n</dd> </dl>\n\n{table}"
    card = TopicResult("1", "Club", "Bells", None, 0.7, text, ((27, 32),), (), "club.md", 3, {"": text})
    evidence = Evidence("Sharp<br>and `<b>`.", "Club", "Bells", None, "club.md", 3)
    print_answer(Answer("ring?", True, 0.9, None, evidence, (card,), (), 1.0))
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == "Sharp and `<b>`."
    assert lines[lines.index("*Ring*") :] == ["*Ring*", "", "Sharp and `<b>`.", "", "| a | x |", "|---|---|"]


def test_filter_that_narrowed_a_question_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(Answer("rum?", False, 0.1, None, None, (), (), 1.0, filter="after:2026-09"))
    assert capsys.readouterr().out.splitlines()[0] == "Only after:2026-09 was searched."


def test_filter_that_the_note_names_is_printed_once(capsys: pytest.CaptureFixture[str]) -> None:
    note = "2 topics for tag:bread, the newest first."
    answer = Answer("", False, 0.0, None, None, (), (), 1.0, kind="topics", note=note, filter="tag:bread")
    print_answer(answer)
    assert capsys.readouterr().out == f"{note}\n"


def test_subject_that_the_title_repeats_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    card = TopicResult("1", "rye bread", "Rye Bread", None, 0.4, "Bake it.", (), (), "rye.md", 3, {"": "Bake it."})
    print_answer(Answer("fire?", False, 0.1, None, None, (card,), (), 1.0))
    assert "1. Rye Bread   rye.md:3" in capsys.readouterr().out.splitlines()
