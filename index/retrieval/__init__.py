"""how does a question become ranked topics?"""

from typing import TYPE_CHECKING

from index.faces import lazy_face

if TYPE_CHECKING:
    from index.retrieval.cross_encoding import cross_encoded, passage_of
    from index.retrieval.filters import (
        Narrowed,
        SaidFilter,
        filter_text,
        filter_tokens,
        narrowed,
        notes_text,
        parse_filters,
    )
    from index.retrieval.finding import expect, find_topics
    from index.retrieval.late_interaction import QueryTerms, query_terms, term_similarity, token_similarity
    from index.retrieval.note_index import LatestNoteIndex, NoteIndex
    from index.retrieval.plain_methods import rank_by_meaning, rank_by_words
    from index.retrieval.promotion import asks_link, with_first
    from index.retrieval.query import Query, parse_query
    from index.retrieval.ranking import Reranker, SearchRequest, max_sim, search
    from index.retrieval.sections import is_other_section, is_remedy, words_for_section
    from index.retrieval.settings import RETRIEVAL, RetrievalSettings
    from index.retrieval.similar_topics import all_centred, like_topics
    from index.retrieval.understanding import SearchResults, hit_text, understand

__all__ = [
    "RETRIEVAL",
    "LatestNoteIndex",
    "Narrowed",
    "NoteIndex",
    "Query",
    "QueryTerms",
    "Reranker",
    "RetrievalSettings",
    "SaidFilter",
    "SearchRequest",
    "SearchResults",
    "all_centred",
    "asks_link",
    "cross_encoded",
    "expect",
    "filter_text",
    "filter_tokens",
    "find_topics",
    "hit_text",
    "is_other_section",
    "is_remedy",
    "like_topics",
    "max_sim",
    "narrowed",
    "notes_text",
    "parse_filters",
    "parse_query",
    "passage_of",
    "query_terms",
    "rank_by_meaning",
    "rank_by_words",
    "search",
    "term_similarity",
    "token_similarity",
    "understand",
    "with_first",
    "words_for_section",
]

__getattr__ = lazy_face(__name__, __file__)
