"""Fixtures that several test modules share."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant.settings import CACHE_VARIABLE
from index.embedding.encoder import ModelEncoder
from index.embedding.export_manifest import EXPORT_FOLDER
from index.embedding.model_store import DEFAULT_MODEL
from index.library import Library
from tests.browser import FLAGS, chromium, serving, visit
from tests.fakes import WordCountEncoder
from tests.libraries import reading_only
from tests.servers import TestServer, running_server

NOTES = """\
# DevOps

## 1. Merge conflicts
*What:* Two branches changed the same lines.
*How:* Rebase the branch, settle each file and push again.
*Example:* Two developers split an overlapping refactoring.
*Also asked as:* two people overwrite each other; git says CONFLICT

## 2. Canary releases
*What:* A new version reaches a few users first.
*How:* Shift five percent of the traffic and watch the error rate.
*Example:* A payment service rolled back within a minute.

# Python

## 1. Decorators
*What:* Functions that wrap functions.
*How:* Return a wrapper from a function that takes a function.
*Example:* A timer decorator logged slow handlers.
"""


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a cache folder that all tests share, so that none touches the user's."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(CACHE_VARIABLE, str(folder))
        yield folder


@pytest.fixture(autouse=True)
def own_main(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give `__main__` back after a test: a page that runs takes its place, and processes begin with what it names."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Return a folder with one file of three topics."""
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "topics.md").write_text(NOTES, encoding="utf-8")
    return folder


@pytest.fixture
def encoder() -> WordCountEncoder:
    """Return an encoder that needs no model."""
    return WordCountEncoder()


@pytest.fixture
def library_of(tmp_path: Path, encoder: WordCountEncoder) -> Iterator[Callable[..., Library]]:
    """Return a function that gives a library which has read a folder or file and nothing else, by any encoder."""
    with ExitStack() as opened:

        def read(source: Path, another: WordCountEncoder | None = None) -> Library:
            library = opened.enter_context(closing(Library(tmp_path / "library", another or encoder)))
            reading_only(library, source)
            return library

        yield read


@pytest.fixture
def library(library_of: Callable[[Path], Library], notes: Path) -> Library:
    """Return a library that has read `notes` and nothing else."""
    return library_of(notes)


@pytest.fixture(scope="session")
def bundled_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a library that holds the bundled topics, made by the real model."""
    folder = tmp_path_factory.mktemp("bundled") / "library"
    bundled = Library(folder)
    bundled.sync()
    bundled.close()
    return folder


@pytest.fixture(scope="session")
def bundled_export(bundled_library: Path) -> Path:
    """Return the folder of the model as exported that the library with the bundled topics holds of its own."""
    folder = ModelEncoder(DEFAULT_MODEL, bundled_library / EXPORT_FOLDER).store.export_folder()
    assert folder
    return folder


@pytest.fixture(scope="session")
def server() -> Iterator[TestServer]:
    """Return a PostgreSQL with prepared tables that all tests share."""
    with running_server() as running:
        yield running


@pytest.fixture
def remote(server: TestServer, tmp_path: Path, notes: Path, encoder: WordCountEncoder) -> Iterator[Library]:
    """Return a library on a server that has read `notes` and nothing else."""
    with closing(Library(server.address(), encoder, beside=tmp_path / "beside")) as opened:
        reading_only(opened, notes)
        yield opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a browser without a window."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def served(bundled_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the library that the app serves, which tests may change."""
    folder = tmp_path_factory.mktemp("app") / "library"
    shutil.copytree(bundled_library, folder)
    return folder


@pytest.fixture(scope="session")
def address(served: Path) -> Iterator[str]:
    """Return the address of the app."""
    chromium()
    expect.set_options(timeout=60_000)  # the first visitor may wait for the model
    with serving(served) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Yield a page of a visitor of their own; whatever it did, nothing left the machine and nothing was forbidden."""
    with visit(browser, address) as (page, watch):
        yield page
        assert watch.outside == []
        assert watch.complaints == []
