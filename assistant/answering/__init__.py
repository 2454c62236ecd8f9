"""what answers, and how sure is that?"""

from importlib import import_module
from typing import TYPE_CHECKING

from assistant.answering.answering import DEFAULT_LIMIT, as_asked, ask, search, weigh
from assistant.answering.by_words import ask_by_words
from assistant.answering.confidence import FITTED as CONFIDENCE
from assistant.answering.confidence import SETTINGS, Features
from assistant.answering.coverage import Coverage
from assistant.answering.follow_up import leans
from assistant.answering.slots import FITTED as SLOT_WEIGHTS

if TYPE_CHECKING:
    from assistant.answering.generation import InWords, Writer
    from assistant.answering.prompt_sources import is_kept_back
    from assistant.answering.ways_to_ask import WaysProgress, WaysToAsk

_HOMES = {
    "assistant.answering.generation": ("InWords", "Writer"),
    "assistant.answering.prompt_sources": ("is_kept_back",),
    "assistant.answering.ways_to_ask": ("WaysProgress", "WaysToAsk"),
}
"""What only answers in words need: a question without is not kept waiting for it."""

__all__ = [
    "CONFIDENCE",
    "DEFAULT_LIMIT",
    "SETTINGS",
    "SLOT_WEIGHTS",
    "Coverage",
    "Features",
    "InWords",
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


def __getattr__(name: str) -> object:
    """Return a public name that is loaded when it is first used (PEP 562)."""
    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)
