"""what can an assistant ask by the Model Context Protocol?"""

from typing import TYPE_CHECKING

from index.faces import lazy_face

if TYPE_CHECKING:  # a client that starts a process waits for it
    from assistant.mcp.configs import CLIENTS, config_block
    from assistant.mcp.http import mcp_routes
    from assistant.mcp.stdio import serve_stdio

__all__ = ["CLIENTS", "config_block", "mcp_routes", "serve_stdio"]

__getattr__ = lazy_face(__name__, __file__)
