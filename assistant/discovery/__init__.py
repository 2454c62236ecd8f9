"""what belongs together?"""

from assistant.discovery.contradictions import with_others
from assistant.discovery.disambiguation import Named, disambiguated, headings_above
from assistant.discovery.duplicates import Duplicates, find_duplicates
from assistant.discovery.facets import Facet, Narrowing, offered_facets
from assistant.discovery.grouping import GroupedBy, Grouping, grouping_of
from assistant.discovery.mapping import Point, TopicMap, place, topic_map
from assistant.discovery.overview import Contents, Listed, by_subject, contents, read_topic
from assistant.discovery.related import LIMIT, related_topics
from assistant.discovery.suggestions import OFFERED, example_questions, only_greets
from assistant.discovery.titles import find_topic, nearest_topics, split_place
from assistant.discovery.typeahead import MAX_QUESTIONS, Suggestion, Typeahead, title_suggestions

__all__ = [
    "LIMIT",
    "MAX_QUESTIONS",
    "OFFERED",
    "Contents",
    "Duplicates",
    "Facet",
    "GroupedBy",
    "Grouping",
    "Listed",
    "Named",
    "Narrowing",
    "Point",
    "Suggestion",
    "TopicMap",
    "Typeahead",
    "by_subject",
    "contents",
    "disambiguated",
    "example_questions",
    "find_duplicates",
    "find_topic",
    "grouping_of",
    "headings_above",
    "nearest_topics",
    "offered_facets",
    "only_greets",
    "place",
    "read_topic",
    "related_topics",
    "split_place",
    "title_suggestions",
    "topic_map",
    "with_others",
]
