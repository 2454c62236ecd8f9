"""how does a topic learn a question? it is embedded and searched like the ways to ask that the note names"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from index.embedding import Encoder, Tokenizer, check_length, check_model, make_ready
from index.errors import QuestionError
from index.indexing.passages import topic_passages
from index.progress import silent
from index.records import Passage, Topic
from index.storage import CatalogReader, Storage, Writer
from index.text import title_key


def learn(storage: Storage, encoder: Encoder, learned: Sequence[tuple[str, str]]) -> None:
    """Teach topics questions, in one transaction: `learned` holds pairs of question and topic id.

    Raises:
        QuestionError: a question is longer than the model reads, or a topic does not exist.
        LibraryError: the library cannot be changed.

    """
    for question, row_id in learned:
        check_length(question, encoder.tokenizer)
        if not storage.reader.row_ids(row_id):
            raise QuestionError("That topic is no longer in the library. Ask again and mark a topic of the new answer.")

    def keep(catalog: Writer) -> None:
        for question, row_id in learned:
            catalog.learn(title_key(question), question, row_id)

    if learned:
        _teach(storage, encoder, dict.fromkeys(row_id for _, row_id in learned), keep)


def unlearn(storage: Storage, encoder: Encoder, question: str | None, row_id: str | None) -> None:
    """Forget a learned question, or all if it is None, of one topic, or of all topics if that is None."""
    key = None if question is None else title_key(question)
    learned = ((title_key(question), id_) for question, id_ in storage.reader.all_learned())
    going = [(question, id_) for question, id_ in learned if key in (None, question) and row_id in (None, id_)]
    if going:
        _teach(storage, encoder, {id_ for _, id_ in going}, lambda catalog: catalog.unlearn(going))


def _teach(storage: Storage, encoder: Encoder, row_ids: Iterable[str], change: Callable[[Writer], None]) -> None:
    """Change the learned questions of topics and rebuild their passages, in one transaction."""
    check_model(storage, encoder)
    with storage.writing() as catalog:
        make_ready(encoder, silent, thoroughly=catalog.get("model") is None)
        with catalog.change():
            change(catalog)
            for row_id in row_ids:
                _reindex_topic(catalog, encoder, row_id)
            catalog.advance_revision()
        catalog.refresh()


def known_shared(catalog: CatalogReader) -> frozenset[str]:
    """Return the keys of the boilerplate paragraphs, as the last sync stored them."""
    return frozenset((catalog.get("shared") or "").split())


def taught_passages(
    catalog: CatalogReader, tokenizer: Tokenizer, topic: Topic, shared: frozenset[str]
) -> list[Passage]:
    """Return a topic's passages, its learned questions included, without boilerplate."""
    asked_as = topic.asked_as + catalog.learned(topic.id)
    return topic_passages(replace(topic, asked_as=asked_as), tokenizer.max_tokens, tokenizer.token_spans, shared)


def _reindex_topic(catalog: Writer, encoder: Encoder, topic_id: str) -> None:
    """Rebuild the passages of a topic within an open transaction."""
    for id_, stored in catalog.topics(catalog.row_ids(topic_id)).items():
        passages = taught_passages(catalog, encoder.tokenizer, stored.topic, known_shared(catalog))
        missing = catalog.not_encoded(encoder.name, passages)
        if missing:
            encoded = encoder.encode_documents([passage.text for passage in missing])
            catalog.put_encoded(encoder.name, missing, encoded)
        catalog.renew_topic(id_, stored.topic, passages, encoder.name)
