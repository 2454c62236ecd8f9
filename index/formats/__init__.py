"""what are the topics of one file?"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.formats.documents.blocks import Unreadable
    from index.formats.documents.limits import DEFAULT_LIMITS, LIMIT_NAMES, Limits
    from index.formats.documents.reader import DocumentReader
    from index.formats.documents.topics import document_topics
    from index.formats.jsonl import read_jsonl
    from index.formats.note import read_note
    from index.formats.registry import LINES, NEEDS_EXTRA, SUFFIXES, Format, format_of, kinds_read, needs_extra

_HOMES = {
    "index.formats.documents.blocks": ("Unreadable",),
    "index.formats.documents.limits": ("DEFAULT_LIMITS", "LIMIT_NAMES", "Limits"),
    "index.formats.documents.reader": ("DocumentReader",),
    "index.formats.documents.topics": ("document_topics",),
    "index.formats.jsonl": ("read_jsonl",),
    "index.formats.note": ("read_note",),
    "index.formats.registry": (
        "LINES",
        "NEEDS_EXTRA",
        "SUFFIXES",
        "Format",
        "format_of",
        "kinds_read",
        "needs_extra",
    ),
}

__all__ = [
    "DEFAULT_LIMITS",
    "LIMIT_NAMES",
    "LINES",
    "NEEDS_EXTRA",
    "SUFFIXES",
    "DocumentReader",
    "Format",
    "Limits",
    "Unreadable",
    "document_topics",
    "format_of",
    "kinds_read",
    "needs_extra",
    "read_jsonl",
    "read_note",
]


def __getattr__(name: str) -> object:
    """Return a public name, loading only what it needs (PEP 562): a process that reads one document needs no more."""
    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)
