"""how a topic is written with its words, passages and links, and how it goes"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import LiteralString

import numpy as np

from index.catalog import keyed_passage, read_topic, topic_row, trait
from index.engine.bm25 import coarse_length, indexed_terms, written_words
from index.engine.server.catalog.learned import LearnedWriter
from index.engine.server.catalog.links import LinkWriter
from index.engine.server.catalog.passages import PassageWriter
from index.engine.server.connection import Statement
from index.engine.server.names import MAX_NAME_BYTES, short_name
from index.records import DocumentKey, Passage, Topic, Trait, slot_bit
from index.text import title_hash


class TopicWriter(PassageWriter, LinkWriter, LearnedWriter):
    """Topics for whoever changes them: their words are counted as they come and go."""

    def holders(self, topic_ids: Sequence[str]) -> list[tuple[str, DocumentKey]]:
        """Return which files hold topics of some ids, an id and a file each."""
        rows = self._server.all(
            """SELECT t.stable_id, s.path, d.path FROM topics.topic t
               JOIN topics.document d ON d.id = t.document_id JOIN topics.source s ON s.id = d.source_id
               WHERE t.library = %s AND t.stable_id = ANY(%s) ORDER BY t.id""",
            self.number,
            list(topic_ids),
        )
        return [(id_, DocumentKey(source, path)) for id_, source, path in rows]

    def traits(self, place: DocumentKey) -> list[Trait]:
        """Return what the topics of a file are known by, in their order."""
        rows = self._server.all(
            """SELECT t.stable_id, t.subject, t.title, t.line, t.parents, t.asked_as, t.entries, t.properties
               FROM topics.topic t JOIN topics.document d ON d.id = t.document_id
               JOIN topics.source s ON s.id = d.source_id
               WHERE s.library = %s AND s.path = %s AND md5(d.path) = md5(%s) AND d.path = %s ORDER BY t.line, t.id""",
            self.number,
            place.source,
            place.path,
            place.path,
        )
        return [trait(read_topic(*row)) for row in rows]

    def renew_topic(self, row_id: int, topic: Topic, passages: Sequence[Passage], model: str) -> None:
        """Give a topic other passages and, so that all that follows the catalog sees it, another id."""
        row = self._server.one("SELECT document_id, stable_id FROM topics.topic WHERE id = %s", row_id)
        if row is None:
            return
        renewed = self._put_topic(row[0], row[1], topic, is_searched=bool(passages))
        self._run("UPDATE topics.link SET topic_id = %s WHERE topic_id = %s", renewed, row_id)
        self._run("UPDATE topics.topic_name SET topic_id = %s WHERE topic_id = %s", renewed, row_id)
        self._forget("SELECT %s::bigint", row_id)
        self._put_passages(renewed, topic, [keyed_passage(model, passage) for passage in passages], model)

    def _put_topic(self, document_id: int, topic_id: str, topic: Topic, *, is_searched: bool) -> int:
        asked_as = topic.asked_as + self.learned(topic_id)
        searched = replace(topic, asked_as=asked_as)
        terms = Counter(map(short_name, indexed_terms(searched)))
        length = sum(terms.values())
        words = self._counts.numbers(terms)
        written = [word for word in written_words(topic) if len(word.encode()) <= MAX_NAME_BYTES]
        self._counts.came(words.values(), written, length)
        slots = 0
        for entry in topic.entries:
            slots |= slot_bit(entry.slot)
        row = self._server.one(
            """INSERT INTO topics.topic (library, document_id, stable_id, subject, title, line, parents, asked_as,
                   entries, properties, title_hash, slots, is_searched, length, terms, words, written)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id""",
            self.number,
            document_id,
            topic_id,
            *topic_row(topic),
            int(np.uint64(title_hash(topic.title)).view(np.int64)),
            slots,
            is_searched,
            coarse_length(length),
            length,
            list(words.values()),
            written,
        )
        row_id = int(row[0]) if row else 0
        self._run(
            """INSERT INTO topics.posting (word_id, topic_id, library, count, length)
               SELECT word_id, %s, %s, count, %s FROM unnest(%s::bigint[], %s::int[]) put (word_id, count)""",
            row_id,
            self.number,
            coarse_length(length),
            list(words.values()),
            [terms[word] for word in words],
        )
        return row_id

    def _forget(self, topics: LiteralString, *values: object) -> None:
        """Delete the topics that a statement names, and take their words off the counts."""
        ids = [id_ for (id_,) in self._server.all(topics, *values)]
        if not ids:
            return
        going, freed, *_ = self._server.several(
            Statement("SELECT words, written, terms FROM topics.topic WHERE id = ANY(%s)", (ids,)),
            Statement("SELECT shelf, vector_key FROM topics.passage WHERE topic_id = ANY(%s)", (ids,)),
            Statement(
                """DELETE FROM topics.posting p USING
                       (SELECT id, unnest(words) AS word_id FROM topics.topic WHERE id = ANY(%s)) going
                   WHERE p.word_id = going.word_id AND p.topic_id = going.id""",
                (ids,),
            ),
            Statement("DELETE FROM topics.topic WHERE id = ANY(%s)", (ids,)),
        )
        for words, written, terms in going:
            self._counts.went(words, written, terms)
        self._freed.update((shelf, bytes(key)) for shelf, key in freed)
        self._following.went(ids)
