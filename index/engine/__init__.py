"""which passages are nearest, and which topics hold the words?"""

from index.engine.local.checkpoint import CHECKPOINT, is_checkpoint_due, write_checkpoint
from index.engine.local.lexical import WORDS, LexicalIndex, function_words
from index.engine.local.segment import NOT_MATCHED, Filters, Part
from index.engine.local.snapshot import Snapshot

__all__ = [
    "CHECKPOINT",
    "NOT_MATCHED",
    "WORDS",
    "Filters",
    "LexicalIndex",
    "Part",
    "Snapshot",
    "function_words",
    "is_checkpoint_due",
    "write_checkpoint",
]
