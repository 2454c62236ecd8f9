"""one library behind every door"""

from assistant.service.answers import AskRequest
from assistant.service.facade import Service, service
from assistant.service.queue import QueueFullError, WorkQueue
from assistant.service.reading import (
    ContentsPage,
    RelatedPage,
    SearchPage,
    TopicEntry,
    TopicRef,
    UnknownTopicError,
    WholeTopic,
)

__all__ = [
    "AskRequest",
    "ContentsPage",
    "QueueFullError",
    "RelatedPage",
    "SearchPage",
    "Service",
    "TopicEntry",
    "TopicRef",
    "UnknownTopicError",
    "WholeTopic",
    "WorkQueue",
    "service",
]
