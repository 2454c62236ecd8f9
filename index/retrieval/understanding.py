"""how is a question understood in a library, and which topics do its quotes and days call for?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from index.embedding import Tokenizer
from index.records import Hit, StoredTopic, Vectors, WordForms
from index.retrieval.late_interaction import QueryTerms
from index.retrieval.query import Query, count_contained, parse_query
from index.storage import Filters, LexicalReader
from index.text import (
    bases,
    compared,
    dates,
    function_words,
    mend,
    other_forms,
    respelled,
    spelling_forms,
    stem,
    stems,
    terms,
    without_year,
    written_names,
)


class SearchResults(NamedTuple):
    """The hits of a question, and how it was understood."""

    query: Query
    vector: Vectors
    """The question's embedding, shape (dimension,)."""
    query_terms: QueryTerms
    """Its meaningful words with contextual token vectors."""
    hits: list[Hit]
    terms_alone: QueryTerms
    """Its meaningful words with static token vectors, the same in any text."""
    sections: Sequence[Hit] = ()
    """The sections of the first hit's note, best first, where the question names that note; none otherwise."""


def understand(question: str, lexical: LexicalReader, tokenizer: Tokenizer, *, as_typed: bool = False) -> Query:
    """Return a parsed question with misspelt words corrected, unless `as_typed`.

    A word that the library lacks stays as it is if the model has it, or its base form, as one token: then it is a real
    word for something that the notes do not mention.

    Raises:
        QuestionError: a slot does not exist, or there is nothing but filters.

    """
    query = parse_query(question, is_written=lambda text: lexical.holds(compared(text)))

    def forms_of(text: str) -> WordForms:
        return other_forms(text, lexical.words_with) or spelling_forms(text, lexical.holds)

    if as_typed:
        return replace(query, forms=forms_of(query.text))
    quoted = compared(" ".join(query.literals))

    def is_read_whole(word: str) -> bool:
        return tokenizer.count_tokens(word) == 1

    def is_base(form: str) -> bool:
        return form in lexical.words_with(form[0]) or (not form.endswith("e") and is_read_whole(form))

    def is_known(word: str) -> bool:
        if word in quoted or lexical.frequency(stem(word)) > 0 or is_read_whole(word) or stem(word) in forms:
            return True
        return any(is_base(form) for form in bases(word))

    text = respelled(query.text, lambda word: word in quoted or lexical.holds(stem(word)))
    forms = forms_of(text)
    mended = mend(text, is_known, lexical.words_with)
    capitals_name = not function_words(question)
    names = tuple(word._replace(is_name=word.is_name and capitals_name) for word in mended.replaced)
    forms = forms_of(mended.text) if names else forms
    unknown_names = _unknown_names(mended.text, lexical, forms) if capitals_name else frozenset[str]()
    return replace(query, text=mended.text, replaced=names, unknown_names=unknown_names, forms=forms)


def _unknown_names(text: str, lexical: LexicalReader, forms: WordForms) -> frozenset[str]:
    """Return the stems of the words written as names that no topic holds, in no form and in no part."""
    names = (stem(compared(name)) for name in written_names(text) if not stems(name) & set(forms))
    return frozenset(name for name in names if "-" not in name and not lexical.holds(name))


def topics_quoting(
    literals: tuple[str, ...],
    topic_ids_by_words: Iterable[int],
    lexical: LexicalReader,
    read: Callable[[Iterable[int]], Mapping[int, StoredTopic]],
    limit: int,
    filters: Filters,
) -> list[int]:
    """Return the topics that hold most of the texts literally; empty if no topic holds any."""
    if not literals:
        return []
    candidates = set(topic_ids_by_words)
    for literal in literals:
        words = [word for word in terms(compared(literal)) if word.isalnum()]
        candidates.update(lexical.topics_containing(words, limit, filters))
    counts = {id_: count_contained(stored.topic, literals) for id_, stored in read(candidates).items()}
    most = max(counts.values(), default=0)
    return [id_ for id_, count in counts.items() if count == most > 0]


def of_that_day(text: str, lexical: LexicalReader, limit: int, filters: Filters) -> list[int]:
    """Return the topics that name every day of a text, in any notation; empty if the text names no day.

    If there are none, return those that name the days without a year.
    """
    named = [day.key for day in dates(text)]
    for keys in (named, list(map(without_year, named))):
        if topics := lexical.topics_containing(keys, limit, filters):
            return topics
    return []


def hit_text(hit: Hit) -> str:
    """Return all texts of a hit that may name numbers and days, its file name included."""
    return f"{hit.path}\n{hit.topic.full_text}"
