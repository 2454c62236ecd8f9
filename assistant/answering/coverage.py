"""how far does a topic cover the terms of a question, word by word?"""

from __future__ import annotations

import re
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.answering.passage import (
    Shown,
    align,
    asked_field,
    counted_stems,
    is_unwritten,
    lacks_name,
    lacks_negation,
    lacks_number,
    lists_what_is_counted,
)
from index.library import Library
from index.markdown import visible_text
from index.records import Hit, Topic
from index.retrieval import (
    QueryTerms,
    SearchResults,
    asks_link,
    hit_text,
    is_other_section,
    is_remedy,
    term_similarity,
    words_for_section,
)
from index.text import (
    NumberMatch,
    contraries_stated,
    joined_parts,
    number_matches,
    other_measures,
    said_stems,
    stem,
    stems,
    stop_word_terms,
    title_key,
    undone,
)

WordValues: TypeAlias = npt.NDArray[np.float32]
"""A number from 0 to 1 for each query term."""

ASKING_WORDS: Final = stems(
    """
    example instance snippet sample story anecdote illustration case practical concrete actual practice wild action
    step tip trick advice checklist tutorial procedure instruction guide rule thumb walk recipe look start begin rid
    definition define meaning term concept overview summary basics introduction explain explanation describe nutshell
    plain simple words purpose point reason idea difference differ exactly happen left tried ever reach contact
    downside drawback upside disadvantage advantage benefit pro con caveat weakness strength tradeoff nachteil vorteil
    line sentence paragraph brief briefly short shortly please quick quickly deal worth everyone everybody anyone
    anybody someone somebody people really actually honestly basically simply complain turn
    """
)
"""Words that an answer need not hold: they say what is wanted of a thing, or nothing to look for. On notes that nothing
was fitted on, those above "line" raise the AUROC of answers against near misses by .01; the others are everyday words
that a small library lacks and takes for rare ones."""

MIN_COUNTED_SIMILARITY: Final = 0.4
"""How similar to some word of a topic the word for what a question counts must be, where the topic does not have it:
sugar is in no drink of gin and lemon (.21), nor calories in an egg (.32)."""
MEASURES: Final = stems(
    """
    time second minute hour day night week month year money euro dollar pound cent franc degree percent
    gram kilo kilogram ounce litre liter millilitre milliliter cup spoon tablespoon teaspoon
    mile kilometre kilometer metre meter centimetre centimeter millimetre millimeter inch foot feet yard acre
    watt volt amp bit byte kilobyte megabyte gigabyte pixel people person
    """
)
"""What is counted that a text writes as a sign ("$6", "20 g") or leaves out."""

MAX_NAME_WORDS: Final = 3
"""Meaningful words up to which a question names its thing; with more, some may be paraphrased in the notes."""


_PERMISSION_ASKED: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:can|may|could|should) (?:i|we|you|one|they) (?P<doing>[a-z]+)",
        r"\b(?:darf|dürfen|kann|können) (?:ich|man|wir)\b.*?(?P<doing>[a-zäöüß]+)\W*\Z",
        r"\b(?:mag|mogen|kan|kunnen) (?:ik|men|je|we)\b.*?(?P<doing>[a-z]+)\W*\Z",
        r"\b(?:puis-je|peut-on|pouvons-nous|est-ce (?:que je peux|qu['’]on peut)) (?P<doing>[a-zà-ÿ]+)",
        r"\b(?:puedo|podemos|se puede|posso|si può|possiamo|pode-se) (?P<doing>[a-zà-ÿ]+)",
    )
)
"""Questions whether one may do something, with what is to be done: in German and Dutch it is the last word."""
_NEWS_ASKED: Final = re.compile(r"\bwhat(?:['’]s| is| has| was)? (?:new|changed)\b(?=.*\d)", re.IGNORECASE)
"""A question for what a version brought, which its notes list without these words."""
_ORDER_ASKED: Final = re.compile(r"\bin (?:(?:what|which|the (?:right|correct)) )?order\b(?! to\b)", re.IGNORECASE)
"""An order that a list has without saying so."""
_PERMISSION_WORDS: Final = stems(
    """
    allowed permitted forbidden prohibited banned suitable unsuitable compatible incompatible safe unsafe accepted
    erlaubt erlaubte verboten verbotene zulässig zulässige unzulässig unzulässige geeignet geeignete ungeeignet
    ungeeignete toegestaan toegestane verboden geschikt geschikte ongeschikt ongeschikte
    autorisé autorisés autorisées interdit interdits interdites permis compatibles
    permitido permitidos permitidas prohibido prohibidos prohibidas apto aptos consentito consentiti consentite vietato
    vietati vietate proibido proibidos proibidas
    """
)
"""What the heading of a list says of all that it lists: that something may be done with it, or may not."""

