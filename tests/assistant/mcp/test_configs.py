"""The block that a client is configured with starts the command with the options that were given."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from assistant.mcp import CLIENTS, config_block


def test_block_starts_the_command_with_every_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "e5").mkdir()
    monkeypatch.chdir(tmp_path)
    block = json.loads(config_block("claude", tmp_path / "library", "e5", Path("ranker"), follow=False))
    arguments = block["mcpServers"]["topics"]["args"]
    expected = ["--library", "library", "--model", "e5", "--rerank", "ranker"]
    places = [str(tmp_path / word) if not word.startswith("--") else word for word in expected]
    assert arguments[arguments.index("mcp") :] == ["mcp", *places, "--no-follow"]


def test_a_model_that_is_no_folder_goes_by_its_name() -> None:
    block = json.loads(config_block("cursor", None, "all-MiniLM-L6-v2"))
    assert block["mcpServers"]["topics"]["args"][-2:] == ["--model", "all-MiniLM-L6-v2"]


@pytest.mark.parametrize("client", CLIENTS)
def test_every_block_can_be_read(client: str) -> None:
    block = config_block(client, None)
    read = tomllib.loads(block) if client == "codex" else json.loads(block)
    (servers,) = read.values()
    assert servers["topics"]["args"][-1] == "mcp"
