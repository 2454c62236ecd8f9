"""notes in, a searchable library out: which passages match?"""

from importlib import import_module
from typing import TYPE_CHECKING

from index.offline import SWITCHES as _SWITCHES  # noqa: F401 (first of all: libraries read their switches on import)

if TYPE_CHECKING:
    from index.errors import LibraryError, ModelError, QuestionError, SourceError, TopicsError
    from index.indexing import SyncReport
    from index.library import Library
    from index.records import SLOTS, Entry, Hit, Slot, Topic

__all__ = [
    "SLOTS",
    "Entry",
    "Hit",
    "Library",
    "LibraryError",
    "ModelError",
    "QuestionError",
    "Slot",
    "SourceError",
    "SyncReport",
    "Topic",
    "TopicsError",
]


def __getattr__(name: str) -> object:
    """Return a public name, loading only what it needs (PEP 562)."""
    homes = {"Library": "index.library", "SyncReport": "index.indexing.syncing"}
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = homes.get(name) or ("index.errors" if name.endswith("Error") else "index.records")
    return getattr(import_module(home), name)
