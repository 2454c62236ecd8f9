"""words -> best topics by BM25: a shadow of the catalog on disk (home of tantivy)"""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import tantivy

from index.catalog import Catalog
from index.records import Slot, Topic
from index.shadow import Shadow, Stamp, is_whole, keep, new_folder, publish, read_stamp
from index.words import terms

WORDS: Final = Shadow("words", format=2)
"""The format is raised when topics are indexed in another way."""

HEADING_WEIGHT: Final = 2
"""How often a word in the headings counts, a word in the text or in a way to ask counting once."""

K1: Final = 1.2
"""How soon a repeated word stops counting; tantivy's own."""

WRITER_BYTES: Final = 64 * 2**20
RETRIES: Final = 3
"""How often a reader looks again when a writer has just put another index in the place of the one it was opening."""


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
            stamp = sound_words(parent, catalog)
            if stamp:
                try:
                    return cls(tantivy.Index.open(str(parent / stamp.folder)), stamp.revision)
                except (OSError, ValueError):  # it was whole a moment ago: a writer has replaced it
                    continue
        index = tantivy.Index(_schema())
        _write(index, (), catalog.topics_after(0))
        return cls(index, catalog.revision())

    @staticmethod
    def catch_up(parent: Path, catalog: Catalog) -> None:
        """Bring the index on disk to the catalog's present revision; one that cannot be trusted is made anew."""
        revision, last_topic = catalog.revision(), catalog.last_topic()
        before = sound_words(parent, catalog)
        if before and before.revision == revision:
            return
        folder = new_folder(parent, WORDS)
        if before:
            _link_files(parent / before.folder, folder, before)
            index = tantivy.Index.open(str(folder))
            _write(index, catalog.topics_gone_since(before.revision), catalog.topics_after(before.last_topic))
        else:
            _write(tantivy.Index(_schema(), str(folder)), (), catalog.topics_after(0))
        marks = keep(folder, before.files if before else None)
        publish(parent, WORDS, Stamp(WORDS.format, catalog.id, revision, last_topic, folder.name, marks))

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
        yield from terms(text)


def sound_words(parent: Path, catalog: Catalog, *, thoroughly: bool = False) -> Stamp | None:
    """Return the stamp of an index on disk that is whole and can be brought up to date; None where there is none."""
    stamp = read_stamp(parent, WORDS, catalog.id)
    if not (stamp and catalog.remembers_since(stamp.revision)):
        return None
    return stamp if is_whole(parent / stamp.folder, stamp.files, thoroughly=thoroughly) else None


def _link_files(old: Path, new: Path, stamp: Stamp) -> None:
    """Give a new folder the files of an index: tantivy never changes one, it replaces it."""
    for name in stamp.files:
        try:
            os.link(old / name, new / name)
        except OSError:  # a disk without hard links
            shutil.copy2(old / name, new / name)
