"""words -> best topics by BM25: a derived index of the catalog on disk (home of tantivy)"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import tantivy

from index.catalog import Catalog
from index.engine.bm25 import ACCENTS_WEIGHT, WordRarity, as_lexical_scores, indexed_terms, written_words
from index.records import NO_FORMS, Topic, WordForms
from index.storage import (
    ALL_TOPICS,
    DerivedIndex,
    Filters,
    Manifest,
    begin,
    is_plain_name,
    publish,
    read_own,
    read_sound,
    sound_manifest,
)
from index.text import is_accented

WORDS: Final = DerivedIndex("words", format=6)
"""The format is raised when topics are indexed in another way."""

REMADE_UP_TO: Final = 500
"""Topics up to which all are written anew when one goes: a fraction of a second, and nothing of it is left, where
tantivy would go on counting the words of what went until it merges."""

COMPACTED_UP_TO: Final = 16_000
"""Topics up to which what is left is merged into one segment when one goes, which leaves nothing of it either: half a
second for 5,000 as for 14,000. Tantivy takes segments for alike up to 2^.75 times 10,000 topics."""

MERGED_SEGMENTS: Final = 8
"""How many segments that are alike tantivy merges, and no fewer: its Python package offers no other way to say so."""

WASTE: Final = 0.05
"""The share of topics that went, in a larger library, from which on all are written anew: a millisecond each."""

META_FILE: Final = "meta.json"
"""Where tantivy keeps what segments there are, and how many of their topics went."""
MANAGED_FILE: Final = ".managed.json"
"""Where tantivy keeps the names of the files that it made; those that nothing uses any more, it deletes."""

MORE_LOOKED_THROUGH: Final = 8
"""How many times as many topics are looked through where a filter of notes left too few of them."""

WRITER_BYTES: Final = 64 * 2**20
"""Memory that is given to tantivy for writing."""
THREAD_BYTES: Final = 16 * 2**20
"""The least that tantivy takes for a thread, rounded up; it is filled by large heaps only."""


class LexicalIndex(WordRarity):
    """Topics by their words; in memory where there is none on disk that can be trusted."""

    def __init__(self, index: tantivy.Index, revision: int) -> None:
        """Search an index that reflects a revision of the catalog."""
        self._index = index
        self._searcher = index.searcher()
        self._words: dict[str, dict[str, int]] = {}
        self.revision = revision

    @classmethod
    def open(cls, parent: Path, catalog: Catalog) -> LexicalIndex:
        """Return the index on disk where it is sound, else one made anew in memory."""
        opened = read_sound(parent, WORDS, catalog, _opened)
        if opened:
            manifest, index = opened
            return cls(index, manifest.revision)
        revision = catalog.revision()  # before the topics are read: a sync may land meanwhile
        index = tantivy.Index(_schema())
        _write(index, (), catalog.topics_after(0))
        return cls(index, revision)

    @classmethod
    def empty(cls) -> LexicalIndex:
        """Return an index in memory that holds no topic yet."""
        return cls(tantivy.Index(_schema()), 0)

    def extended(self, topics: Iterable[tuple[int, Topic]]) -> LexicalIndex:
        """Return the same index with more topics; whoever searches this one goes on without them."""
        _write(self._index, (), topics)
        return LexicalIndex(self._index, self.revision + 1)

    @staticmethod
    def catch_up(parent: Path, catalog: Catalog, *, thoroughly: bool = False) -> None:
        """Bring the index on disk to the catalog's present revision; one that cannot be trusted is made anew.

        Nor is any word left of a topic that went, but in a library of more than `COMPACTED_UP_TO` topics, where that
        takes long: there, for as many as `WASTE`, unless `thoroughly`.
        """
        before = sound_manifest(parent, WORDS, catalog)
        before = before if before and _manages_its_own(parent / before.folder) else None
        waste = _waste(parent / before.folder) if before else 0.0
        if waste and thoroughly:
            before = None
        if before and before.revision == catalog.revision():
            return
        manifest = begin(parent, WORDS, catalog)
        folder = parent / manifest.folder
        if before:
            _link_files(parent / before.folder, folder, before)
            index = tantivy.Index.open(str(folder))
            deleted = catalog.topics_deleted_since(before.revision)
            size = index.searcher().num_docs
            is_remade = len(deleted) > 0 and (thoroughly or waste > WASTE or size <= REMADE_UP_TO)
            _write(index, deleted, catalog.topics_after(0 if is_remade else before.last_topic), anew=is_remade)
            if size <= COMPACTED_UP_TO:
                _compact(index, folder, catalog)
        else:
            _write(tantivy.Index(_schema(), str(folder)), (), catalog.topics_after(0))
        publish(parent, WORDS, manifest, before.files if before else None)

    def best(
        self,
        words: Sequence[str],
        count: int,
        filters: Filters = ALL_TOPICS,
        *,
        forms: WordForms = NO_FORMS,
    ) -> dict[int, float]:
        """Return up to `count` topics that hold any of the words, best first, each with its share of them.

        The share is its BM25 score divided by the highest that these words could reach, words that the library does
        not know included: 0 to 1. Each of a word's other `forms` counts like the word itself.
        """
        if not words:
            return {}
        clauses = [self._form_query(word, forms) for word in words]
        scores = self._found(tantivy.Occur.Should, clauses, count, filters)
        return as_lexical_scores(scores, [self.rarity_of(word, forms) for word in words if not is_accented(word)])

    def topics_containing(
        self,
        words: Sequence[str],
        count: int,
        filters: Filters = ALL_TOPICS,
    ) -> list[int]:
        """Return up to `count` topics that hold all of the words, best first."""
        clauses = [self._term_query(word) for word in words]
        return list(self._found(tantivy.Occur.Must, clauses, count, filters)) if words else []

    def _form_query(self, word: str, forms: WordForms) -> tantivy.Query:
        """Return what finds a word in each of its forms, which all weigh as much as the word in any form."""
        if word not in forms:
            return self._term_query(word)
        weight = self.rarity_of(word, forms)
        each = [
            tantivy.Query.boost_query(self._term_query(form), weight / self.rarity(form))
            for form in (word, *forms[word])
        ]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in each])

    def _term_query(self, word: str) -> tantivy.Query:
        query = tantivy.Query.term_query(self._index.schema, "text", word)
        return tantivy.Query.boost_query(query, ACCENTS_WEIGHT) if is_accented(word) else query

    def _found(
        self, occur: tantivy.Occur, clauses: Sequence[tantivy.Query], count: int, filters: Filters
    ) -> dict[int, float]:
        """Return topics with their BM25 score, best first.

        Where only some topics are searched, more are looked through until there are enough of them.
        """
        allowed, wanted = filters.row_ids, count
        while True:
            scores = self._scored(occur, clauses, wanted, filters)
            if allowed is None:
                return scores
            is_allowed = np.isin(list(scores), allowed).tolist() if scores else []
            within = [id_ for id_, is_within in zip(scores, is_allowed, strict=True) if is_within]
            if len(within) >= count or len(scores) < wanted:
                return {id_: scores[id_] for id_ in within[:count]}
            wanted *= MORE_LOOKED_THROUGH

    def _scored(
        self, occur: tantivy.Occur, clauses: Sequence[tantivy.Query], count: int, filters: Filters
    ) -> dict[int, float]:
        schema = self._index.schema
        query = [(tantivy.Occur.Must, tantivy.Query.boolean_query([(occur, clause) for clause in clauses]))]
        for field, values in (("subject", filters.subjects), ("slot", filters.slot and [filters.slot])):
            if values is not None:
                of_field = tantivy.Query.term_set_query(schema, field, values)
                query.append((tantivy.Occur.Must, tantivy.Query.const_score_query(of_field, 0.0)))
        hits = self._searcher.search(tantivy.Query.boolean_query(query), count, count=False).hits
        ids = self._searcher.fast_field_values("topic", [address for _, address in hits])
        scored = ((int(id_ or 0), float(score)) for id_, (score, _) in zip(ids, hits, strict=True))
        return {id_: score for id_, score in scored if id_ < 2**63}  # ids that the catalog can have

    def look_up(self, words: Iterable[str]) -> None:
        """Do nothing: what is asked of a word takes a microsecond here."""

    def frequency(self, word: str) -> int:
        """Return how many topics hold a word, as `terms` gives it."""
        return int(self._searcher.doc_freq("text", word))

    def words_with(self, letter: str) -> dict[str, int]:
        """Return the words, as they are written, that begin with a letter, and how many topics hold each."""
        if letter not in self._words:
            self._words[letter] = dict(self._searcher.terms_with_prefix("word", letter))
        return self._words[letter]

    def __len__(self) -> int:
        """Return the number of topics."""
        return int(self._searcher.num_docs)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("topic", indexed=True, fast=True)
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("word", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("subject", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("slot", tokenizer_name="raw", index_option="basic")
    return builder.build()


def _write(
    index: tantivy.Index, deleted: Iterable[int], added: Iterable[tuple[int, Topic]], *, anew: bool = False
) -> None:
    writer = index.writer(WRITER_BYTES, 1)
    if anew:
        writer.delete_all_documents()
    for row_id in deleted:
        _delete(writer, index.schema, row_id)
    for row_id, topic in added:
        writer.add_document(_tantivy_document(row_id, topic))
    _finish(writer, index)


def _delete(writer: tantivy.IndexWriter, schema: tantivy.Schema, row_id: int) -> None:
    # `delete_documents_by_term` takes a number for a signed one, and finds no topic
    writer.delete_documents_by_query(tantivy.Query.term_query(schema, "topic", int(row_id)))


def _tantivy_document(row_id: int, topic: Topic) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned("topic", row_id)
    document.add_text("text", " ".join(indexed_terms(topic)))
    document.add_text("word", " ".join(written_words(topic)))
    document.add_text("subject", topic.subject)
    for slot in {entry.slot for entry in topic.entries if entry.slot}:
        document.add_text("slot", slot)
    return document


def _waste(folder: Path) -> float:
    """Return the share of the topics in an index that went, and whose words it still holds."""
    try:
        segments = json.loads(read_own(folder / META_FILE))["segments"]
        deleted = sum(int((segment["deletes"] or {}).get("num_deleted_docs", 0)) for segment in segments)
        return deleted / max(1, sum(int(segment["max_doc"]) for segment in segments))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return 1.0


def _compact(index: tantivy.Index, folder: Path, catalog: Catalog) -> None:
    """Merge all segments, so that nothing is left of what went: some topics are written again, a segment each."""
    rounds = 0
    while _waste(folder) and rounds < MERGED_SEGMENTS:
        rounds += 1
        missing = max(1, MERGED_SEGMENTS - int(index.searcher().num_segments))
        # threads that wait take what comes in turn, and write a segment each
        writer = index.writer(missing * THREAD_BYTES, missing)
        for row_id, topic in islice(catalog.topics_after(0), missing):
            _delete(writer, index.schema, row_id)
            writer.add_document(_tantivy_document(row_id, topic))
        _finish(writer, index)
    if not rounds:
        return
    # of its own: nothing holds the old files open
    writer = tantivy.Index.open(str(folder)).writer(THREAD_BYTES, 1)
    writer.garbage_collect_files()
    writer.wait_merging_threads()


def _finish(writer: tantivy.IndexWriter, index: tantivy.Index) -> None:
    writer.commit()
    writer.wait_merging_threads()
    index.reload()


def _opened(folder: Path) -> tantivy.Index:
    """Return the index in a folder.

    Raises:
        ValueError: it is none, or one that would delete files elsewhere.

    """
    if not _manages_its_own(folder):
        raise ValueError(f"{folder} names files that are not its own")
    return tantivy.Index.open(str(folder))


def _manages_its_own(folder: Path) -> bool:
    """Return whether the files that tantivy may delete, once nothing uses them, are all in the folder."""
    try:
        managed = json.loads(read_own(folder / MANAGED_FILE))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(managed, list) and all(map(is_plain_name, managed))


def _link_files(old: Path, new: Path, manifest: Manifest) -> None:
    """Give a new folder the files of an index: tantivy never changes one, it replaces it."""
    for name in manifest.files:
        try:
            os.link(old / name, new / name)
        except OSError:  # a disk without hard links
            shutil.copy2(old / name, new / name)
