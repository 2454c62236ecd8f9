"""a question in, an answer out: what do the notes say?"""

from importlib import import_module
from typing import TYPE_CHECKING

from index.offline import SWITCHES as _SWITCHES  # noqa: F401 (first of all: libraries read their switches on import)

if TYPE_CHECKING:
    from assistant.answer import Answer, Card, Evidence, Related
    from assistant.ask import ask

__all__ = ["Answer", "Card", "Evidence", "Related", "ask"]


def __getattr__(name: str) -> object:
    """Return a public name, loading only what it needs (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("assistant.ask" if name == "ask" else "assistant.answer"), name)
