"""how do files become an index?"""

from index.indexing.boilerplate import shared_paragraphs
from index.indexing.learning import reindex_topic
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
    wait_for_workers,
    write,
)
from index.indexing.unindexed import FirstWords

__all__ = [
    "READER_VERSION",
    "RENEWED",
    "Comparison",
    "FirstWords",
    "Progress",
    "SyncReport",
    "compare",
    "cut",
    "embed",
    "identify",
    "instalments",
    "look_for_changes",
    "preview",
    "reindex_topic",
    "shared_paragraphs",
    "silent",
    "topic_passages",
    "wait_for_workers",
    "write",
]
