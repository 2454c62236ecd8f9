"""which passages are nearest, and which topics hold the words?"""

from typing import TYPE_CHECKING

from index.faces import lazy_face

if TYPE_CHECKING:
    from index.engine.local.checkpoint import write_checkpoint
    from index.engine.local.lexical import LexicalIndex
    from index.engine.opening import open_storage, prepare_server, reindex_server
    from index.engine.scoring import NOT_MATCHED

__all__ = ["NOT_MATCHED", "LexicalIndex", "open_storage", "prepare_server", "reindex_server", "write_checkpoint"]

__getattr__ = lazy_face(__name__, __file__)
