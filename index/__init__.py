"""notes in, a searchable library out: which passages match?"""

from typing import TYPE_CHECKING

from index.faces import lazy_face
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

__getattr__ = lazy_face(__name__, __file__)
