"""what can an assistant ask by the Model Context Protocol?"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.mcp.configs import CLIENTS, config_block
    from assistant.mcp.http import mcp_routes
    from assistant.mcp.stdio import serve_stdio

__all__ = ["CLIENTS", "config_block", "mcp_routes", "serve_stdio"]

_HOMES = {"CLIENTS": "configs", "config_block": "configs", "mcp_routes": "http", "serve_stdio": "stdio"}


def __getattr__(name: str) -> object:
    """Return a public name, loading only what it needs (PEP 562): a client that starts a process waits for it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"assistant.mcp.{_HOMES[name]}"), name)
