"""what is the record of every note?"""

from index.catalog.links import place_of
from index.catalog.tables import Catalog, Heading, Patterns, StoredDocument, StoredTopic
from index.catalog.topic_ids import Place, TopicIdAssigner, name_topics

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
