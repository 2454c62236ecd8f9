"""text -> the stems of the words that carry meaning (home of PyStemmer)"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterator, Sequence, Set
from functools import lru_cache
from typing import Final, NamedTuple

import Stemmer

from index.records import Span
from index.text.calendar_days import dates, days, spelled_out
from index.text.letters import COMBINING_MARKS, JOINERS, LETTER, has_run, lone_characters, pairs, split_runs
from index.text.normal_form import compared, unaccented

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


class Word(NamedTuple):
    """A word of a text."""

    stem: str
    start: int
    end: int


_EMOJI: Final = "[\U0001f300-\U0001faff]"
_OPERATORS: Final = "|".join(
    re.escape(operator)
    for operator in "&& || === !== == != => -> |> <=> <= <- >= ?? ?. :: := ** // << >> ++ -= += =~ ~>".split()
)
_WORD: Final = re.compile(
    rf"""
      \w{LETTER}*(?:(?<=\d)(?:[.,:]\d+)+{LETTER}*|['’]\w{LETTER}*)?
    | {_EMOJI}
    | (?=[&|=!<>?:*/+~-])(?<![^\s`(])(?:{_OPERATORS})(?![^\s`),.?])
    """,
    re.VERBOSE,
)
"""A word; a version, a time or an amount is one with its punctuation, and so is an operator that stands alone."""
_TERM: Final = re.compile(
    rf"-{{0,2}}\w{LETTER}*(?:[-./:+#@'’]+\w{LETTER}*)*[+#]*|{_EMOJI}|(?=[&|=!<>?:*/+~-])(?<![^\s`(])(?:{_OPERATORS})(?![^\s`),.?])"
)
_LETTERS: Final = re.compile(rf"[^\W\d_]{LETTER}*")
_JOINED: Final = re.compile(rf"(?<![\w-])[^\W\d_]{LETTER}*(?:[-‐‑][^\W\d_]{LETTER}*)+(?![\w-])")
"""Words that a hyphen joins."""
_PHRASAL: Final = re.compile(r"\b[a-z]+ (?:up|down|in|out|off|on|over|back|away|through|around)\b", re.IGNORECASE)
"""A verb and a particle, whose noun is a single word: "log in" and "login"."""
_UPPER: Final = "A-Z" + "".join(chr(point) for point in range(0x80, 0x590) if chr(point).isupper())
_LOWER: Final = "a-z" + "".join(chr(point) for point in range(0x80, 0x590) if chr(point).islower())
_PART: Final = re.compile(
    rf"""
      (?:[{_UPPER}][{COMBINING_MARKS}]*)+(?![{_LOWER}])
    | [{_UPPER}]?[{COMBINING_MARKS}]*[{_LOWER}][{_LOWER}{COMBINING_MARKS}]*
    | \d+
    | (?:(?![{_UPPER}{_LOWER}])[^\W\d_])(?:(?![{_UPPER}{_LOWER}])[^\W\d_]|[{COMBINING_MARKS}{JOINERS}])*
    """,
    re.VERBOSE,
)
"""A part of code: capitals within a word, digits and punctuation separate it."""


def title_key(text: str) -> str:
    """Return a title as it is compared with a question: case, code marks and a question mark do not count.

    >>> title_key("`is` vs. `==`?")
    'is vs. =='
    """
    return " ".join(compared(text.replace("`", "")).rstrip("?! ").split())


def title_hash(title: str) -> int:
    """Return 64 bits that say whether two titles are the same, as `title_key` compares them."""
    return int.from_bytes(hashlib.blake2b(title_key(title).encode(), digest_size=8).digest(), "little")


@lru_cache(maxsize=1_000)
def stems(text: str) -> frozenset[str]:
    """Return the stems of a text's words, stop words left out.

    >>> sorted(stems("How do I reconcile each other's merges?"))
    ['merg', 'reconcil']
    """
    return frozenset(stem for stem, _, _ in stemmed_words(text))


@lru_cache(maxsize=1_000)
def stemmed_words(text: str) -> tuple[Word, ...]:
    """Return each meaningful word of a text.

    A date is one word. Of a script without spaces, the words are pairs of characters and overlap. A stop word is one
    only where it is written as a name.

    >>> [stem for stem, _, _ in stemmed_words("Will IT reach me in May, on 3 May 2031?")]
    ['it', 'reach', 'may', '2031-05-03']
    """
    return tuple(_stemmed_words(text))


def asked_words(text: str, is_a_name: Callable[[str], bool]) -> tuple[Word, ...]:
    """Return the meaningful words of a question; where it has stop words only, those of them that are names.

    >>> [word.stem for word in asked_words("what do i do in may?", "may".__eq__)]
    ['may']
    """
    return stemmed_words(text) or tuple(
        Word(word, match.start(), match.end())
        for match in _WORD.finditer(text)
        if (word := _folded_word(match[0])) in STOP_WORDS and is_a_name(word)
    )


def heading_stems(heading: str) -> frozenset[str]:
    """Return the stems of a heading, of a title or of another name; where it has stop words only, these.

    >>> sorted(heading_stems("The Who")), sorted(heading_stems("The band"))
    (['the', 'who'], ['band'])
    """
    return frozenset(word.stem for word in asked_words(heading, lambda _: True))


@lru_cache(maxsize=1_000)
def said_stems(text: str) -> frozenset[str]:
    """Return all that a text says in words: stems, joined words in one, characters of scripts without spaces.

    Its days are there also in the parts in which a question may name them.

    >>> sorted(said_stems("2026-03-20: re-entry"))
    ['03-20', '20', '2026', '2026-03-20', 'entri', 'march', 're', 'reentri']
    """
    parts = map(stem, spelled_out(text).casefold().split())
    joined = (stem(_one_word(match[0])) for match in _JOINED.finditer(text))
    return stems(text).union(parts, days(text), joined, () if text.isascii() else lone_characters(text))


def joined_parts(text: str, stated: Set[str]) -> frozenset[str]:
    """Return the stems of the parts of each word of a text that is said in one: `re-entry` as `reentry`.

    >>> sorted(joined_parts("re-entry of the pre-amp", {"reentri"}))
    ['entri', 're']
    >>> sorted(joined_parts("how do I shut down the mill?", {"shutdown"}))
    ['down', 'shut']
    """
    joined = (match[0] for pattern in (_JOINED, _PHRASAL) for match in pattern.finditer(text))
    return frozenset[str]().union(*(stems(word) for word in joined if stem(_one_word(word)) in stated))


def digit_words(text: str) -> list[Word]:
    """Return those of the meaningful words of a text that hold a digit: numbers, codes and days.

    >>> [word.stem for word in digit_words("Did Ann move to B304 on 6 June 2023?")]
    ['b304', '2023-06-06']
    """
    return [word for word in stemmed_words(text) if any(map(str.isdigit, word.stem))]


def word_tokens(words: Sequence[Word], spans: Sequence[Span]) -> list[tuple[str, list[int]]]:
    """Return the stem of each of some words of a text, with which of some spans of that text it lies in.

    >>> word_tokens(stemmed_words("the unboxing"), [(0, 3), (4, 6), (6, 12)])
    [('unbox', [1, 2])]
    """
    return [
        (stem, [row for row, (start, end) in enumerate(spans) if start < last and first < end])
        for stem, first, last in words
    ]


def _stemmed_words(text: str) -> Iterator[Word]:
    end = 0
    for day in dates(text):
        yield from _stemmed_between(text, end, day.span[0])
        yield Word(day.key, *day.span)
        end = day.span[1]
    yield from _stemmed_between(text, end, len(text))


def _stemmed_between(text: str, start: int, end: int) -> Iterator[Word]:
    before, may_have_runs = "", not text.isascii()
    for match in _WORD.finditer(text, start, end):
        written = match[0]
        if may_have_runs and has_run(written):
            yield from _stemmed_runs(text, *match.span())
            continue
        meaningful_stem = _meaningful_stem(written)
        if meaningful_stem is not None:
            yield Word(meaningful_stem, *match.span())
        elif not written.islower() and _is_written_as_name(match, before):
            yield Word(_folded_word(written), *match.span())
        before = written


def _stemmed_runs(text: str, start: int, end: int) -> Iterator[Word]:
    for (first, last), is_run in split_runs(text, start, end):
        if is_run:
            yield from (Word(pair, *span) for pair, span in pairs(text, first, last))
        elif word := compared(text[first:last]).strip("_"):
            yield Word(stem(word), first, last)


@lru_cache(maxsize=100_000)
def _meaningful_stem(written: str) -> str | None:
    """Return the stem of a word as it is written; None for a stop word."""
    word = _folded_word(written)
    return None if word in STOP_WORDS else stem(word)


def _folded_word(written: str) -> str:
    word = compared(written)
    return word if word.isalnum() else word.replace("’", "'").removesuffix("'s")


def _is_written_as_name(match: re.Match[str], before: str) -> bool:
    """Say whether a stop word is written as a name: an acronym, or with a capital after a word without one."""
    written, start = match[0], match.start()
    if len(written) == 1 or not written.isalpha():
        return False
    follows = before.islower() and match.string.startswith(f"{before} ", start - len(before) - 1)
    return written.isupper() or (written.istitle() and follows)


def terms(text: str) -> Iterator[str]:
    """Yield what a text is found by: the stems of its words, code both whole and in its parts, and days.

    A word with accents is found without them, too; words that a hyphen joins are found in one; of scripts without
    spaces, pairs of characters and single ones are found.

    >>> list(terms("Use `st.cache_resource` with --force"))
    ['st.cache_resource', 'st', 'cach', 'resourc', '--force', 'forc']
    >>> list(terms("Müll-Abfuhr 鍵"))
    ['müll-abfuhr', 'mull', 'müll', 'abfuhr', 'mullabfuhr', 'müllabfuhr', '鍵']
    """
    yield from days(text)
    before = ""
    for match in _TERM.finditer(text):
        if has_run(match[0]):
            yield from _run_terms(match[0])
            continue
        whole = _folded_word(match[0])
        if whole in STOP_WORDS:
            if _is_written_as_name(match, before):
                yield whole
        elif whole.isalpha() and match[0][1:].islower():
            yield from _stem_with_and_without_accents(whole)
        else:
            yield from _code_terms(match[0], whole)
        before = match[0]


def stop_word_terms(name: str) -> frozenset[str]:
    """Return what a heading or another name is found by that has stop words only.

    >>> sorted(stop_word_terms("The Who")), sorted(stop_word_terms("The band"))
    (['the', 'who'], [])
    """
    return frozenset() if stemmed_words(name) else heading_stems(name)


def asked_terms(question: str, is_a_name: Callable[[str], bool]) -> list[str]:
    """Return what a question is found by, each once; where it has stop words only, those of them that are names."""
    stems_ = terms(question) if stemmed_words(question) else (word.stem for word in asked_words(question, is_a_name))
    return list(dict.fromkeys(stems_))


def _code_terms(written: str, whole: str) -> Iterator[str]:
    parts = [compared(part) for part in _PART.findall(written)]
    if parts != [whole]:
        yield from _stem_with_and_without_accents(whole) if whole.isalpha() else (whole,)
    for part in parts:
        if part not in STOP_WORDS:
            yield from _stem_with_and_without_accents(part)
    if _JOINED.fullmatch(written):
        yield from _stem_with_and_without_accents(_one_word(written))


def _run_terms(token: str) -> Iterator[str]:
    for (first, last), is_run in split_runs(token, 0, len(token)):
        if is_run:
            tokens = [pair for pair, _ in pairs(token, first, last)]
            yield from tokens
            yield from (character for character in lone_characters(token[first:last]) if character not in tokens)
        else:
            yield from terms(token[first:last])


def _stem_with_and_without_accents(word: str) -> Iterator[str]:
    """Yield the stem of a word without its accents, and the one with them where it has some."""
    bare = stem(word)
    yield bare
    if not word.isascii() and (accented := _stemmed(word)) != bare:
        yield accented


def _one_word(joined: str) -> str:
    return "".join(filter(str.isalpha, compared(joined)))


def plain_words(text: str) -> Iterator[str]:
    """Yield the words of a text as they are written, in lower case; of code, its parts; no stop words.

    >>> list(plain_words("GitOps caches with `st.cache_resource`"))
    ['gitops', 'caches', 'st', 'cache', 'resource']
    """
    for match in _TERM.finditer(text):
        if has_run(match[0]):
            continue
        whole = compared(match[0])
        parts = [whole] if whole.isalpha() else [compared(part) for part in _PART.findall(match[0])]
        yield from (part for part in parts if part.isalpha() and part not in STOP_WORDS)


def spelled_words(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each word of letters alone, no stop word and no part of code, in lower case and with its character span.

    Words that a hyphen joins are words of their own.

    >>> list(spelled_words("Why cache st.session_state, shift-left?"))
    [('cache', 4, 9), ('shift', 28, 33), ('left', 34, 38)]
    """
    for match in _TERM.finditer(text):
        is_joined = _JOINED.fullmatch(match[0])
        for letters in _LETTERS.finditer(text, *match.span()) if is_joined else (match,):
            word = compared(letters[0])
            if word.isalpha() and word not in STOP_WORDS and not has_run(word):
                yield word, letters.start(), letters.end()


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the stem that a word shares with its other forms, accents left out (Porter 2, snowballstem.org)."""
    return _stemmed(unaccented(word))


@lru_cache(maxsize=100_000)
def _stemmed(word: str) -> str:
    with _STEMMING:
        return str(_STEMMER.stemWord(word))


_STEMMER: Final = Stemmer.Stemmer("english", 0)  # `_stemmed` remembers enough
_STEMMING: Final = threading.Lock()
"""The stemmer serves one thread at a time."""
