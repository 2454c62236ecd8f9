"""how does a question become ranked topics?"""

from index.retrieval.late_interaction import Aspects, aspects, read_words, token_likeness
from index.retrieval.query import Query, parse_query
from index.retrieval.ranking import SearchRequest, max_sim, search
from index.retrieval.similar_topics import all_centred, like_topics
from index.retrieval.understanding import Found, hit_text, understand

__all__ = [
    "Aspects",
    "Found",
    "Query",
    "SearchRequest",
    "all_centred",
    "aspects",
    "hit_text",
    "like_topics",
    "max_sim",
    "parse_query",
    "read_words",
    "search",
    "token_likeness",
    "understand",
]
