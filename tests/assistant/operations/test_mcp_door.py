"""The doctor starts `topics mcp` once and asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.operations.doctor import examine
from assistant.operations.mcp_door import ask_mcp
from index.library import Library


def mcp_check(library: Library) -> tuple[bool, str]:
    [check] = [check for check in examine(library) if check.name == "MCP"]
    return check.ok, f"{check.finding} {check.mend}"


def test_what_mcp_says_is_wrong_is_said(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.operations.doctor.ask_mcp", lambda *_: "its disk is away")
    assert mcp_check(library) == (False, "`topics mcp` was started and does not answer It says: its disk is away")


def test_extra_that_is_not_installed_is_named(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.operations.doctor.is_installed", lambda: False)
    ok, said = mcp_check(library)
    assert ok
    assert "[mcp]" in said


@pytest.mark.slow
def test_mcp_is_started_and_answers(bundled_library: Path) -> None:
    assert ask_mcp(bundled_library, "what is GitOps?") == ""


@pytest.mark.slow
def test_mcp_that_cannot_open_its_library_says_why(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite3").write_bytes(b"no catalog" * 999)
    assert str(tmp_path) in ask_mcp(tmp_path, "what is GitOps?")
