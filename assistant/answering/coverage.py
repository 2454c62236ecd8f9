"""how far does a topic cover the terms of a question, word by word?"""

from __future__ import annotations

import re
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.answering.asked_action import asked_action, asks_whether
from assistant.answering.asking_words import asking_words
from assistant.answering.passage import (
    Shown,
    align,
    asked_field,
    counted_stems,
    lacks_name,
    lacks_negation,
    lacks_number,
    lists_what_is_counted,
)
from assistant.answering.says_nothing import says_nothing
from index.library import Library
from index.records import Hit, Topic
from index.retrieval import QueryTerms, SearchResults, hit_text, term_similarity
from index.text import (
    NumberMatch,
    contraries_stated,
    joined_parts,
    number_matches,
    other_measures,
    plain_words,
    said_stems,
    stem,
    stems,
    stop_word_terms,
    title_key,
    undone,
)

WordValues: TypeAlias = npt.NDArray[np.float32]
"""A number from 0 to 1 for each query term."""
_Terms: TypeAlias = npt.NDArray[np.bool_]
"""Which query terms something is true of."""

MIN_COUNTED_SIMILARITY: Final = 0.4
"""How similar to some word of a topic the word for what a question counts must be, where the topic does not have it:
sugar is in no drink of gin and lemon (.21), nor calories in an egg (.32)."""
MAX_UNSPOKEN_SIMILARITY: Final = 0.6
"""How similar to some word of a topic a word may be of which the topic doesn't speak: synonyms ("remove", "delete") are
more alike."""
MIN_UNCONFIRMED: Final = 2
"""Words of a question to be confirmed or denied of which the topic must not speak: "is it dangerous to eat?"."""
MEASURES: Final = stems(
    """
    time second minute hour day night week month year money euro dollar pound cent franc degree percent
    gram kilo kilogram ounce litre liter millilitre milliliter cup spoon tablespoon teaspoon
    mile kilometre kilometer metre meter centimetre centimeter millimetre millimeter inch foot feet yard acre
    watt volt amp bit byte kilobyte megabyte gigabyte pixel people person
    """
)
"""What is counted that a text writes as a sign ("$6", "20 g") or leaves out."""

_REPLACING_WORDS: Final = stems("replace replaces replaced replacement substitute alternative successor instead")
_REPLACES: Final = re.compile(
    r"\b(?:instead|in (?:place|lieu) of|replac\w+|substitut\w+|alternatives?|successors?|succeeded|superseded)\b",
    re.IGNORECASE,
)

MAX_NAME_WORDS: Final = 3
"""Meaningful words up to which a question names its thing; with more, some may be paraphrased in the notes."""


class Coverage(NamedTuple):
    """How far a topic covers each query term: arrays of shape (terms,)."""

    weights: WordValues
    """The weight of each term; they sum to 1."""
    similarity: WordValues
    """The similarity of the most similar tokens of the topic to each term; 1 for a question it was marked for. A term
    with a digit, or with a character that the model does not know, is contained or not: 1 or 0. A name that was read
    as another name is not contained."""
    is_contained: _Terms
    """Whether the topic contains the term itself, in any form."""
    is_outside_title: _Terms
    """Whether the term is in no heading of the topic: what is asked about the thing, and not its name."""
    is_refuted: _Terms
    """Whether the topic has another number, code, day or name in place of the term, such as another version, room, year
    or person; or whether the term is something to do and the topic says how to undo it."""
    is_absent: bool = False
    """Whether the question has so few terms that the passage, a heading above it, an alias or the front matter should
    hold at least one, and they hold none."""
    is_unspoken: bool = False
    """Whether the topic nowhere speaks of what the question wants done, or of most of what it asks to be confirmed; or
    whether the question names something that no note holds."""
    is_contrary: bool = False
    """Whether the passage says the contrary of a word of the question, which the topic does not say."""
    is_lacking: bool = False
    """Whether a time, a count, an amount, a person or what is not the case is asked for, and the passage has no word of
    any."""
    is_its_name: bool = False
    """Whether the question is a name of the topic: its title, a heading above it, an alias."""
    is_empty: bool = False
    """Whether the passage says nothing of what is asked: it is a heading that only names something, a placeholder, a
    section that tells something else ("Impact", of a question for a remedy), or, for a question how something is done,
    a row that says no more than the question."""


