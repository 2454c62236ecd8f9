"""what is the record of every note?"""

from index.catalog.links import place_of
from index.catalog.tables import Catalog
from index.catalog.topic_ids import TopicIdAssigner, name_topics
from index.records import Heading, Patterns, Place, StoredDocument, StoredTopic

__all__ = [
    "Catalog",
    "Heading",
    "Patterns",
    "Place",
    "StoredDocument",
    "StoredTopic",
    "TopicIdAssigner",
    "name_topics",
    "place_of",
]
