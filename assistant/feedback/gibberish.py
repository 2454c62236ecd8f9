"""is this a question, or only keys that were pressed? what nobody meant to ask is no gap"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from index.text import STOP_WORDS, function_words, stem, stemmed_words

MIN_LETTERS: Final = 5
"""Letters from which on a word can be seen to be none: shorter ones are often names (psql, xkcd)."""

MIN_LIBRARY_WORDS: Final = 300
"""Words of a library from which on it tells which letters follow each other: the thirty bundled topics have thrice as
many."""

UNSEEN_SHARE: Final = 0.5
"""The share of a word's pairs of letters that no word of the library has, from which on it is none. Of names that no
library knows (kubectl, traefik, kyverno, Szczecin) none reaches that over the bundled topics; of pressed keys, most."""

KEY_RUN: Final = 0.6
"""The share of a word that lies on neighbouring keys, from which on it was not written: "property" has half."""

MAX_INVENTED: Final = 7
"""Letters up to which a word that nobody knows may be made up: longer ones are mostly put together of words."""

MIN_TOLD: Final = 4
"""Letters from which on a word that the model reads as one token is one: of three, it has many that are none (tam)."""

_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiopü", "asdfghjklöä", "yxcvbnm")
_KEYS_IN_A_ROW: Final = 4
"""Neighbouring keys that are a run: three stand in many words."""
_REPEATED_LETTERS: Final = re.compile(r"(.{1,3})\1{2,}.?")
_TWICE: Final = re.compile(r"(.{3,4})\1")
_VOWELS: Final = frozenset("aeiouy")

Bigrams = Counter[str]
"""How many words have two letters side by side."""


def bigrams(words: Iterable[str]) -> Bigrams:
    """Return how many of some words have each two letters side by side.

    >>> bigrams(["bread", "read"])["re"]
    2
    """
    return Counter(pair for word in words for pair in {word[at : at + 2] for at in range(len(word) - 1)})


def is_gibberish(question: str, is_known: Callable[[str], bool], seen: Bigrams, words: int) -> bool:
    """Return whether a question asks for nothing: it has no word with a meaning, or none that is one.

    `is_known` tells whether a library holds a stem; `seen` are the pairs of letters of its `words`.

    >>> [is_gibberish(text, lambda _: False, Counter(), 0) for text in ("asdfgh jklö", "???", "what is kubectl?")]
    [True, True, False]
    """
    meant = [question[word.start : word.end].casefold() for word in stemmed_words(question)]
    return not any(is_known(stem(word)) or not _is_no_word(word, seen, words) for word in meant)


def is_unheard_of(question: str, is_known: Callable[[str], bool]) -> bool:
    """Return whether a question is nothing but short words that nobody knows, made up or the names of something new.

    Which of the two cannot be told by its letters: "blorf wug tam", "grafana". `is_known` tells whether a library holds
    a word or a model reads it as one token.

    >>> [is_unheard_of(text, lambda _: False) for text in ("blorf wug tam", "what is blorf?", "Flammkuchen")]
    [True, False, False]
    """
    words = [question[word.start : word.end].casefold() for word in stemmed_words(question)]
    is_sentence = bool(function_words(question)) or not STOP_WORDS.isdisjoint(question.casefold().split())
    return bool(words) and not is_sentence and not any(len(word) > MAX_INVENTED or is_known(word) for word in words)


def _is_no_word(word: str, seen: Bigrams, words: int) -> bool:
    """Return whether nobody writes a word so; of other scripts than Latin, nothing is said."""
    if not any(map(str.isalnum, word)):
        return True
    letters = "".join(filter(str.isalpha, word))
    twice = _TWICE.fullmatch(letters)
    if _REPEATED_LETTERS.fullmatch(letters) or (twice and _key_run(twice[1]) == len(twice[1])):
        return True
    if _key_run(letters) >= max(_KEYS_IN_A_ROW, KEY_RUN * len(letters)):
        return True
    if len(letters) < MIN_LETTERS or not letters.isascii():
        return False
    has_no_vowel = len(letters) > MIN_LETTERS and not _VOWELS & set(letters)
    return has_no_vowel or (words >= MIN_LIBRARY_WORDS and _unseen(letters, seen) >= UNSEEN_SHARE)


def _key_run(word: str) -> int:
    """Return the longest stretch of a word that lies on neighbouring keys, from either side.

    >>> _key_run("asdfx"), _key_run("poiuy"), _key_run("bread")
    (4, 5, 0)
    """
    lines = [line for row in _ROWS for line in (row, row[::-1])]
    lengths = range(len(word), 2, -1)
    runs = (length for length in lengths for at in range(len(word) - length + 1) if _on(lines, word[at : at + length]))
    return next(runs, 0)


def _on(lines: Iterable[str], part: str) -> bool:
    return any(part in line for line in lines)


def _unseen(word: str, seen: Bigrams) -> float:
    pairs = [word[at : at + 2] for at in range(len(word) - 1)]
    return sum(seen[pair] < 2 for pair in pairs) / len(pairs)
