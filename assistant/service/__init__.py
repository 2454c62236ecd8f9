"""one library behind every door"""

from assistant.service.answers import AskRequest
from assistant.service.facade import Service, service

__all__ = ["AskRequest", "Service", "service"]
