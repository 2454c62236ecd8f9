"""Fixtures of the tests of the pages."""

from __future__ import annotations

import sys

import pytest


@pytest.fixture(autouse=True)
def _own_main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put back what an AppTest leaves: its page as the main module, which later tests' processes would run again."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
