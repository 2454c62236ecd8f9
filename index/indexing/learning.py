"""questions that a topic has learned: embedded and searched like its own ways to ask"""

from __future__ import annotations

from dataclasses import replace

from index.embedding import Encoder, Tokenizer
from index.indexing.passages import topic_passages
from index.records import Passage, Topic
from index.storage import CatalogReader, Writer


def known_shared(catalog: CatalogReader) -> frozenset[str]:
    """Return the keys of the paragraphs that most notes were found to share."""
    return frozenset((catalog.get("shared") or "").split())


def taught_passages(
    catalog: CatalogReader, tokenizer: Tokenizer, topic: Topic, shared: frozenset[str]
) -> list[Passage]:
    """Return a topic's passages, those of its learned questions among them and without shared paragraphs."""
    asked_as = topic.asked_as + catalog.learned(topic.id)
    return topic_passages(replace(topic, asked_as=asked_as), tokenizer.max_tokens, tokenizer.token_spans, shared)


def reindex_topic(catalog: Writer, encoder: Encoder, stable_id: str) -> None:
    """Make the passages of a topic anew, inside a change of the catalog."""
    for id_, stored in catalog.topics(catalog.topic_ids(stable_id)).items():
        passages = taught_passages(catalog, encoder.tokenizer, stored.topic, known_shared(catalog))
        missing = catalog.not_encoded(encoder.name, passages)
        if missing:
            encoded = encoder.encode_documents([passage.text for passage in missing])
            catalog.put_encoded(encoder.name, missing, encoded)
        catalog.renew_topic(id_, stored.topic, passages, encoder.name)
