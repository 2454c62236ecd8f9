"""which passage of an entry answers?"""

from assistant.answering.passage.alignment import TokenAlignment, align, align_in_place
from assistant.answering.passage.asked_field import AskedField, asked_field, field_name
from assistant.answering.passage.asked_number import (
    asks_money,
    counted_stems,
    heading_states,
    number_asked,
    says_count,
    states_number,
)
from assistant.answering.passage.day_above import day_above
from assistant.answering.passage.lacking import lacks_name, lacks_negation, lacks_number, lists_what_is_counted
from assistant.answering.passage.matched_words import MAX_WORDS, like_words, shared_words
from assistant.answering.passage.note_field import note_field
from assistant.answering.passage.passage import Shown, best_passage, first_words, words_of_days
from assistant.answering.passage.permissions import PERMISSION_WORDS, forbids
from assistant.answering.passage.steps import ASKS_ORDER, LIKELY
from assistant.answering.passage.worth import is_unwritten

__all__ = [
    "ASKS_ORDER",
    "LIKELY",
    "MAX_WORDS",
    "PERMISSION_WORDS",
    "AskedField",
    "Shown",
    "TokenAlignment",
    "align",
    "align_in_place",
    "asked_field",
    "asks_money",
    "best_passage",
    "counted_stems",
    "day_above",
    "field_name",
    "first_words",
    "forbids",
    "heading_states",
    "is_unwritten",
    "lacks_name",
    "lacks_negation",
    "lacks_number",
    "like_words",
    "lists_what_is_counted",
    "note_field",
    "number_asked",
    "says_count",
    "shared_words",
    "states_number",
    "words_of_days",
]
