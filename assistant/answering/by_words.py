"""which topics hold the words of a question, while the library has no vectors yet?"""

from __future__ import annotations

import time

import numpy as np

from assistant.answer import Answer, TopicResult, topic_result
from assistant.answering.answering import as_asked
from assistant.answering.passage import MAX_WORDS, shared_words
from index.catalog import StoredTopic
from index.indexing import FirstWords
from index.records import Slot, Tokens
from index.retrieval import QueryTerms, parse_query, query_terms
from index.text import stems

NO_TOKENS = Tokens((), np.zeros((0, 0), dtype=np.float32))


def ask_by_words(
    words: FirstWords, question: str, *, limit: int, subject: str | None = None, slot: Slot | None = None
) -> Answer:
    """Return at most `limit` topics that hold words of a question; nothing is said of whether they answer it.

    Raises:
        QuestionError: the question is empty, or names an unknown subject.

    """
    started = time.perf_counter()
    question = as_asked(question)
    query = parse_query(question)
    slot = query.slot or slot
    query_words = query_terms(query.text, NO_TOKENS, words.lexical.rarity)
    shares = words.find(query.text, limit, subject=query.subject or subject, slot=slot)
    cards = tuple(_topic_result(stored, share, query_words, slot) for stored, share in shares)
    return Answer(
        question=question,
        answered=False,
        confidence=0.0,
        slot=slot or (cards[0].slot if cards else None),
        answer=None,
        hits=cards,
        related=(),
        elapsed_ms=round((time.perf_counter() - started) * 1000, 1),
        found_by="words",
    )


def _topic_result(stored: StoredTopic, share: float, query_words: QueryTerms, slot: Slot | None) -> TopicResult:
    topic = stored.topic
    entry = max(
        topic.entries,
        key=lambda entry: (entry.slot == slot, query_words.weights[query_words.are_in(stems(entry.text))].sum()),
    )
    why = shared_words(query_words, topic)[:MAX_WORDS]
    return topic_result(stored.topic_id, stored.path, topic, entry, score=share, why=why)
