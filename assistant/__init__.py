"""a question in, an answer out: what do the notes say?"""

TYPE_CHECKING = False  # as in typing, which takes a while: until `__main__` runs, an interrupt is a traceback
if TYPE_CHECKING:
    from assistant.answer import Answer, Evidence, Related, TopicResult
    from assistant.notes import Notes, ask
    from assistant.operations import Status
    from assistant.service import TopicRef, WholeTopic
    from index.errors import TopicsError
    from index.indexing import SyncReport

__all__ = [
    "Answer",
    "Evidence",
    "Notes",
    "Related",
    "Status",
    "SyncReport",
    "TopicRef",
    "TopicResult",
    "TopicsError",
    "WholeTopic",
    "ask",
]

_HOMES = {
    "Notes": "assistant.notes",
    "Status": "assistant.operations",
    "SyncReport": "index.indexing",
    "TopicRef": "assistant.service",
    "TopicsError": "index.errors",
    "WholeTopic": "assistant.service",
    "ask": "assistant.notes",
}


def __getattr__(name: str) -> object:
    """Return a public name, loading only what it needs (PEP 562)."""
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, "assistant.answer")), name)
