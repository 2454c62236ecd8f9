"""notes in, a searchable library out: which passages match?"""

from index.offline import SWITCHES as _SWITCHES  # noqa: F401 (first of all: libraries read their switches on import)

# isort: split
from index.errors import LibraryError, ModelError, QuestionError, SourceError, TopicsError
from index.library import Library
from index.records import SLOTS, Entry, Hit, Slot, Topic
from index.sync import SyncReport

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
