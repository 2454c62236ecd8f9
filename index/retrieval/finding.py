"""which topics match a question, and how was it understood? all requests to the model and the engine, in order"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from index.embedding import CrossEncoder, Encoder, Line, check_length, check_model
from index.records import ALL_NOTES, NoteFilter, Slot, Tokens
from index.retrieval.cross_encoding import cross_encoded
from index.retrieval.late_interaction import QueryTerms, query_terms
from index.retrieval.note_index import LatestNoteIndex
from index.retrieval.query import Query
from index.retrieval.ranking import Reranker, SearchRequest, max_sim, search
from index.retrieval.understanding import SearchResults, understand
from index.storage import LexicalReader, Reader, Storage
from index.text import asked_words, function_words, plain_words, regional_spellings, stem, terms


def expect(reader: Reader, question: str) -> None:
    """Prefetch what understanding a question needs, so that an engine on a server is asked once."""
    words = list(plain_words(question))
    spellings = chain.from_iterable(map(regional_spellings, words))
    reader.expect(question, chain(terms(question), map(stem, chain(words, spellings))))


def find_topics(
    storage: Storage,
    encoder: Encoder,
    note_index: LatestNoteIndex,
    question: str,
    limit: int,
    *,
    subject: str | None = None,
    slot: Slot | None = None,
    notes: NoteFilter = ALL_NOTES,
    as_typed: bool = False,
    cross_encoder: CrossEncoder | None = None,
) -> SearchResults:
    """Return the topics that match a question and how it was understood; `Library.find` documents it."""
    check_length(question, encoder.tokenizer)
    calibration = encoder.calibration
    with storage.reading() as reader:
        expect(reader, question)
        check_model(storage, encoder)
        lexical = reader.lexical()
        query = understand(question, lexical, encoder.tokenizer, as_typed=as_typed)
        query = replace(query, subject=query.subject or subject, slot=query.slot or slot, notes=query.notes & notes)
        vector, tokens = encoder.encode_query(query.text)
        read_alone = (encoder.tokenizer.tokens(query.text), calibration.words)
        query_terms, terms_alone = _query_terms(query, lexical, (tokens, calibration.tokens), read_alone)
        row_ids = note_index.allowed(reader, query.notes)
        request = SearchRequest(question, query, vector, query_terms, limit, row_ids, calibration.passages)
        ranked = None
        while ranked is None:  # None if a sync changed the rows meanwhile
            ranked = search(reader, request, _reranker(reader, cross_encoder))
    return SearchResults(query, vector, query_terms, ranked.hits, terms_alone, ranked.sections)


def _query_terms(query: Query, lexical: LexicalReader, *read: tuple[Tokens, Line]) -> list[QueryTerms]:
    """Return the query terms, once for each way in which the question's tokens were encoded."""
    empty = {stem(word) for word in function_words(query.text)}
    words = [word for word in asked_words(query.text, lexical.holds) if word.stem not in empty]

    def rarity(word: str) -> float:
        return lexical.rarity_of(word, query.forms)

    return [query_terms(query.text, tokens, rarity, words, line, query.forms) for tokens, line in read]


def _reranker(reader: Reader, cross_encoder: CrossEncoder | None) -> Reranker:
    late_interaction = max_sim(reader)
    if cross_encoder is None or not cross_encoder.weight:
        return late_interaction
    return cross_encoded(reader, cross_encoder, late_interaction)
