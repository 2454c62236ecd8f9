from __future__ import annotations

import signal
from contextlib import suppress

import pytest

from assistant.answer import Answer, Card, Evidence
from assistant.console import print_answer, progress_bar


def test_interrupt_that_a_library_swallows_ends_the_work_at_its_next_step() -> None:
    before = signal.getsignal(signal.SIGINT)
    with progress_bar() as progress:
        progress("Embedding", 0, 2)
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            progress("Embedding", 1, 2)
    assert signal.getsignal(signal.SIGINT) is before


def test_row_that_answers_is_printed_below_the_head_of_its_table(capsys: pytest.CaptureFixture[str]) -> None:
    table = "| what | price |\n|---|---|\n| tea | 2 |\n| rum | 5 |"
    row = (table.index("| rum"), len(table))
    card = Card("1", "Bar", "Prices", None, 0.7, table, (row,), (), "bar.md", 3, {})
    evidence = Evidence("| rum | 5 |", "Bar", "Prices", None, "bar.md", 6)
    print_answer(Answer("rum?", True, 0.9, None, evidence, (card,), (), 1.0))
    printed = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert printed[:3] == ["| what | price |", "|---|---|", "| rum | 5 |"]
