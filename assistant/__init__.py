"""a question in, an answer out: what do the notes say?"""

TYPE_CHECKING = False  # as in typing, which takes a while: until `__main__` runs, an interrupt is a traceback
if TYPE_CHECKING:
    from assistant.answer import Answer, Card, Evidence, Related
    from assistant.answering import ask

__all__ = ["Answer", "Card", "Evidence", "Related", "ask"]


def __getattr__(name: str) -> object:
    """Return a public name, loading only what it needs (PEP 562)."""
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("assistant.answering.answering" if name == "ask" else "assistant.answer"), name)
