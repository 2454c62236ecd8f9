"""The `topics` command, run in this process and with an encoder that needs no model."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.cli.main import main
from index.embedding.model_store import DEFAULT_MODEL
from tests.assistant.running import Result, Topics
from tests.fakes import WordCountEncoder


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let the doctor look for telemetry in a folder of the test's, whatever lies in the user's."""
    monkeypatch.setattr("index.offline.telemetry_folder", lambda: tmp_path / "cache" / ".onnxruntime")


@pytest.fixture(autouse=True)
def _no_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the doctor start no process, which would know nothing of an encoder that needs no model."""
    if not request.node.get_closest_marker("slow"):
        monkeypatch.setattr("assistant.operations.doctor.ask_mcp", lambda *_: "")


@pytest.fixture
def topics(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Topics:
    """Return a function that runs `topics` with its arguments on a library of this test's own."""
    monkeypatch.setenv("TOPICS_LIBRARY", str(tmp_path / "library"))
    monkeypatch.delenv("TOPICS_MODEL", raising=False)

    def make_encoder(name: str, *_: Path | None) -> WordCountEncoder:
        return WordCountEncoder("word-count" if name == DEFAULT_MODEL else name)

    monkeypatch.setattr("index.library.ModelEncoder", make_encoder)

    def run(*arguments: object) -> Result:
        monkeypatch.setattr("sys.argv", ["topics", *map(str, arguments)])
        with pytest.raises(SystemExit) as exit_:
            main()
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        return Result(int(exit_.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def own(topics: Topics, notes: Path) -> Topics:
    """Return the command on a library that holds `notes` only."""
    assert topics("add", "--no-builtin", notes).code == 0
    return topics