_PATH_OR_HOST: Final = re.compile(r"\S*\w[./]\w\S*")
_ASKS_NAME: Final = re.compile(r"\b(?:which|what|who|whose|where)\b", re.IGNORECASE)

_ASKS_OPENLY: Final = re.compile(r"^\W*(?:what|how|why|when|where|who)\b(?!.*\bor\b)", re.IGNORECASE)
"""A question that none of its own words answers."""

MAX_NAMING_WORDS: Final = 2
"""Words up to which a heading only names something; a longer one may state something: "Passport is in the drawer"."""


class Coverage(NamedTuple):
    """How far a topic covers each query term: arrays of shape (terms,)."""

    weights: WordValues
    """The weight of each term; they sum to 1."""
    similarity: WordValues
    """The similarity of the most similar tokens of the topic to each term; 1 for a question it was marked for. A term
    with a digit, or with a character that the model does not know, is contained or not: 1 or 0. A name that was read
    as another name is not contained."""
    is_contained: npt.NDArray[np.bool_]
    """Whether the topic contains the term itself, in any form."""
    is_outside_title: npt.NDArray[np.bool_]
    """Whether the term is in no heading of the topic: what is asked about the thing, and not its name."""
    is_refuted: npt.NDArray[np.bool_]
    """Whether the topic has another number, code, day or name in place of the term, such as another version, room, year
    or person; or whether the term is something to do and the topic says how to undo it."""
    is_absent: bool = False
    """Whether the question has so few terms that the passage, a heading above it, an alias or the front matter should
    hold at least one, and they hold none."""
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
    query_terms = results.query_terms
    binary_tokens = library.reader.topic_tokens([hit.row_id], None).get(hit.row_id, ())
    similarity = term_similarity(query_terms, [bits for _, bits in binary_tokens])
    text = hit.topic.full_text
    if similarity is None:
        query_terms = results.terms_alone
        similarity = query_terms.by_word(align(query_terms, text, library.encoder.tokenizer).nearest((0, len(text))))
    numbers = number_matches(results.query.text, hit_text(hit))
    is_number, is_same, is_other, is_amount = (
        query_terms.are_in({word for word, match in numbers.items() if match in which})
        for which in (NumberMatch, {NumberMatch.SAME}, {NumberMatch.OTHER}, {NumberMatch.AMOUNT})
    )
    is_undone = query_terms.are_in(undone(results.query.text, hit_text(hit), hit.topic.heading_path, shown.text))
    is_other_row = query_terms.are_in(
        other_measures(results.query.text, shown.text) if "|" in shown.text else frozenset()
    )
    is_learned = query_terms.are_in(stems("\n".join(library.reader.learned(hit.id))))
    stated = _stated_terms(text, hit.topic, results.query.text)
    above = stems(hit.topic.heading_path)
    is_contrary = query_terms.are_in(contraries_stated(results.query.text, stated, shown.text, above))
    field = asked_field(results.query.text)
    answered_words = field.words if field.is_in(shown.text) else frozenset[str]()
    is_said = query_terms.are_in(answered_words | (stems(shown.text) if shown.is_note_field else frozenset()))
    is_other_name = query_terms.are_in(set(map(stem, results.query.other_names)))
    is_contained = np.where(is_number, is_same, query_terms.are_in(stated) & ~is_other_name) | is_learned | is_said
    is_heading = (
        query_terms.are_in(_stated_terms(hit.topic.heading_path, hit.topic, results.query.text)) & ~is_other_name
    )
    is_thing = query_terms.are_in(counted_stems(results.query.text) - MEASURES)
    is_uncounted = bool((is_thing & ~is_contained & (similarity < MIN_COUNTED_SIMILARITY)).any())
    is_exact = is_number | is_other_name | query_terms.is_unread
    asking = ASKING_WORDS.union(
        _permission_asked(results.query.text, hit.topic), words_for_section(results.query.text, hit.topic.title)
    )
    asking |= told_of_case(results, hit)
    asking |= stems("new changed") if _NEWS_ASKED.search(results.query.text) else frozenset()
    asking |= stems("order") if _ORDER_ASKED.search(results.query.text) else frozenset()
    is_asking = (query_terms.are_in(asking) | is_amount) & ~is_contained
    weights = np.where(is_asking, 0, query_terms.weights)
    is_given = is_heading | is_learned | query_terms.are_in(said_stems(_beside(hit.topic)))
    return Coverage(
        weights / max(weights.sum(), np.finfo(np.float32).tiny),
        np.where(is_learned | is_said | is_exact, is_contained, np.clip(similarity, 0, 1)).astype(np.float32),
        is_contained,
        ~(is_heading | is_asking),
        ((is_other | is_other_row) & ~is_contained)
        | (is_undone & ~is_learned)
        | (is_other_name & query_terms.are_in(stated) & ~is_learned),
        _is_absent(query_terms, is_given | query_terms.are_in(said_stems(shown.text))),
        bool((is_contrary & ~is_learned).any()),
        is_uncounted or _is_lacking(results.query.text, shown.text, hit.topic),
        _is_topic_name(results.query.text, hit.topic),
        is_unwritten(shown.text)
        or is_other_section(results.query.text, hit.topic.title)
        or _is_echo(results.query.text, shown.text)
        or _is_bare_heading(results.query.text, hit.topic, visible_text(shown.text)),
    )


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


