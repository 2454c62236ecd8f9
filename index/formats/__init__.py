"""what are the topics of one file?"""

from typing import TYPE_CHECKING

from index.faces import lazy_face

if TYPE_CHECKING:
    from index.formats.documents.blocks import Unreadable
    from index.formats.documents.limits import DEFAULT_LIMITS, LIMIT_NAMES, Limits
    from index.formats.documents.reader import DocumentReader
    from index.formats.documents.topics import document_topics
    from index.formats.jsonl import read_jsonl
    from index.formats.note import read_note
    from index.formats.registry import (
        KIND_OF,
        LINES,
        NEEDS_EXTRA,
        NOTES,
        SUFFIXES,
        Format,
        format_of,
        kinds_read,
        needs_extra,
    )

__all__ = [
    "DEFAULT_LIMITS",
    "KIND_OF",
    "LIMIT_NAMES",
    "LINES",
    "NEEDS_EXTRA",
    "NOTES",
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

__getattr__ = lazy_face(__name__, __file__)