def cover(library: Library, results: SearchResults, hit: Hit, shown: Shown) -> Coverage:
    """Return how far a topic covers a question, by static token vectors if there are no contextual ones."""
    question, topic = results.query.text, hit.topic
    query_terms, similarity = _term_similarity(library, results, hit)
    stated = _stated(library, results, hit, shown, query_terms)
    weights = np.where(stated.is_asking, 0, query_terms.weights)
    is_shown = stated.is_heading | stated.is_learned | query_terms.are_in(said_stems(f"{_beside(topic)}\n{shown.text}"))
    contraries = contraries_stated(question, stated.stems, shown.text, stems(topic.heading_path))
    return Coverage(
        weights=weights / max(weights.sum(), np.finfo(np.float32).tiny),
        similarity=np.where(stated.is_exact, stated.is_contained, np.clip(similarity, 0, 1)).astype(np.float32),
        is_contained=stated.is_contained,
        is_outside_title=stated.is_outside_title,
        is_refuted=_are_refuted(question, hit, shown, query_terms, stated),
        is_absent=_is_absent(query_terms, is_shown),
        is_unspoken=_is_unspoken(results, topic, query_terms, stated, similarity),
        is_contrary=bool((query_terms.are_in(contraries) & ~stated.is_learned).any()),
        is_lacking=_is_uncounted(question, query_terms, stated, similarity) or _is_lacking(question, shown.text, topic),
        is_its_name=_is_topic_name(question, topic),
        is_empty=says_nothing(question, topic, shown.text),
    )


class _Stated(NamedTuple):
    """What a topic states of each query term: arrays of shape (terms,), but for `stems`."""

    stems: frozenset[str]
    """The stems of its text and names."""
    numbers: _HeldNumbers
    is_contained: _Terms
    is_heading: _Terms
    """Whether a heading has the term."""
    is_asking: _Terms
    """Whether the term says what is wanted of a thing, and the topic does not contain it."""
    is_learned: _Terms
    """Whether a question with the term was marked as one that the topic answers."""
    is_other_name: _Terms
    """Whether the term was read as another name."""
    is_exact: _Terms
    """Whether the term is contained or not, whatever is similar to it."""

    @property
    def is_outside_title(self) -> _Terms:
        """Whether the term is asked about the thing, and not its name."""
        return ~(self.is_heading | self.is_asking)


def _stated(library: Library, results: SearchResults, hit: Hit, shown: Shown, query_terms: QueryTerms) -> _Stated:
    question, topic, are_in = results.query.text, hit.topic, query_terms.are_in
    numbers = _held_numbers(query_terms, question, hit_text(hit))
    stated = _stated_terms(topic.full_text, topic, question)
    is_learned = are_in(stems("\n".join(library.reader.learned(hit.id))))
    is_other_name = are_in(set(map(stem, results.query.other_names)))
    is_said = are_in(_told_otherwise(question, shown))
    is_contained = np.where(numbers.is_any, numbers.is_same, are_in(stated) & ~is_other_name) | is_learned | is_said
    return _Stated(
        stated,
        numbers,
        is_contained,
        is_heading=are_in(_stated_terms(topic.heading_path, topic, question)) & ~is_other_name,
        is_asking=(are_in(asking_words(results, hit)) | numbers.is_amount) & ~is_contained,
        is_learned=is_learned,
        is_other_name=is_other_name,
        is_exact=is_learned | is_said | numbers.is_any | is_other_name | query_terms.is_unread,
    )


def _are_refuted(question: str, hit: Hit, shown: Shown, query_terms: QueryTerms, stated: _Stated) -> _Terms:
    """Return in place of which terms the topic has another number or name, or tells how to undo them."""
    are_in = query_terms.are_in
    is_other_number = stated.numbers.is_other | are_in(_other_row(question, shown.text))
    is_undone = are_in(undone(question, hit_text(hit), hit.topic.heading_path, shown.text))
    is_namesake = stated.is_other_name & are_in(stated.stems)
    return (is_other_number & ~stated.is_contained) | ((is_undone | is_namesake) & ~stated.is_learned)


def _is_unspoken(
    results: SearchResults, topic: Topic, query_terms: QueryTerms, stated: _Stated, similarity: WordValues
) -> bool:
    """Return whether a topic nowhere speaks of what is to be done, named, or for the most part to be confirmed."""
    question = results.query.text
    is_missing = stated.is_outside_title & ~stated.is_contained & (similarity < MAX_UNSPOKEN_SIMILARITY)
    needed = asked_action(question) | _not_spelled_out(results.query.unknown_names, topic.full_text)
    if (is_missing & query_terms.are_in(needed)).any():
        return True
    weights = query_terms.weights * stated.is_outside_title
    is_most = is_missing.sum() >= MIN_UNCONFIRMED and weights[is_missing].sum() > weights.sum() / 2
    return bool(is_most) and asks_whether(question)


