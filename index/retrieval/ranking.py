"""how are topics ranked for a question? candidates, scores, fusion, rerank, promotion

`search` calls the steps in this order. Another engine gives other candidates and another reranker other similarities;
neither changes this module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from index.embedding import SAME, Line
from index.records import Hit, Ids, StoredTopic, Vectors
from index.retrieval.fusion import fuse
from index.retrieval.late_interaction import QueryTerms, Reranked, max_similarity
from index.retrieval.promotion import TITLES_COMPARED, in_particular
from index.retrieval.query import Query, without_opening
from index.retrieval.sections import asks_for_section, is_section_of, names_note
from index.retrieval.settings import RETRIEVAL, RetrievalSettings
from index.retrieval.understanding import of_that_day, topics_quoting
from index.storage import EntryMatch, Filters, Reader
from index.text import asked_terms, digit_words, spellings, title_key

EXACT_SCORE: Final = 1.0
"""The score of a topic whose title or learned question equals the question, or whose title alone equals what the
question says beyond the function words that it begins with ("what is the GIL?")."""


class SearchRequest(NamedTuple):
    """A question in every form that a search uses."""

    question: str
    """As typed; compared with titles and learned questions."""
    query: Query
    vector: Vectors
    """The question's embedding, shape (dimension,)."""
    query_terms: QueryTerms
    """Its meaningful words with contextual token vectors."""
    limit: int
    """The number of topics to return at most."""
    row_ids: Ids | None = None
    """The topics that the filter of notes lets through, ascending; None if it lets all through."""
    line: Line = SAME
    """Maps the model's cosines to the scale of the default model, in which all constants are measured."""
    settings: RetrievalSettings = RETRIEVAL


class Ranked(NamedTuple):
    """The topics that match a question."""

    hits: list[Hit]
    """The best, best first."""
    sections: list[Hit]
    """The sections of the first one's note among the best, best first; none where the question does not name it."""


Reranker: TypeAlias = Callable[[SearchRequest, Sequence[int], Vectors], Reranked]
"""A function of a request, the ids of the first candidates and their similarity; it returns their new similarity."""


def max_sim(reader: Reader) -> Reranker:
    """Return the reranker that compares each token of a question with those of the topics (late interaction)."""

    def rerank(request: SearchRequest, row_ids: Sequence[int], similarity: Vectors) -> Reranked:
        tokens = reader.topic_tokens(row_ids, request.query.slot)
        return max_similarity(request.query_terms, row_ids, similarity, tokens, request.settings.tokens_weight)

    return rerank


def search(reader: Reader, request: SearchRequest, rerank: Reranker) -> Ranked | None:
    """Return the topics that match a question, best first; None if a sync was committed while they were read.

    Raises:
        QuestionError: no topic has the subject.

    """
    question, query, vector, _, limit, row_ids, line, settings = request
    snapshot, lexical = reader.snapshot(), reader.lexical()
    subjects = None if query.subject is None else spellings(query.subject, snapshot.subjects)
    filters = Filters(subjects, query.slot, row_ids)

    most = settings.literal_candidates
    words = asked_terms(query.text, lexical.holds)
    by_words = lexical.best(words, settings.word_candidates, filters, forms=query.forms)
    promoted = topics_quoting(query.literals, by_words, lexical, reader.topics, most, filters)
    promoted = promoted or of_that_day(query.text, lexical, most, filters)
    learned = [*reader.topics_asked_by(title_key(question)), *reader.topics_called(question)]
    is_title = snapshot.has_title(title_key(query.text))
    named = query.text if is_title else without_opening(query.text)
    topics = snapshot.candidates(named, vector, limit, {*by_words, *promoted}, learned, filters)
    if not is_title and topics.is_exact.sum() > 1:  # a title that many notes have names none of them
        topics = topics._replace(is_exact=np.isin(topics.row_ids, learned))
    topics = topics._replace(similarity=line.of(topics.similarity), question_boost=topics.question_boost * line.slope)

    readable, tokens_per_word = request.query_terms.readable, request.query_terms.tokens_per_word
    lexical_scores = np.array([by_words.get(id_, 0.0) for id_ in topics.row_ids.tolist()], dtype=np.float32)
    is_promoted = np.isin(topics.row_ids, promoted)

    def score(places: Ids, similarity: Vectors) -> Vectors:
        boosted = (similarity + topics.question_boost[places]) * readable
        fused = fuse(boosted, lexical_scores[places], tokens_per_word, settings)
        fused[topics.is_exact[places]] = EXACT_SCORE
        return _promote(fused, is_promoted[places]) if promoted else fused

    scores = score(np.arange(len(topics.row_ids)), topics.similarity)
    order = _best(scores, max(limit, settings.rerank_depth))
    first, others = order[: settings.rerank_depth], order[settings.rerank_depth :]
    closer = rerank(request, topics.row_ids[first].tolist(), topics.similarity[first])
    scores[first] = score(first, closer.similarity)
    scores[others] = np.minimum(scores[others], scores[first].min(initial=1))  # these stay behind the first
    similarity = topics.similarity + topics.question_boost

    def best(count: int, note: Hit | None = None) -> list[Hit] | None:
        ranked = [(int(topics.row_ids[i]), float(scores[i]), float(similarity[i])) for i in _of(order, scores, count)]
        stored = reader.topics(id_ for id_, *_ in ranked)
        if len(stored) < len(ranked) and snapshot is not reader.snapshot():
            return None
        there = [topic for topic in ranked if topic[0] in stored]
        there = [topic for topic in there if note is None or is_section_of(note, stored[topic[0]])]
        matches = snapshot.entry_matches([row_id for row_id, *_ in there], vector, query.slot)
        return [
            _hit(stored[topic[0]], *topic, matches.get(topic[0], ()), line, closer.entries.get(topic[0], {}))
            for topic in there
        ]

    hits = best(max(limit, settings.number_candidates if digit_words(query.text) else TITLES_COMPARED))
    if hits and asks_for_section(query.text, hits[0]):
        hits = best(max(limit, settings.section_candidates))
    if hits is None:
        return None
    hits = in_particular(query.text, hits)[:limit]
    sections = best(settings.section_candidates, hits[0]) if hits and names_note(request.query_terms, hits[0]) else []
    return None if sections is None else Ranked(hits, sections)


def _of(order: Ids, scores: Vectors, count: int) -> Ids:
    return np.asarray(order[_best(scores[order], count)])


def _promote(scores: Vectors, is_promoted: npt.NDArray[np.bool_]) -> Vectors:
    """Map the scores of promoted topics to 0.5 to 1 and those of the others to 0 to 0.5, each in order."""
    return np.where(is_promoted, (1 + np.maximum(scores, 0)) / 2, scores / 2)


def _best(scores: Vectors, count: int) -> Ids:
    return np.argsort(-scores, kind="stable")[:count]


def _hit(
    stored: StoredTopic,
    row_id: int,
    score: float,
    similarity: float,
    matches: Sequence[EntryMatch],
    line: Line,
    by_tokens: Mapping[int, float],
) -> Hit:
    scores = tuple(by_tokens.get(entry, line.one(match.score)) for entry, match in enumerate(matches))
    spans = tuple(match.span for match in matches)
    return Hit(row_id, stored.topic_id, stored.topic, stored.path, score, similarity, scores, spans)
