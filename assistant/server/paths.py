"""which paths are for programs, and which for people in a browser?"""

from __future__ import annotations

from typing import Final

API: Final = "/api/v1"
MCP: Final = "/mcp"
HEALTH: Final = f"{API}/health"


def is_for_programs(path: str, prefix: str = "") -> bool:
    """Return whether a path belongs to the HTTP API or to MCP rather than to the pages.

    >>> is_for_programs("/api/v1/ask"), is_for_programs("/notes/mcp", "/notes"), is_for_programs("/mcpherson")
    (True, True, False)
    """
    below = path.removeprefix(prefix)
    return any(below == door or below.startswith(f"{door}/") for door in (API, MCP))


def is_open(path: str, prefix: str = "") -> bool:
    """Return whether a path may be requested without a password: its response says nothing of the notes."""
    return path.removeprefix(prefix) == HEALTH