def _is_uncounted(question: str, query_terms: QueryTerms, stated: _Stated, similarity: WordValues) -> bool:
    """Return whether a topic has nothing like what a question counts."""
    is_thing = query_terms.are_in(counted_stems(question) - MEASURES)
    return bool((is_thing & ~stated.is_contained & (similarity < MIN_COUNTED_SIMILARITY)).any())


def _term_similarity(library: Library, results: SearchResults, hit: Hit) -> tuple[QueryTerms, WordValues]:
    """Return the terms that a topic's tokens can be compared with, and how similar the nearest of these is to each."""
    tokens = library.reader.topic_tokens([hit.row_id], None).get(hit.row_id, ())
    similarity = term_similarity(results.query_terms, [bits for _, bits in tokens])
    if similarity is not None:
        return results.query_terms, similarity
    text = hit.topic.full_text
    nearest = align(results.terms_alone, text, library.encoder.tokenizer).nearest((0, len(text)))
    return results.terms_alone, results.terms_alone.by_word(nearest)


class _HeldNumbers(NamedTuple):
    """Which terms are numbers, codes or days, and how a topic holds them: arrays of shape (terms,)."""

    is_any: _Terms
    is_same: _Terms
    is_other: _Terms
    is_amount: _Terms


def _held_numbers(query_terms: QueryTerms, question: str, text: str) -> _HeldNumbers:
    matches = number_matches(question, text)
    words_by_match = (
        {word for word, match in matches.items() if match is how}
        for how in (NumberMatch.SAME, NumberMatch.OTHER, NumberMatch.AMOUNT)
    )
    return _HeldNumbers(query_terms.are_in(matches.keys()), *map(query_terms.are_in, words_by_match))


def _told_otherwise(question: str, shown: Shown) -> frozenset[str]:
    """Return the stems of a question that the passage says in other words.

    "Phone:" says how to reach it, and what is used "instead of" a thing is what replaces it.
    """
    field = asked_field(question)
    named = field.words if field.is_in(shown.text) else frozenset[str]()
    replaces = stems(question) & _REPLACING_WORDS if _REPLACES.search(shown.text) else frozenset[str]()
    return named | replaces | (stems(shown.text) if shown.is_note_field else frozenset())


def _other_row(question: str, shown: str) -> frozenset[str]:
    return other_measures(question, shown) if "|" in shown else frozenset()


def _is_lacking(question: str, shown: str, topic: Topic) -> bool:
    """Return whether a passage lacks the number, the name or the negation that is asked for; a list says how many."""
    if lacks_name(question, shown) or lacks_negation(question, shown):
        return True
    lacks = lacks_number(question, shown, stems(topic.heading_path))
    return lacks and not lists_what_is_counted(question, shown, topic.title)


def _stated_terms(text: str, topic: Topic, question: str) -> frozenset[str]:
    """Return the stems of a topic's text and names, with words of the question that the text writes as one word."""
    stated = said_stems(text).union(*map(stop_word_terms, _topic_names(topic)))
    return stated | joined_parts(question, stated)


def _not_spelled_out(names: frozenset[str], text: str) -> frozenset[str]:
    """Return the names that are no first letters of words of a text that follow one another."""
    initials = "".join(word[0] for word in plain_words(text)) if names else ""
    return frozenset(name for name in names if name not in initials)


def _beside(topic: Topic) -> str:
    """Return what a note says of a topic beside its text and its headings."""
    return "\n".join((*topic.aliases, *topic.tags, topic.fields_text))


def _is_absent(query_terms: QueryTerms, is_there: _Terms) -> bool:
    """Say whether none of at most `MAX_NAME_WORDS` terms is there; False if a term is not ASCII."""
    are_words = all(stem.isascii() for stem in query_terms.stems)
    return are_words and 0 < len(is_there) <= MAX_NAME_WORDS and not is_there.any()


def _is_topic_name(question: str, topic: Topic) -> bool:
    return title_key(question) in map(title_key, (*_topic_names(topic), f"{topic.subject} > {topic.title}"))


def _topic_names(topic: Topic) -> tuple[str, ...]:
    return (topic.title, topic.subject, *topic.parents, *topic.asked_as, *topic.aliases)
