"""The state of sources and of changes, in words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from assistant.operations.jobs import JobResult
from assistant.operations.sources import Source, read_sources
from assistant.operations.uploads import Upload, keep_uploads
from assistant.ui.views.dates_and_numbers import moment
from assistant.ui.views.library import (
    last_words,
    left_out_html,
    refused_html,
    result_words,
    source_facts,
    source_html,
)
from index.indexing.changes import Change, SyncReport
from index.library import Library
from index.records import Document
from tests.assistant.ui.html import HOSTILE, assert_harmless

NOON = datetime(2026, 1, 1, 12, 0).astimezone()


IN_STEP: Final = Source(
    "/notes", are_copies=False, is_there=True, is_emptied=False, topics=3, files={"indexed": 1}, stale=0
)


def test_source_that_is_in_step_says_what_it_holds(library: Library) -> None:
    [found] = read_sources(library)
    assert source_facts(found) == ["3 topics", "1 file indexed"]
    assert found.is_sound


def test_source_that_was_edited_says_so(library: Library, notes: Path) -> None:
    (notes / "new.md").write_text("# New\nText.")
    [found] = read_sources(library)
    assert source_facts(found)[-1] == "1 changed since the last sync"
    assert not found.is_sound


def test_uploads_are_called_so_and_tell_their_path_when_pointed_at(library: Library) -> None:
    folder = keep_uploads(library.folder, [Upload("tea.md", b"# Tea\nSteep it.")]).folder
    library.add(folder)
    library.sync()
    html = source_html(read_sources(library)[-1])
    assert re.sub("<[^>]*>", "", html).startswith("✓ Uploaded notes")
    assert f'<strong title="{folder}">' in html


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (replace(IN_STEP, is_there=False), "not there at present"),
        (replace(IN_STEP, is_emptied=True), "were its notes deleted, Remove forgets them"),
        (replace(IN_STEP, files={"indexed": 1, "failed": 2}), "2 failed"),
    ],
)
def test_source_in_trouble_says_which(found: Source, words: str) -> None:
    assert words in " ".join(source_facts(found))
    assert not found.is_sound
    assert '<span aria-hidden="true">!</span>' in source_html(found)


def test_files_left_out_stand_under_their_reason_and_many_are_counted() -> None:
    html = left_out_html({("skipped", "no topics"): [f"{number}.md" for number in range(25)]})
    assert "<strong>skipped</strong>: no topics" in html
    assert html.count("<code>") == 20
    assert "and 5 more" in html
    assert left_out_html({}) == ""


def test_uploads_refused_for_one_reason_are_named_together() -> None:
    html = refused_html({"a.exe": "no notes", ".b.md": "a hidden file", "c.png": "no notes"})
    assert '<strong>refused</strong>: no notes<div class="ta-meta"><code>a.exe</code> <code>c.png</code></div>' in html
    assert refused_html({}) == ""


def test_outcome_says_what_came_of_it() -> None:
    assert result_words(JobResult(NOON, SyncReport())).endswith("2026: there are no files.")
    report = SyncReport(unchanged=2, removed=[("a", "b.md")])
    assert result_words(JobResult(NOON, report)) == "Last sync at 12:00 on 1 January 2026: 1 gone, 2 unchanged."
    assert result_words(JobResult(NOON, cancelled=True)).startswith(
        "Cancelled at 12:00 on 1 January 2026. What was read"
    )
    assert result_words(JobResult(NOON, error="The disk is full.")) == "The disk is full. (12:00 on 1 January 2026)"


def test_time_of_today_goes_without_its_day() -> None:
    now = datetime.now().astimezone()
    assert moment(now) == f"{now:%H:%M}"


def test_sync_by_another_process_is_told_once_it_is_later_than_what_was_done_here() -> None:
    here = JobResult(NOON, SyncReport(unchanged=2))
    assert last_words(here, NOON - timedelta(seconds=1)) == result_words(here)
    assert last_words(here, NOON + timedelta(hours=1)) == "Something new was last read at 13:00 on 1 January 2026."
    assert last_words(None, NOON) == "Something new was last read at 12:00 on 1 January 2026."
    assert last_words(None, None) == ""


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_file_name_or_reason_is_text(text: str) -> None:
    assert_harmless(source_html(replace(IN_STEP, path=text)).replace(' aria-hidden="true"', ""))
    assert_harmless(left_out_html({(text, text): [text]}))
    assert_harmless(refused_html({text: text}).replace(' role="alert"', ""))


def test_source_says_which_folders_in_it_are_sources_of_their_own() -> None:
    assert source_facts(replace(IN_STEP, inner=("garden",)))[-1] == "without garden, a source of its own"


def test_files_that_fail_are_counted_where_a_sync_is_told() -> None:
    failed = Change("/notes", Document("a.md", "", 0, 0, "failed", "cannot be read"))
    assert result_words(JobResult(NOON, SyncReport(added=[failed]))).endswith(": 1 added, 1 of them failed.")
