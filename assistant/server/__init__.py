"""who may ask over the network, and under which names?"""

from assistant.server.access import Access, check_exposure, guards, read_secret
from assistant.server.allowed_roots import roots
from assistant.server.paths import API, HEALTH, MCP
from assistant.server.plain import serve_plainly
from assistant.server.problems import Problem, problem_response
from assistant.server.reach import Reach, read_allowed_origin, read_name, read_prefix, read_proxy
from assistant.server.running import check_free, opened, say_where
from assistant.server.security import shortness

__all__ = [
    "API",
    "HEALTH",
    "MCP",
    "Access",
    "Problem",
    "Reach",
    "check_exposure",
    "check_free",
    "guards",
    "opened",
    "problem_response",
    "read_allowed_origin",
    "read_name",
    "read_prefix",
    "read_proxy",
    "read_secret",
    "roots",
    "say_where",
    "serve_plainly",
    "shortness",
]
