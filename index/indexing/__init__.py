"""how do files become an index?"""

from index.indexing.boilerplate import shared_paragraphs
from index.indexing.learning import renew
from index.indexing.maintenance import Orphans, damaged_indexes, left_over, refresh_indexes, tidy
from index.indexing.passages import topic_passages
from index.indexing.syncing import (
    READER_VERSION,
    RENEWED,
    Comparison,
    Progress,
    SyncReport,
    compare,
    cut,
    embed,
    identify,
    instalments,
    look_for_changes,
    preview,
    silent,
    write,
)
from index.indexing.unindexed import FirstWords

__all__ = [
    "READER_VERSION",
    "RENEWED",
    "Comparison",
    "FirstWords",
    "Orphans",
    "Progress",
    "SyncReport",
    "compare",
    "cut",
    "damaged_indexes",
    "embed",
    "identify",
    "instalments",
    "left_over",
    "look_for_changes",
    "preview",
    "refresh_indexes",
    "renew",
    "shared_paragraphs",
    "silent",
    "tidy",
    "topic_passages",
    "write",
]
