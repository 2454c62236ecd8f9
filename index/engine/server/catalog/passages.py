"""the passages of topics, and the binary token vectors of those that are entries"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from index.engine.columns import KINDS
from index.engine.server.catalog.tables import PassageTokens
from index.engine.server.catalog.topics import Topics, stored_topics, topics_by_id
from index.engine.server.catalog.vectors import VectorWriter
from index.engine.server.connection import Row, Statement
from index.records import EntryTokens, KeyedPassage, Slot, Span, Topic, slot_bit


class Passages(Topics):
    """What is searched of each topic."""

    def count_passages(self) -> int:
        """Return how many passages there are."""
        row = self._server.one("SELECT count(*) FROM topics.passage WHERE library = %s", self.number)
        return int(row[0]) if row else 0

    def topic_tokens(self, row_ids: Iterable[int], slot: Slot | None = None) -> dict[int, list[EntryTokens]]:
        """Return the binary token vectors of topics, passage by passage: those of the entries in a slot."""
        tokens: dict[int, list[EntryTokens]] = {}
        for row_id, passages in self._token_rows([int(id_) for id_ in row_ids]).items():
            binary_tokens = [
                (entry, bits) for entry, bit, _, _, bits in passages if slot is None or bit == slot_bit(slot)
            ]
            if binary_tokens:
                tokens[row_id] = binary_tokens
        return tokens

    def entry_tokens(self, row_id: int, entry: int) -> list[tuple[Span, bytes]]:
        """Return where in the text of an entry each of its passages stands, with its binary token vectors, in order."""
        passages = self._token_rows([int(row_id)]).get(int(row_id), [])
        ordered = sorted((first, last, bits) for number, _, first, last, bits in passages if number == entry)
        return [((first, last), bits) for first, last, bits in ordered]

    def _token_rows(self, row_ids: Sequence[int]) -> dict[int, list[PassageTokens]]:
        """Return the passages of topics; within a question, the topics themselves come along, and both are cached."""
        missing = [id_ for id_ in row_ids if id_ not in self._ahead.binary_tokens]
        passages = {id_: self._ahead.binary_tokens.get(id_, []) for id_ in row_ids}
        if missing:
            also = [topics_by_id(missing), _learned_by_topics(missing)] if self._ahead.is_on else []
            rows, *beside = self._server.several(_binary_tokens(missing), *also)
            for row_id, *passage in rows:
                passages[row_id] = [*passages[row_id], (passage[0], passage[1], passage[2], passage[3], passage[4])]
            if self._ahead.is_on:
                self._ahead.binary_tokens |= passages
                self._keep_topics(*beside)
        return passages

    def _keep_topics(self, rows: Sequence[Row], learned: Iterable[Row]) -> None:
        topics = stored_topics(rows)
        self._ahead.topics |= topics
        for stored in topics.values():
            self._ahead.learned[stored.topic_id] = ()
        for topic_id, question in learned:
            self._ahead.learned[topic_id] += (question,)

    def _kept_passages(self, row_ids: Sequence[int]) -> dict[int, list[KeyedPassage]]:
        passages: dict[int, list[KeyedPassage]] = {}
        for row_id, kind, entry, first, last, key in self._server.all(
            """SELECT topic_id, kind, entry, first, last, vector_key FROM topics.passage
               WHERE topic_id = ANY(%s) ORDER BY id""",
            list(row_ids),
        ):
            passage = KeyedPassage(KINDS[kind], None if entry < 0 else entry, first, last, bytes(key))
            passages.setdefault(row_id, []).append(passage)
        return passages


class PassageWriter(Passages, VectorWriter):
    """The same for whoever changes it."""

    def _put_passages(self, row_id: int, topic: Topic, passages: Sequence[KeyedPassage], model: str) -> None:
        shelf = self._shelf(model) if passages else 0
        self._following.came(row_id)
        columns: list[list[Any]] = [[], [], [], [], [], []]
        for passage in passages:
            entry = -1 if passage.entry is None else passage.entry
            slot = 0 if passage.entry is None else slot_bit(topic.entries[passage.entry].slot)
            values = (passage.key, KINDS.index(passage.kind), entry, slot, passage.start, passage.end)
            for column, value in zip(columns, values, strict=True):
                column.append(value)
        self._run(
            """INSERT INTO topics.passage (library, topic_id, shelf, vector_key, kind, entry, slot, first, last)
               SELECT %s, %s, %s, put.* FROM unnest(%s::bytea[], %s::smallint[], %s::int[], %s::smallint[], %s::int[],
                                                    %s::int[]) put""",
            self.number,
            row_id,
            shelf,
            *columns,
        )


def _learned_by_topics(ids: Sequence[int]) -> Statement:
    return Statement(
        """SELECT t.stable_id, l.question FROM topics.topic t
           JOIN topics.learned l ON l.library = t.library AND l.stable_id = t.stable_id
           WHERE t.id = ANY(%s) ORDER BY l.key COLLATE "C" """,
        (list(ids),),
    )


def _binary_tokens(row_ids: Sequence[int]) -> Statement:
    return Statement(
        """SELECT p.topic_id, p.entry, p.slot, p.first, p.last, v.signs
           FROM topics.passage p JOIN topics.vector v ON v.shelf = p.shelf AND v.key = p.vector_key
           WHERE p.topic_id = ANY(%s) AND p.kind = 0 AND v.signs IS NOT NULL ORDER BY p.id""",
        (list(row_ids),),
    )
