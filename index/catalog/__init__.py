"""what is the record of every note?"""

from index.catalog.links import place_of
from index.catalog.tables import Catalog, Heading, Patterns, StoredDocument, StoredTopic
from index.catalog.topic_ids import Identities, Place, name_topics

__all__ = [
    "Catalog",
    "Heading",
    "Identities",
    "Patterns",
    "Place",
    "StoredDocument",
    "StoredTopic",
    "name_topics",
    "place_of",
]
