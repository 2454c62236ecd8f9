"""text -> the stems of the words that carry meaning (home of PyStemmer)"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

import Stemmer

from index.dates import dates, days, spelled_out
from index.letters import compared
from index.records import Span

_WORD: Final = re.compile(r"\w*\d(?:[.,:]\d+)+\w*|\w+(?:['’]\w+)?")
"""A word; a version, a time or an amount is one with its signs."""

_STOP_WORDS: Final = frozenset(
    """
    a about after again all also am an and another any anybody anyone anything are aren't as at be because been before
    being best better between both but by can can't cannot could couldn't did didn't do does doesn't doing don't each
    either else ever every few for from get gets getting give gives go goes going good got had hadn't has hasn't have
    haven't having he hello help her here hey hi him his how how's i i'd i'll i'm i've if in instead into is isn't it
    it's its just keep keeps kind know let let's like lot made make makes making many may me mean means might mine more
    most much must my need needs no not now of off on one only or other our out over own people please pls plz put
    really same say see she should shouldn't show so some somebody someone something sort still such take tell than
    thank thanks that that's the their them then there there's these they they're thing things think this those to too
    try two up us use used uses using very want wants was wasn't way ways we we're we've well were weren't what what's
    when where where's which while who who's whose why will with without won't work works would wouldn't you you're
    you've your yours
    """.split()
)
STOP_WORDS: Final = _STOP_WORDS | {word.replace("'", "") for word in _STOP_WORDS} - {"id", "ill"}
"""Words that say how a question is put rather than what it is about."""


def title_key(text: str) -> str:
    """Return a title as it is compared with a question: case, code marks and a question mark do not count.

    >>> title_key("`is` vs. `==`?")
    'is vs. =='
    """
    return " ".join(text.replace("`", "").casefold().rstrip("?! ").split())


def title_hash(title: str) -> int:
    """Return 64 bits that say whether two titles are the same, as `title_key` compares them."""
    return int.from_bytes(hashlib.blake2b(title_key(title).encode(), digest_size=8).digest(), "little")


def stems(text: str) -> frozenset[str]:
    """Return the stems of a text's words, stop words left out.

    >>> sorted(stems("How do I reconcile each other's merges?"))
    ['merg', 'reconcil']
    """
    return frozenset(stem for stem, _, _ in stemmed_words(text))


@lru_cache(maxsize=1_000)
def stemmed_words(text: str) -> tuple[tuple[str, int, int], ...]:
    """Return each meaningful word of a text as its stem and its character span."""
    return tuple(_stemmed_words(text))


def word_pieces(text: str, spans: Sequence[Span]) -> list[tuple[str, list[int]]]:
    """Return the stem of each meaningful word of a text, with which of some spans of that text it lies in.

    >>> word_pieces("the unboxing", [(0, 3), (4, 6), (6, 12)])
    [('unbox', [1, 2])]
    """
    return [
        (stem, [row for row, (start, end) in enumerate(spans) if start < last and first < end])
        for stem, first, last in stemmed_words(text)
    ]


def said_stems(text: str) -> frozenset[str]:
    """Return all that a text says in words: its stems, and its days also in the parts in which a question names them.

    >>> sorted(said_stems("2026-03-20: moved in"))
    ['03-20', '20', '2026', '2026-03-20', 'march', 'move']
    """
    parts = spelled_out(text).casefold().split()
    return stems(text) | frozenset(map(stem, parts)) | frozenset(days(text))


def digit_words(text: str) -> list[tuple[str, int, int]]:
    """Return those of the meaningful words of a text that hold a digit: numbers, codes and days.

    >>> [word for word, _, _ in digit_words("Did Ann move to B304 on 6 June 2023?")]
    ['b304', '2023-06-06']
    """
    return [found for found in stemmed_words(text) if any(map(str.isdigit, found[0]))]


def _stemmed_words(text: str) -> Iterator[tuple[str, int, int]]:
    end = 0
    for day in dates(text):
        yield from _stemmed_between(text, end, day.span[0])
        yield day.key, *day.span
        end = day.span[1]
    yield from _stemmed_between(text, end, len(text))


def _stemmed_between(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    for match in _WORD.finditer(text, start, end):
        word = compared(match[0]).replace("’", "'").removesuffix("'s")
        if word not in STOP_WORDS:
            yield stem(word), match.start(), match.end()


_TERM: Final = re.compile(r"-{0,2}\w+(?:[-./:+#@'’]+\w+)*[+#]*")
_PART: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")


def terms(text: str) -> Iterator[str]:
    """Yield what a text is found by: the stems of its words, code both whole and in its parts, and days.

    >>> list(terms("Use `st.cache_resource` with --force"))
    ['st.cache_resource', 'st', 'cach', 'resourc', '--force', 'forc']
    """
    yield from days(text)
    for match in _TERM.finditer(text):
        whole = compared(match[0]).replace("’", "'").removesuffix("'s")
        if whole in STOP_WORDS:
            continue
        if whole.isalpha() and match[0][1:].islower():
            yield stem(whole)
            continue
        parts = [part.casefold() for part in _PART.findall(match[0])]
        if parts != [whole]:
            yield stem(whole) if whole.isalpha() else whole
        yield from (stem(part) for part in parts if part not in STOP_WORDS)


def plain_words(text: str) -> Iterator[str]:
    """Yield the words of a text as they are written, in lower case; of code, its parts; no stop words.

    >>> list(plain_words("GitOps caches with `st.cache_resource`"))
    ['gitops', 'caches', 'st', 'cache', 'resource']
    """
    for match in _TERM.finditer(text):
        whole = match[0].casefold()
        parts = [whole] if whole.isalpha() else [part.casefold() for part in _PART.findall(match[0])]
        yield from (part for part in parts if part.isalpha() and part not in STOP_WORDS)


def spelled_words(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each word of letters alone, no stop word and no part of code, in lower case and with its character span.

    >>> list(spelled_words("Why cache st.session_state?"))
    [('cache', 4, 9)]
    """
    for match in _TERM.finditer(text):
        word = match[0].casefold()
        if word.isalpha() and word not in STOP_WORDS:
            yield word, match.start(), match.end()


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the stem that a word shares with its other forms (Porter 2, snowballstem.org)."""
    with _STEMMING:
        return str(_STEMMER.stemWord(word))


_STEMMER: Final = Stemmer.Stemmer("english", 0)  # `stem` remembers enough
_STEMMING: Final = threading.Lock()
"""The stemmer serves one thread at a time."""
