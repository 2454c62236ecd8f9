"""`topics status` and `doctor`: what the library holds, and what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.assistant.running import Topics


def test_status_names_a_few_files_for_each_reason(own: Topics, notes: Path) -> None:
    for number in range(7):
        (notes / f"{number}.md").write_text("")
    told = own("sync").err
    assert "  0.md, 1.md, 2.md, 3.md, 4.md, … (7 files): skipped, holds no text\n" in told
    shown = " ".join(own("status").out.split())
    assert "7 skipped holds no text 0.md, 1.md, 2.md, 3.md, 4.md, …" in shown


def test_status_counts_what_is_indexed_and_says_why_a_file_was_skipped(own: Topics, notes: Path) -> None:
    (notes / "binary.md").write_bytes(b"\0\1\2")
    own("sync")
    record = json.loads(own("status", "--json").out)
    assert record["documents"] == {"indexed": 1, "skipped": 1, "failed": 0, "in_part": 0, "stale": 0}
    assert record["subjects"] == {"DevOps": 2, "Python": 1}
    assert record["problems"][0]["reason"] == "not a text file (it holds NUL bytes)"


def test_status_says_how_many_files_are_of_kinds_that_are_not_read(own: Topics, notes: Path) -> None:
    for number in range(2):
        (notes / f"{number}.zzz").write_text("?")
    assert "2 files of kinds that are not read: .zzz 2." in " ".join(own("status").err.split())
    assert json.loads(own("status", "--json").out)["unread_kinds"] == {".zzz": 2}


def test_one_file_in_one_subject_is_no_plural(topics: Topics, tmp_path: Path) -> None:
    notes = tmp_path / "tea"
    notes.mkdir()
    (notes / "tea.md").write_text("# Tea\n## Green tea\nSteep it.")
    topics("add", "--no-builtin", notes)
    shown = "".join(topics("status").out.split())  # a long path is broken anywhere
    assert f"{notes}(1file)" in shown
    assert "Topics1in1subject" in shown
    assert "1 topic from 1 file" in topics("doctor").out


def test_doctor_is_content_with_a_sound_library(own: Topics) -> None:
    result = own("doctor")
    assert (result.code, "WRONG" in result.out) == (0, False)
    assert "3 topics from 1 file\n" in result.out


def test_doctor_names_the_mend_for_a_stale_library(own: Topics, notes: Path) -> None:
    (notes / "new.md").write_text("# New\ntext")
    result = own("doctor")
    assert (result.code, "Run `topics sync`." in result.err) == (1, True)


def test_doctor_mends_what_an_interrupted_sync_has_left(own: Topics, tmp_path: Path) -> None:
    (tmp_path / "library" / "words-0123abcd").mkdir()
    (tmp_path / "library" / "words.json").write_text("torn")
    result = own("doctor")
    assert (result.code, "Run `topics doctor --mend`: they are made anew." in result.err) == (1, True)
    result = own("doctor", "--mend")
    assert (result.code, "WRONG" in result.out) == (0, False)
    assert result.err.startswith("Mended: Index files, Leftovers.")
