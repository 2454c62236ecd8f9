"""what answers, and how sure is that?"""

from assistant.answering.answering import DEFAULT_LIMIT, as_asked, ask, search
from assistant.answering.by_words import ask_by_words
from assistant.answering.follow_up import leans

__all__ = [
    "DEFAULT_LIMIT",
    "as_asked",
    "ask",
    "ask_by_words",
    "leans",
    "search",
]
