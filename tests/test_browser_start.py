"""The first start of a library in a real browser, with the real model: a page at once, words first, then meaning."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from assistant.settings import CACHE_VARIABLE
from index.embedding import EXPORT_FOLDER
from index.embedding.exports import Export
from index.embedding.model_store import DEFAULT_MODEL, DEFAULT_MODEL_SHA256
from index.storage.lock import one_at_a_time
from tests.browser import ask, our_violations, serving, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

QUESTION = "how do I keep two people from overwriting each other's edits?"
MERGING = "Resolving Git Merge Conflicts"


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Export:
    """Return where the model will be exported to, in a cache that holds nothing."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    (tmp_path / "cache" / "models").mkdir(parents=True)
    return Export(tmp_path / "cache" / "models", DEFAULT_MODEL, DEFAULT_MODEL_SHA256)


def test_new_library_answers_by_words_until_meaning_follows_by_itself(
    browser: Browser, export: Export, tmp_path: Path
) -> None:
    expect.set_options(timeout=120_000)
    with ExitStack() as others:
        # as if another process were exporting the model, for as long as the test looks
        others.enter_context(one_at_a_time(export.lock_file, 10))
        with serving(tmp_path / "library") as address, visit(browser, address) as (page, watch):
            page.goto(address)
            expect(page.get_by_role("progressbar")).to_be_visible()
            expect(page.get_by_text("Preparing the model … · all is read in")).to_be_visible()
            expect(page.get_by_text("2 files can be searched by words.")).to_be_visible()
            ask(page, QUESTION)
            expect(page.locator(".ta-answer")).to_contain_text("Found by words; meaning follows")
            expect(page.locator("article.ta-card").first).to_contain_text("speaks of")
            assert our_violations(page) == []
            assert export.find() is None
            page.evaluate("window.stayed = true")
            others.close()
            expect(page.locator(".ta-answer:not(.ta-none)")).to_contain_text("the answer (")
            expect(page.locator(".ta-answer.ta-none")).to_have_count(0)
            expect(page.locator("article.ta-card").first).to_contain_text(MERGING)
            expect(page.get_by_role("progressbar")).to_have_count(0)
            assert page.evaluate("window.stayed")
            assert (watch.outside, watch.complaints) == ([], [])
    assert export.find(thoroughly=True) is not None


def test_library_whose_model_is_made_ready_anew_says_on_each_page_that_it_is_being_opened(
    browser: Browser, export: Export, bundled_library: Path, tmp_path: Path
) -> None:
    expect.set_options(timeout=120_000)
    library = shutil.copytree(bundled_library, tmp_path / "library", ignore=shutil.ignore_patterns(EXPORT_FOLDER))
    with ExitStack() as others:
        # as if another process were exporting the model, for as long as the test looks
        others.enter_context(one_at_a_time(export.lock_file, 10))
        with (
            serving(library) as address,
            visit(browser, address) as (ask_page, _),
            visit(browser, address) as (page, _),
        ):
            ask_page.goto(f"{address}/?q=what is GitOps?")
            page.goto(f"{address}/settings")
            for shown in (ask_page, page):
                expect(shown.get_by_text("Opening your library …")).to_be_visible()
            others.close()
            expect(ask_page.locator(".ta-answer")).to_contain_text("the answer (")
            expect(page.locator(".ta-keys")).to_be_visible()


def test_second_library_takes_the_model_that_the_first_has_exported(export: Export, tmp_path: Path) -> None:
    made = []
    for name in ("first", "second"):
        command = [
            sys.executable,
            "-m",
            "assistant",
            "ask",
            "what is GitOps?",
            "--json",
            "--library",
            str(tmp_path / name),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
        assert json.loads(done.stdout)["answered"]
        made.append(export.find(thoroughly=True))
        assert not (tmp_path / name / "model").exists()
    assert made[0] == made[1] is not None
