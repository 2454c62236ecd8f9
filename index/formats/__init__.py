"""what are the topics of one file?"""

from index.formats.jsonl import read_jsonl
from index.formats.note import read_note

__all__ = [
    "read_jsonl",
    "read_note",
]
