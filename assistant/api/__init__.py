"""what can other programs ask over HTTP?"""

from assistant.api.routes import api_routes

__all__ = ["api_routes"]
