"""the block that each client reads to start `topics mcp`, and where it is pasted"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

from assistant.settings import library_place

CLIENTS: Final = {
    "claude": "claude_desktop_config.json (Claude, Settings, Developer, Edit Config)",
    "cursor": "~/.cursor/mcp.json",
    "vscode": ".vscode/mcp.json, or the file that `MCP: Open User Configuration` opens",
    "codex": "~/.codex/config.toml",
}
"""Where each client's block is pasted."""

NAME: Final = "topics"


def config_block(
    client: str,
    library: Path | str | None,
    model: str | None = None,
    rerank: Path | None = None,
    *,
    follow: bool = True,
) -> str:
    """Return the block for a client that starts `topics mcp` with the options that are given.

    >>> print(config_block("codex", None))  # doctest: +ELLIPSIS
    [mcp_servers.topics]
    command = ...
    args = [..."mcp"]
    """
    command, *arguments = _command()
    arguments += ["mcp", "--library", str(library_place(library))] if library else ["mcp"]
    arguments += ["--model", str(Path(model).absolute()) if Path(model).is_dir() else model] if model else []
    arguments += ["--rerank", str(rerank.absolute())] if rerank else []
    arguments += [] if follow else ["--no-follow"]
    if client == "codex":  # a string of JSON is one of TOML's, and so is a list of them
        return f"[mcp_servers.{NAME}]\ncommand = {json.dumps(command)}\nargs = {json.dumps(arguments)}"
    started: dict[str, object] = {"command": command, "args": arguments}
    if client == "vscode":
        return json.dumps({"servers": {NAME: {"type": "stdio", **started}}}, indent=2)
    return json.dumps({"mcpServers": {NAME: started}}, indent=2)


def _command() -> list[str]:
    """Return what starts the command from anywhere: the script beside this Python, or else this Python."""
    script = Path(sys.executable).with_name("topics")
    return [str(script)] if script.is_file() else [sys.executable, "-m", "assistant"]
