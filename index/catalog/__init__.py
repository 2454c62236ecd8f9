"""what is the record of every note?"""

from typing import TYPE_CHECKING

from index.faces import lazy_face

if TYPE_CHECKING:
    from index.catalog.documents import ALL_FILES, as_document
    from index.catalog.link_table import MAX_LINKS, place_of
    from index.catalog.links import links as links_from
    from index.catalog.links import named_target, names
    from index.catalog.tables import Catalog
    from index.catalog.topic_columns import read_anchor, read_properties, read_topic, topic_row
    from index.catalog.topic_ids import TopicIdAssigner, name_topics, topic_ids_of, trait
    from index.catalog.vectors import each_text_once, keyed_passage, vector_key
    from index.records import DocumentKey, Heading, Patterns, StoredDocument, StoredTopic

__all__ = [
    "ALL_FILES",
    "MAX_LINKS",
    "Catalog",
    "DocumentKey",
    "Heading",
    "Patterns",
    "StoredDocument",
    "StoredTopic",
    "TopicIdAssigner",
    "as_document",
    "each_text_once",
    "keyed_passage",
    "links_from",
    "name_topics",
    "named_target",
    "names",
    "place_of",
    "read_anchor",
    "read_properties",
    "read_topic",
    "topic_ids_of",
    "topic_row",
    "trait",
    "vector_key",
]

__getattr__ = lazy_face(__name__, __file__)
