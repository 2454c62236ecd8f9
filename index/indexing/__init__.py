"""how do files become an index?"""

from typing import TYPE_CHECKING

from index.faces import lazy_face

if TYPE_CHECKING:
    from index.indexing.boilerplate import shared_paragraphs
    from index.indexing.changes import READER_VERSION, SyncReport
    from index.indexing.comparing import Comparison, compare
    from index.indexing.instalments import RENEWED
    from index.indexing.learning import learn, unlearn
    from index.indexing.passages import topic_passages
    from index.indexing.syncing import sync
    from index.indexing.unindexed import FirstWords

__all__ = [
    "READER_VERSION",
    "RENEWED",
    "Comparison",
    "FirstWords",
    "SyncReport",
    "compare",
    "learn",
    "shared_paragraphs",
    "sync",
    "topic_passages",
    "unlearn",
]

__getattr__ = lazy_face(__name__, __file__)
