"""how does a question become ranked topics?"""

from index.retrieval.filters import KIND_OF, Narrowed, filter_text, filter_tokens, narrowed, notes_text, parse_filters
from index.retrieval.late_interaction import QueryTerms, query_terms, read_words, token_likeness
from index.retrieval.note_index import LatestNoteIndex, NoteIndex
from index.retrieval.query import Query, parse_query
from index.retrieval.ranking import SearchRequest, max_sim, search
from index.retrieval.similar_topics import all_centred, like_topics
from index.retrieval.understanding import SearchResults, hit_text, understand

__all__ = [
    "KIND_OF",
    "LatestNoteIndex",
    "Narrowed",
    "NoteIndex",
    "Query",
    "QueryTerms",
    "SearchRequest",
    "SearchResults",
    "all_centred",
    "filter_text",
    "filter_tokens",
    "hit_text",
    "like_topics",
    "max_sim",
    "narrowed",
    "notes_text",
    "parse_filters",
    "parse_query",
    "query_terms",
    "read_words",
    "search",
    "token_likeness",
    "understand",
]
