"""what answers, and how sure is that?"""

from assistant.answering.answering import DEFAULT_LIMIT, as_asked, ask, search, weigh
from assistant.answering.by_words import ask_by_words
from assistant.answering.confidence import FITTED as CONFIDENCE
from assistant.answering.confidence import SETTINGS, Features
from assistant.answering.coverage import Coverage
from assistant.answering.follow_up import leans
from assistant.answering.slots import FITTED as SLOT_WEIGHTS

__all__ = [
    "CONFIDENCE",
    "DEFAULT_LIMIT",
    "SETTINGS",
    "SLOT_WEIGHTS",
    "Coverage",
    "Features",
    "as_asked",
    "ask",
    "ask_by_words",
    "leans",
    "search",
    "weigh",
]
