"""what answers, and how sure is that?"""

from typing import TYPE_CHECKING

from assistant.answering.answering import DEFAULT_LIMIT, as_asked, ask, search, weigh
from assistant.answering.by_words import ask_by_words
from assistant.answering.confidence import FITTED as CONFIDENCE
from assistant.answering.confidence import SETTINGS, Features
from assistant.answering.coverage import Coverage
from assistant.answering.follow_up import leans
from assistant.answering.slots import FITTED as SLOT_WEIGHTS
from index.faces import lazy_face

if TYPE_CHECKING:  # what only answers in words need: a question without is not kept waiting for it
    from assistant.answering.generation import InWords, Writer
    from assistant.answering.prompt_sources import GATE_ONLY, PromptSource, is_kept_back
    from assistant.answering.ways_to_ask import WaysProgress, WaysToAsk

__all__ = [
    "CONFIDENCE",
    "DEFAULT_LIMIT",
    "GATE_ONLY",
    "SETTINGS",
    "SLOT_WEIGHTS",
    "Coverage",
    "Features",
    "InWords",
    "PromptSource",
    "WaysProgress",
    "WaysToAsk",
    "Writer",
    "as_asked",
    "ask",
    "ask_by_words",
    "is_kept_back",
    "leans",
    "search",
    "weigh",
]

__getattr__ = lazy_face(__name__, __file__)
