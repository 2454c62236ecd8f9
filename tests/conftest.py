"""Fixtures that several test modules share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.library import Library
from tests.fakes import WordCountEncoder

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
def library(tmp_path: Path, notes: Path, encoder: WordCountEncoder) -> Iterator[Library]:
    """Return a library that has read `notes` and nothing else."""
    opened = Library(tmp_path / "library", encoder)
    opened.remove("builtin")
    opened.add(notes)
    opened.sync()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def bundled_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a library that holds the bundled topics, made by the real model."""
    folder = tmp_path_factory.mktemp("bundled") / "library"
    bundled = Library(folder)
    bundled.sync()
    bundled.close()
    return folder
