"""the other forms of a word in its own language (home of Snowball's stemmers of other languages than English)

Words are indexed by their English stems, whatever their language, which an index need not know. A question knows its
own, and is looked for by all stems under which a library holds a form of its words (query expansion by conflation
classes, Xu and Croft 1998).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from typing import Final

import Stemmer

from index.records import WordForms
from index.text.languages import function_words, stemmed_language
from index.text.normal_form import unaccented
from index.text.spelling import Vocabulary
from index.text.words import plain_words, stem

BEGINNING: Final = 3
"""Letters that all forms of a word begin with; a word of fewer is left as it is."""

UMLAUTS: Final[Mapping[str, str]] = {"a": "ä", "o": "ö", "u": "ü"}
"""Letters that differ between the forms of a German word: Haus and Häuser."""


def other_forms(text: str, vocabulary: Vocabulary) -> WordForms:
    """Return, by the stem of each word of a text, the stems under which a library holds other forms of it.

    `vocabulary` gives the words of the library that begin with some letters. Function words have no forms, nor do the
    words of a text that is English, or whose language is not told.

    >>> other_forms("Wo sind die Bücher?", lambda letters: {"buch": 3, "bücherei": 1} if letters == "buc" else {})
    {'bucher': frozenset({'buch'})}
    """
    if not (language := stemmed_language(text)):
        return {}
    words = {word for word in plain_words(text) if len(word) >= BEGINNING} - function_words(text)
    forms = {stem(word): _forms_of(word, language, vocabulary) - {stem(word)} for word in words}
    return {word: others for word, others in forms.items() if others}


def _forms_of(word: str, language: str, vocabulary: Vocabulary) -> frozenset[str]:
    known = [other for letters in _beginnings(word, language) for other in vocabulary(letters)]
    stems = _stemmed([word, *known], language)
    return frozenset(stem(other) for other, its_stem in zip(known, stems[1:], strict=True) if its_stem == stems[0])


def _beginnings(word: str, language: str) -> Iterator[str]:
    changed = UMLAUTS if language == "german" else {}
    letters = ({letter, unaccented(letter), changed.get(unaccented(letter), letter)} for letter in word[:BEGINNING])
    return map("".join, product(*letters))


def _stemmed(words: list[str], language: str) -> list[str]:
    with _STEMMING:
        return list(_stemmer(language).stemWords(words))


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(language, 0)


_STEMMING: Final = threading.Lock()
"""A stemmer serves one thread at a time."""