def _beside(topic: Topic) -> str:
    """Return what a note says of a topic beside its text and its headings."""
    return "\n".join((*topic.aliases, *topic.tags, topic.fields_text))


def told_of_case(results: SearchResults, hit: Hit) -> frozenset[str]:
    """Return the stems that the other sections of a note say where a remedy is asked for: the case in which it helps.

    None where the hit is not the section that has the remedy.
    """
    if not is_remedy(results.query.text, hit.topic.title):
        return frozenset()
    others = (section.topic.full_text for section in results.sections if section.row_id != hit.row_id)
    return frozenset[str]().union(*map(said_stems, others))


def _permission_asked(question: str, topic: Topic) -> frozenset[str]:
    """Return the stem of what somebody asks to be allowed to do, where a heading lists what is allowed or what is not.

    What is listed there need not repeat it: leather, below "Prohibited materials", may not be cut.
    """
    if not stems(topic.heading_path) & _PERMISSION_WORDS:
        return frozenset()
    matches = (match for pattern in _PERMISSION_ASKED if (match := pattern.search(question)))
    return frozenset[str]().union(*(stems(match["doing"]) for match in matches))


def _is_absent(query_terms: QueryTerms, is_there: npt.NDArray[np.bool_]) -> bool:
    """Say whether none of at most `MAX_NAME_WORDS` terms is there; False if a term is not ASCII."""
    are_words = all(stem.isascii() for stem in query_terms.stems)
    return are_words and 0 < len(is_there) <= MAX_NAME_WORDS and not is_there.any()


def _is_topic_name(question: str, topic: Topic) -> bool:
    return title_key(question) in map(title_key, (*_topic_names(topic), f"{topic.subject} > {topic.title}"))


def _is_echo(question: str, shown: str) -> bool:
    """Say whether a passage only repeats words of a question: a word or two of an open one, or links not asked for.

    >>> _is_echo("what is there to see of the mill?", "Mill"), _is_echo("is the mill open?", "Mill")
    (True, False)
    >>> _is_echo("is the mill open?", "[Mill](mill.md)"), _is_echo("where is the page on the mill?", "[Mill](mill.md)")
    (True, False)
    """
    seen = visible_text(shown)
    if not stems(seen) or not stems(seen) <= stems(question):
        return False
    if "](" in shown:
        return not asks_link(question)
    return len(seen.split()) <= MAX_NAMING_WORDS and _ASKS_OPENLY.search(question) is not None


def _is_bare_heading(question: str, topic: Topic, shown: str) -> bool:
    """Say whether the passage is the title of its topic and only a name, or says no more than the question."""
    if title_key(shown) != title_key(topic.title):
        return False
    is_name = shown.isascii() and len(shown.split()) <= MAX_NAMING_WORDS and not any(map(str.isdigit, shown))
    return is_name or stems(shown) <= stems(question)


def says_no_more(question: str, shown: str) -> bool:
    """Say whether a row of a table without code has no word beyond those of the question, addresses aside.

    False for a question that asks for a name ("Which tool makes copies?"): the topic's title is one.

    >>> says_no_more("how do I pack a box?", "| box | where boxes are packed | box.example |")
    True
    >>> says_no_more("how do I pack a box?", "| box | packed by hand |")
    False
    """
    if "|" not in shown or "`" in shown or _ASKS_NAME.search(question):
        return False
    return stems(_PATH_OR_HOST.sub(" ", visible_text(shown))) <= stems(question)


def _topic_names(topic: Topic) -> tuple[str, ...]:
    return (topic.title, topic.subject, *topic.parents, *topic.asked_as, *topic.aliases)
