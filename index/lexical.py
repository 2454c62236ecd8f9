"""words -> best topics by BM25: a shadow of the catalog on disk (home of tantivy)"""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import tantivy

from index.catalog import Catalog
from index.plain import visible_text
from index.records import Slot, Topic
from index.shadow import Stamp, checksums, is_whole, read_stamp, write_stamp
from index.words import terms

FORMAT: Final = 2
"""Raised when topics are indexed in another way."""

FOLDER: Final = "words"
STAMP: Final = "words.json"

HEADING_WEIGHT: Final = 2
"""How often a word in the headings counts, a word in the text or in a way to ask counting once."""

K1: Final = 1.2
"""How soon a repeated word stops counting; tantivy's own."""

WRITER_BYTES: Final = 64 * 2**20
RETRIES: Final = 5
"""How often a reader looks again when another process is just writing."""
RETRY_SECONDS: Final = 0.1


class LexicalIndex:
    """Topics by their words; in memory where there is none on disk that can be trusted."""

    def __init__(self, index: tantivy.Index, revision: int) -> None:
        """Search an index that reflects a revision of the catalog."""
        self._index = index
        self._searcher = index.searcher()
        self.revision = revision

    @classmethod
    def open(cls, parent: Path, catalog: Catalog) -> LexicalIndex:
        """Return the index on disk where it is sound, else one made anew in memory."""
        for _ in range(RETRIES):
            stamp = _sound_stamp(parent, catalog)
            if stamp:
                return cls(tantivy.Index.open(str(parent / FOLDER)), stamp.revision)
            if not (parent / STAMP).exists():
                break
            time.sleep(RETRY_SECONDS)
        index = tantivy.Index(_schema())
        _write(index, (), catalog.topics_after(0))
        return cls(index, catalog.revision())

    @staticmethod
    def catch_up(parent: Path, catalog: Catalog) -> None:
        """Bring the index on disk to the catalog's present revision; one that cannot be trusted is made anew."""
        revision = catalog.revision()
        folder = parent / FOLDER
        stamp = _sound_stamp(parent, catalog)
        if stamp and stamp.revision == revision:
            return
        if stamp:
            index = tantivy.Index.open(str(folder))
            _write(index, catalog.topics_gone_since(stamp.revision), catalog.topics_after(stamp.last_topic))
        else:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            _write(tantivy.Index(_schema(), str(folder)), (), catalog.topics_after(0))
        write_stamp(
            parent / STAMP, Stamp(FORMAT, catalog.id, revision, catalog.last_topic(), FOLDER, checksums(folder))
        )

    def best(
        self, words: Sequence[str], count: int, *, subject: str | None = None, slot: Slot | None = None
    ) -> dict[int, float]:
        """Return up to `count` topics that hold any of the words, best first, each with its share of them.

        The share is its BM25 score divided by the highest that these words could reach, words that the library does
        not know included: 0 to 1.
        """
        if not words:
            return {}
        schema = self._index.schema
        any_word = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "text", word)) for word in words]
        query = [(tantivy.Occur.Must, tantivy.Query.boolean_query(any_word))]
        for field, value in (("subject", subject), ("slot", slot)):
            if value is not None:
                term = tantivy.Query.term_query(schema, field, value)
                query.append((tantivy.Occur.Must, tantivy.Query.const_score_query(term, 0.0)))
        found = self._searcher.search(tantivy.Query.boolean_query(query), count, count=False).hits
        ids = self._searcher.fast_field_values("topic", [address for _, address in found])
        highest = (K1 + 1) * sum(self.rarity(word) for word in words)
        return {int(id_ or 0): float(score) / highest for id_, (score, _) in zip(ids, found, strict=True)}

    def rarity(self, word: str) -> float:
        """Return how much a word tells, as BM25 weighs it: the rarer, the more (inverse document frequency)."""
        frequency = self.frequency(word)
        return math.log(1 + (len(self) - frequency + 0.5) / (frequency + 0.5))

    def frequency(self, word: str) -> int:
        """Return how many topics hold a word, as `terms` gives it."""
        return int(self._searcher.doc_freq("text", word))

    def words_with(self, prefix: str) -> list[tuple[str, int]]:
        """Return the words of the library that begin so, each with the number of topics that hold it."""
        return list(self._searcher.terms_with_prefix("text", prefix))

    def __len__(self) -> int:
        """Return the number of topics."""
        return int(self._searcher.num_docs)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("topic", indexed=True, fast=True)
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("subject", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("slot", tokenizer_name="raw", index_option="basic")
    return builder.build()


def _write(index: tantivy.Index, gone: Iterable[int], added: Iterable[tuple[int, Topic]]) -> None:
    writer = index.writer(WRITER_BYTES, 1)
    for topic_id in gone:
        writer.delete_documents_by_term("topic", topic_id)
    for topic_id, topic in added:
        document = tantivy.Document()
        document.add_unsigned("topic", topic_id)
        document.add_text("text", " ".join(_words(topic)))
        document.add_text("subject", topic.subject)
        for slot in {entry.slot for entry in topic.entries if entry.slot}:
            document.add_text("slot", slot)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()


def _words(topic: Topic) -> Iterator[str]:
    for _ in range(HEADING_WEIGHT):
        yield from terms(topic.heading_path)
    for text in (*(entry.text for entry in topic.entries), *topic.asked_as):
        yield from terms(visible_text(text))


def _sound_stamp(parent: Path, catalog: Catalog) -> Stamp | None:
    """Return the stamp of an index on disk that is whole and can be brought up to date."""
    stamp = read_stamp(parent / STAMP, FORMAT, catalog.id)
    is_sound = stamp and catalog.remembers_since(stamp.revision) and is_whole(parent / stamp.folder, stamp)
    return stamp if is_sound else None
