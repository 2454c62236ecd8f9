"""which passages are nearest, and which topics hold the words?"""

from index.engine.local.checkpoint import write_checkpoint
from index.engine.local.lexical import LexicalIndex
from index.engine.local.storage import LocalStorage
from index.engine.scoring import NOT_MATCHED

__all__ = ["NOT_MATCHED", "LexicalIndex", "LocalStorage", "write_checkpoint"]
